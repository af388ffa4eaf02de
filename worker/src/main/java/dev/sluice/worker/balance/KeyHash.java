package dev.sluice.worker.balance;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Hashes of 64 bits that are the same in every worker, after every start and on every machine, as
 * keys of a balancer must be. A client that finds keys for one peer gains nothing: it could as well
 * repeat one key. Stateless.
 */
public final class KeyHash {

    static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private KeyHash() {}

    /** Every bit of the result depends on every bit of {@code z} (Stafford 2011, variant 13). */
    public static long mix(long z) {
        long a = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ a >>> 27) * 0x94d049bb133111ebL;
        return b ^ b >>> 31;
    }

    /** Of a range of bytes; allocates nothing. */
    public static long of(ByteBuffer b, int offset, int length) {
        long hash = mix(length + GOLDEN);
        int end = offset + length;
        int at = offset;
        boolean little = b.order() == ByteOrder.LITTLE_ENDIAN;
        for (; end - at >= Long.BYTES; at += Long.BYTES) {
            long word = b.getLong(at);
            hash = mix(hash ^ (little ? word : Long.reverseBytes(word))) + GOLDEN;
        }
        long rest = 0;
        for (int i = 0; at + i < end; i++) {
            rest |= (b.get(at + i) & 0xffL) << (i << 3);
        }
        return mix(hash ^ rest);
    }

    /** Of a text, for boot. */
    public static long of(byte[] text) {
        return of(ByteBuffer.wrap(text), 0, text.length);
    }
}
