package dev.sluice.worker.arena;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Appends bytes to a window of a buffer. Never throws for lack of room: what does not fit is
 * left out whole and {@link #overflowed()} answers true from then on, so a caller checks once at
 * the end.
 *
 * <p>Owner: event loop (or one test thread). Reused by {@link #reset}.
 */
public final class ByteSink {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LONG_MIN =
            Long.toString(Long.MIN_VALUE).getBytes(StandardCharsets.US_ASCII);

    private ByteBuffer buffer;
    private int position;
    private int limit;
    private boolean overflowed;

    /** Points the sink at {@code [from, limit)} of the buffer and forgets an overflow. */
    public ByteSink reset(ByteBuffer into, int from, int to) {
        assert 0 <= from && from <= to && to <= into.capacity() : from + ".." + to;
        this.buffer = into;
        this.position = from;
        this.limit = to;
        this.overflowed = false;
        return this;
    }

    public ByteBuffer buffer() {
        return buffer;
    }

    /** Where the next byte goes. */
    public int position() {
        return position;
    }

    /** Goes back to an earlier position, to take bytes out again or to write them anew. */
    public void position(int earlier) {
        assert earlier <= position;
        position = earlier;
    }

    /**
     * Leaves room for bytes that the caller writes into {@link #buffer()} itself.
     *
     * @return where they begin, or -1 when they do not fit
     */
    public int skip(int count) {
        if (!fits(count)) {
            return -1;
        }
        position += count;
        return position - count;
    }

    public int limit() {
        return limit;
    }

    public int room() {
        return limit - position;
    }

    public boolean overflowed() {
        return overflowed;
    }

    private boolean fits(int count) {
        if (count > limit - position) {
            overflowed = true;
            return false;
        }
        return true;
    }

    public ByteSink put(byte b) {
        if (fits(1)) {
            buffer.put(position++, b);
        }
        return this;
    }

    public ByteSink put(char ascii) {
        assert ascii < 0x80;
        return put((byte) ascii);
    }

    public ByteSink put(byte[] all) {
        return put(all, 0, all.length);
    }

    public ByteSink put(byte[] source, int offset, int length) {
        if (fits(length)) {
            buffer.put(position, source, offset, length);
            position += length;
        }
        return this;
    }

    public ByteSink put(ByteBuffer source, int offset, int length) {
        if (fits(length)) {
            buffer.put(position, source, offset, length);
            position += length;
        }
        return this;
    }

    /** Latin-1 text; a character above U+00FF becomes '?'. */
    public ByteSink putAscii(String text) {
        int length = text.length();
        if (fits(length)) {
            for (int i = 0; i < length; i++) {
                char c = text.charAt(i);
                buffer.put(position + i, c < 0x100 ? (byte) c : (byte) '?');
            }
            position += length;
        }
        return this;
    }

    public ByteSink putDecimal(long value) {
        if (value < 0) {
            if (value == Long.MIN_VALUE) {
                return put(LONG_MIN);
            }
            put((byte) '-');
            value = -value;
        }
        int digits = decimalDigits(value);
        if (fits(digits)) {
            int at = position + digits;
            do {
                long rest = value / 10;
                buffer.put(--at, (byte) ('0' + (int) (value - rest * 10)));
                value = rest;
            } while (value != 0);
            position += digits;
        }
        return this;
    }

    /** Two decimal digits with a leading zero: {@code value} within 0 to 99. */
    public ByteSink putTwoDigits(int value) {
        assert value >= 0 && value < 100 : value;
        if (fits(2)) {
            buffer.put(position, (byte) ('0' + value / 10));
            buffer.put(position + 1, (byte) ('0' + value % 10));
            position += 2;
        }
        return this;
    }

    /** Seconds with three decimals, as nginx prints times: 1234 ms is {@code 1.234}. */
    public ByteSink putSeconds(long ms) {
        putDecimal(ms / 1000).put((byte) '.');
        int rest = (int) (ms % 1000);
        return put((byte) ('0' + rest / 100)).putTwoDigits(rest % 100);
    }

    /** Lower-case hexadecimal without leading zeros. */
    public ByteSink putHex(long value) {
        int digits = Math.max(1, (67 - Long.numberOfLeadingZeros(value)) / 4);
        if (fits(digits)) {
            for (int i = digits - 1; i >= 0; i--) {
                buffer.put(position + i, HEX[(int) (value & 15)]);
                value >>>= 4;
            }
            position += digits;
        }
        return this;
    }

    /** Digits that {@link #putDecimal} writes for a value that is not negative. */
    public static int decimalDigits(long value) {
        int digits = 1;
        while (value >= 10) {
            value /= 10;
            digits++;
        }
        return digits;
    }
}
