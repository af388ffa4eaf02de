package dev.sluice.worker.http;

import java.nio.ByteBuffer;

/** Questions about ranges of bytes that are ASCII by protocol. Stateless. */
public final class AsciiBytes {

    private AsciiBytes() {}

    /** Whether the range equals {@code lower}, which has no upper-case letter. */
    public static boolean equalsIgnoreCase(ByteBuffer b, int offset, int length, byte[] lower) {
        if (length != lower.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (lower(b.get(offset + i)) != lower[i]) {
                return false;
            }
        }
        return true;
    }

    public static boolean rangesEqualIgnoreCase(
            ByteBuffer a, int aOffset, int aLength, ByteBuffer b, int bOffset, int bLength) {
        if (aLength != bLength) {
            return false;
        }
        for (int i = 0; i < aLength; i++) {
            if (lower(a.get(aOffset + i)) != lower(b.get(bOffset + i))) {
                return false;
            }
        }
        return true;
    }

    public static byte lower(byte c) {
        return c >= 'A' && c <= 'Z' ? (byte) (c | 0x20) : c;
    }

    /** First index in {@code [at, end)} that is neither SP nor HTAB, or {@code end}. */
    public static int skipSpace(ByteBuffer b, int at, int end) {
        while (at < end && isSpace(b.get(at))) {
            at++;
        }
        return at;
    }

    /** The end of {@code [from, end)} without SP and HTAB at its end. */
    public static int trimSpace(ByteBuffer b, int from, int end) {
        while (end > from && isSpace(b.get(end - 1))) {
            end--;
        }
        return end;
    }

    /** Index of the next comma in {@code [at, end)}, or {@code end}. */
    public static int tokenEnd(ByteBuffer b, int at, int end) {
        while (at < end && b.get(at) != ',') {
            at++;
        }
        return at;
    }

    /** Where the byte stands first in {@code [at, end)}; {@code end} when it does not. */
    public static int indexOf(ByteBuffer b, int at, int end, char wanted) {
        while (at < end && b.get(at) != wanted) {
            at++;
        }
        return at;
    }

    /** Whether the range begins with these bytes. */
    public static boolean startsWith(ByteBuffer b, int at, int end, byte[] text) {
        if (end - at < text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (b.get(at + i) != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the comma-separated list in the range has this token (RFC 9110 §5.6.1). */
    public static boolean listHas(ByteBuffer b, int at, int end, byte[] lowerToken) {
        while (at < end) {
            int tokenEnd = tokenEnd(b, at, end);
            int from = skipSpace(b, at, tokenEnd);
            int to = trimSpace(b, from, tokenEnd);
            if (equalsIgnoreCase(b, from, to - from, lowerToken)) {
                return true;
            }
            at = tokenEnd + 1;
        }
        return false;
    }

    /**
     * An unsigned decimal number of 1 to 19 digits.
     *
     * @return -1 for an empty range, anything but digits, or more than {@link Long#MAX_VALUE}
     */
    public static long parseDecimal(ByteBuffer b, int offset, int length) {
        if (length < 1 || length > 19) {
            return -1;
        }
        long value = 0;
        for (int i = offset; i < offset + length; i++) {
            int digit = b.get(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        // 19 digits stay below 2^64, so an overflow shows as a negative number.
        return value < 0 ? -1 : value;
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\t';
    }
}
