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

    void clear() {
        size = 0;
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
        number(value << 1 ^ value >> 63);
    }
}
