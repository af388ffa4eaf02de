package dev.sluice.worker.http;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The perfect hash behind {@link HeaderName}: one multiplication per word, one slot to look at,
 * four words and the length to compare. The multiplier is searched at class initialisation among
 * a fixed sequence, so it is the same in every run.
 *
 * <p>Written at boot, then read-only.
 */
public final class NameHash {

    /** Longer names have no id. */
    public static final int NAME_BYTES_MAX = 32;

    private static final int SLOT_BITS = 10;
    private static final int SLOT_SHIFT = 64 - SLOT_BITS;
    private static final int CANDIDATES_MAX = 100_000;

    private static final long LOW_SEVEN = 0x7f7f7f7f7f7f7f7fL;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long ONES = 0x0101010101010101L;
    private static final long COLONS = ONES * ':';

    /** Words 4 × id to 4 × id + 3 hold the name; the length settles what zero padding means. */
    private static final long[] WORDS = new long[HeaderName.COUNT * 4];
    private static final byte[] LENGTHS = new byte[HeaderName.COUNT];
    private static final byte[] SLOTS = new byte[1 << SLOT_BITS];
    private static final long MULTIPLIER;

    static {
        for (int id = 1; id < HeaderName.COUNT; id++) {
            byte[] name = HeaderName.lower(id);
            assert name.length <= NAME_BYTES_MAX : HeaderName.text(id);
            ByteBuffer b = ByteBuffer.allocate(NAME_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
            b.put(name);
            LENGTHS[id] = (byte) name.length;
            for (int w = 0; w < 4; w++) {
                WORDS[id * 4 + w] = b.getLong(w * 8);
            }
        }
        MULTIPLIER = searchMultiplier();
    }

    private NameHash() {}

    private static long searchMultiplier() {
        long candidate = 0x9e3779b97f4a7c15L;
        for (int i = 0; i < CANDIDATES_MAX; i++) {
            if (fillSlots(candidate)) {
                return candidate;
            }
            candidate = candidate * 0x5851f42d4c957f2dL + 0x14057b7ef767814fL | 1;
        }
        throw new IllegalStateException("no perfect hash for the header names");
    }

    private static boolean fillSlots(long multiplier) {
        Arrays.fill(SLOTS, (byte) 0);
        for (int id = 1; id < HeaderName.COUNT; id++) {
            int at = id * 4;
            int slot = slot(WORDS[at], WORDS[at + 1], WORDS[at + 2], WORDS[at + 3], multiplier);
            if (SLOTS[slot] != 0) {
                return false;
            }
            SLOTS[slot] = (byte) id;
        }
        return true;
    }

    private static int slot(long f0, long f1, long f2, long f3, long multiplier) {
        // The rotations keep equal words at different places apart.
        long sum = f0 ^ Long.rotateLeft(f1, 17) ^ Long.rotateLeft(f2, 34) ^ Long.rotateLeft(f3, 51);
        sum ^= sum >>> 29;
        return (int) (sum * multiplier >>> SLOT_SHIFT);
    }

    /** The id for a lower-case name in words; {@link HeaderName#UNKNOWN} if it has none. */
    static int idOf(long f0, long f1, long f2, long f3, int length) {
        int id = SLOTS[slot(f0, f1, f2, f3, MULTIPLIER)];
        int at = id * 4;
        long difference = f0 ^ WORDS[at] | f1 ^ WORDS[at + 1] | f2 ^ WORDS[at + 2]
                | f3 ^ WORDS[at + 3] | LENGTHS[id] ^ length;
        return difference == 0 ? id : HeaderName.UNKNOWN;
    }

    /**
     * Index of the first colon in {@code [at, end)}, looked for in whole words and in the first
     * {@link #NAME_BYTES_MAX} bytes only; -1 if it is not there.
     */
    public static int colon(ByteBuffer b, int at, int end) {
        assert b.order() == ByteOrder.LITTLE_ENDIAN;
        int last = Math.min(at + NAME_BYTES_MAX, end) - 8;
        for (; at <= last; at += 8) {
            long x = b.getLong(at) ^ COLONS;
            long found = x - ONES & ~x & HIGH_BITS;
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        return -1;
    }

    /**
     * The id of the name of this length, whose colon {@link #colon} found. The words are read anew
     * so that the place of the colon, on which all that follows waits, does not wait for the hash.
     */
    public static int idBeforeColon(ByteBuffer b, int at, int length) {
        assert length < NAME_BYTES_MAX && b.get(at + length) == ':';
        long mask = (1L << (length << 3)) - 1;
        long w0 = b.getLong(at);
        if (length < 8) {
            return idOf(lower(w0 & mask), 0, 0, 0, length);
        }
        long w1 = b.getLong(at + 8);
        if (length < 16) {
            return idOf(lower(w0), lower(w1 & mask), 0, 0, length);
        }
        long w2 = b.getLong(at + 16);
        if (length < 24) {
            return idOf(lower(w0), lower(w1), lower(w2 & mask), 0, length);
        }
        long w3 = b.getLong(at + 24);
        return idOf(lower(w0), lower(w1), lower(w2), lower(w3 & mask), length);
    }

    /** Up to eight bytes from {@code at} as a lower-case word, zero padded. */
    static long word(ByteBuffer b, int at, int length) {
        int count = Math.min(length, 8);
        long w = 0;
        for (int i = 0; i < count; i++) {
            w |= (b.get(at + i) & 0xffL) << i * 8;
        }
        return lower(w);
    }

    /** Exactly the bytes 'A' to 'Z' become 'a' to 'z', eight at a time. */
    static long lower(long w) {
        long low = w & LOW_SEVEN;
        long aboveZ = low + ONES * (0x7f - 'Z');
        long fromA = low + ONES * (0x80 - 'A');
        long upper = (fromA ^ aboveZ) & ~w & HIGH_BITS;
        return w | upper >>> 2;
    }
}
