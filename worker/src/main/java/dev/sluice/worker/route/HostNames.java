package dev.sluice.worker.route;

import dev.sluice.worker.http.AsciiBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Names to numbers, found by their bytes in any case. The hash is that of a polynomial and can be
 * extended byte by byte at either side; names that are looked up come from outside, but the table
 * only holds configured ones, so nobody can make its chains long.
 *
 * <p>Written at boot, then read-only.
 */
final class HostNames {

    static final int NONE = -1;
    private static final int FACTOR = 31;
    private static final int SPREAD = 0x9e3779b9;

    private byte[][] names = new byte[16][];
    private int[] values = new int[16];
    private int count;

    /** The hash of a name with one more byte at its end (or beginning, if built backwards). */
    static int extend(int hash, byte c) {
        return hash * FACTOR + AsciiBytes.lower(c);
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** The first value given to a name stays; {@code backwards} if it is to be found so. */
    void add(String text, int value, boolean backwards) {
        byte[] name = text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
        if (count * 2 >= names.length) {
            grow(backwards);
        }
        put(name, value, backwards);
    }

    private void put(byte[] name, int value, boolean backwards) {
        int slot = slot(hash(name, backwards), names.length);
        while (names[slot] != null) {
            if (Arrays.equals(names[slot], name)) {
                return;
            }
            slot = slot + 1 & names.length - 1;
        }
        names[slot] = name;
        values[slot] = value;
        count++;
    }

    private void grow(boolean backwards) {
        byte[][] oldNames = names;
        int[] oldValues = values;
        names = new byte[oldNames.length * 2][];
        values = new int[oldNames.length * 2];
        count = 0;
        for (int i = 0; i < oldNames.length; i++) {
            if (oldNames[i] != null) {
                put(oldNames[i], oldValues[i], backwards);
            }
        }
    }

    private static int hash(byte[] name, boolean backwards) {
        int hash = 0;
        for (int i = 0; i < name.length; i++) {
            hash = extend(hash, name[backwards ? name.length - 1 - i : i]);
        }
        return hash;
    }

    private static int slot(int hash, int capacity) {
        return hash * SPREAD >>> Integer.numberOfLeadingZeros(capacity - 1);
    }

    /** The value of the name in this range, whose hash is given, or {@link #NONE}. */
    int find(int hash, ByteBuffer b, int offset, int length) {
        int slot = slot(hash, names.length);
        while (names[slot] != null) {
            if (AsciiBytes.equalsIgnoreCase(b, offset, length, names[slot])) {
                return values[slot];
            }
            slot = slot + 1 & names.length - 1;
        }
        return NONE;
    }
}
