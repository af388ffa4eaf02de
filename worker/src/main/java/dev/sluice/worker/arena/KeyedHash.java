package dev.sluice.worker.arena;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * SipHash-1-3 of a range of bytes. Paths come from strangers: with a key that only this process
 * knows nobody can choose paths that fall into one place of a table.
 *
 * <p>Written at boot, then read-only.
 */
public final class KeyedHash {

    private final long key0;
    private final long key1;

    public KeyedHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    public static KeyedHash random() {
        SecretKey key = SecretKey.random();
        return new KeyedHash(key.word0(), key.word1());
    }

    /** The salt tells apart equal bytes that mean different things. */
    public long hash(ByteBuffer b, int offset, int length, long salt) {
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        int words = length >>> 3;
        // The salt, the whole words, the rest with the length, and three rounds to finish.
        for (int round = -1; round <= words + 3; round++) {
            long m = 0;
            if (round < 0) {
                m = salt;
            } else if (round < words) {
                m = word(b, offset + (round << 3));
            } else if (round == words) {
                m = rest(b, offset + (round << 3), length & 7) | (long) length << 56;
            } else if (round == words + 1) {
                v2 ^= 0xff;
            }
            v3 ^= m;
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
            v0 ^= m;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static long word(ByteBuffer b, int at) {
        long word = b.getLong(at);
        return b.order() == ByteOrder.LITTLE_ENDIAN ? word : Long.reverseBytes(word);
    }

    private static long rest(ByteBuffer b, int at, int count) {
        long word = 0;
        for (int i = 0; i < count; i++) {
            word |= (b.get(at + i) & 0xffL) << (i << 3);
        }
        return word;
    }

    /** Whether two ranges of the same length hold the same bytes. */
    public static boolean equal(ByteBuffer a, int aOffset, ByteBuffer b, int bOffset, int length) {
        int i = 0;
        if (a.order() == b.order()) {
            for (; i + 8 <= length; i += 8) {
                if (a.getLong(aOffset + i) != b.getLong(bOffset + i)) {
                    return false;
                }
            }
        }
        for (; i < length; i++) {
            if (a.get(aOffset + i) != b.get(bOffset + i)) {
                return false;
            }
        }
        return true;
    }
}
