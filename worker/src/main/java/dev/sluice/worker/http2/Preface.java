package dev.sluice.worker.http2;

import dev.sluice.worker.arena.ByteSink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The bytes that a client of HTTP/2 begins with (RFC 9113 §3.4): to HTTP/1 a request whose version
 * nobody serves. Stateless.
 */
public final class Preface {

    /** {@link #match}: it may still become one. */
    public static final int NEED_MORE = -1;
    /** {@link #match}: it is something else. */
    public static final int OTHER = -2;

    private static final byte[] BYTES =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private Preface() {}

    public static void write(ByteSink out) {
        out.put(BYTES);
    }

    /** @return the preface's length, NEED_MORE or OTHER */
    public static int match(ByteBuffer b, int from, int end) {
        int length = Math.min(end - from, BYTES.length);
        for (int i = 0; i < length; i++) {
            if (b.get(from + i) != BYTES[i]) {
                return OTHER;
            }
        }
        return length == BYTES.length ? length : NEED_MORE;
    }
}
