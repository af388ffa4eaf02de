package dev.sluice.worker.variables;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RequestIdField;
import dev.sluice.worker.http.HeaderTable;

/**
 * Values of {@code $request_id}: a counter of the worker through SipHash-2-4 under a secret key,
 * twice. They do not repeat and cannot be guessed, so that they may also serve as a nonce.
 *
 * <p>Owner: event loop.
 */
final class RequestIds {

    private static final byte[] HEX = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    /** What SipHash puts behind a message of eight bytes. */
    private static final long LENGTH_WORD = 8L << 56;

    private final long key0;
    private final long key1;
    private long lastSerial;

    RequestIds(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** The serial number of a request; its first is given when somebody asks. */
    long serialOf(Exchange x) {
        if (x.requestSerial == 0) {
            x.requestSerial = ++lastSerial;
        }
        return x.requestSerial;
    }

    /** The number that the request brought, else 32 digits of its serial number. */
    boolean append(Exchange x, ByteSink out) {
        RequestIdField field = x.server == null ? null : x.server.requestIds;
        int brought = field == null ? RequestIdField.NONE : field.find(x);
        if (brought == RequestIdField.NONE) {
            append(serialOf(x), out);
        } else {
            HeaderTable fields = x.request.headers;
            out.put(fields.buffer(), fields.valueOffset(brought), fields.valueLength(brought));
        }
        return true;
    }

    /** 32 digits that belong to the serial number. */
    void append(long serial, ByteSink out) {
        hex16(hash(serial << 1), out);
        hex16(hash(serial << 1 | 1), out);
    }

    /** 32 digits of a trace, which tell nothing of $request_id. */
    void appendTrace(long serial, ByteSink out) {
        hex16(notZero(hash(~(serial << 1))), out);
        hex16(hash(~(serial << 1 | 1)), out);
    }

    /** 16 digits of this proxy's part of a trace. */
    void appendSpan(long serial, ByteSink out) {
        hex16(notZero(hash(Long.MIN_VALUE | serial)), out);
    }

    private static long notZero(long value) {
        return value == 0 ? 1 : value;
    }

    private static void hex16(long value, ByteSink out) {
        for (int shift = 60; shift >= 0; shift -= 4) {
            out.put(HEX[(int) (value >>> shift & 15)]);
        }
    }

    /** SipHash-2-4 of the eight bytes of one word (Aumasson and Bernstein 2012). */
    long hash(long word) {
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        // Two rounds for the word, two for the length byte, four to finish.
        for (int round = 0; round < 8; round++) {
            if (round == 0) {
                v3 ^= word;
            } else if (round == 2) {
                v0 ^= word;
                v3 ^= LENGTH_WORD;
            } else if (round == 4) {
                v0 ^= LENGTH_WORD;
                v2 ^= 0xff;
            }
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }
}
