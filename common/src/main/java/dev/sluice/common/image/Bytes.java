package dev.sluice.common.image;

import java.util.Arrays;

/** A growing row of bytes with varints in it. Owner: one thread. */
final class Bytes {

    private byte[] bytes;
    private int size;

    Bytes(int capacity) {
        bytes = new byte[capacity];
    }

    int size() {
        return size;
    }

    /** Drops what was put behind this place. */
    void cutTo(int end) {
        size = end;
    }

    /** Of what stands behind this place. */
    int hashFrom(int from) {
        int hash = 1;
        for (int i = from; i < size; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    /** Whether what stands behind this place is the same as a range before it. */
    boolean endsLike(int from, int rangeFrom, int rangeTo) {
        return Arrays.equals(bytes, from, size, bytes, rangeFrom, rangeTo);
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }

    void put(int octet) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * size);
        }
        bytes[size++] = (byte) octet;
    }

    void put(byte[] more) {
        if (bytes.length - size < more.length) {
            bytes = Arrays.copyOf(bytes, 2 * size + more.length);
        }
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
    }

    /** An unsigned number in groups of seven bits, the lowest first. */
    void number(long value) {
        long left = value;
        while ((left & ~0x7FL) != 0) {
            put((int) (left & 0x7F | 0x80));
            left >>>= 7;
        }
        put((int) left);
    }

    /** A number of either sign: small ones of both are short. */
    void signed(long value) {
        number(zigzag(value));
    }

    /** The unsigned number that stands for one of either sign. */
    static long zigzag(long value) {
        return value << 1 ^ value >> 63;
    }
}
