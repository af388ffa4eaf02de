package dev.sluice.worker.statics;

import dev.sluice.worker.http.AsciiBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The byte ranges that a Range field asks for (RFC 9110 §14.1.2), cut to the size of the file and
 * in the order they were asked for. Sets that would cost more than they save are not honoured:
 * too many ranges, or ranges that overlap.
 *
 * <p>Owner: event loop (or one test thread). Overwritten by the next {@link #parse}.
 */
public final class RangeSet {

    public enum Result {
        /** Not a valid set of byte ranges, or one that is not honoured: send all of it. */
        WHOLE,
        /** No range has a byte in the file: 416. */
        UNSATISFIABLE,
        /** Send {@link #count} ranges. */
        PARTIAL
    }

    /** However many the configuration allows, no request is answered in more parts than this. */
    static final int RANGES_MAX = 256;

    private static final byte[] UNIT = "bytes".getBytes(StandardCharsets.US_ASCII);
    private static final long ABSENT = -1;

    private final long[] from = new long[RANGES_MAX];
    private final long[] to = new long[RANGES_MAX];
    private int count;
    /** Behind the last digit that {@link #number} read. */
    private int at;

    public int count() {
        return count;
    }

    /** First byte. */
    public long from(int i) {
        return from[i];
    }

    /** Behind the last byte. */
    public long to(int i) {
        return to[i];
    }

    public Result parse(ByteBuffer b, int offset, int length, long size, int rangesMax) {
        count = 0;
        int end = offset + length;
        if (length <= UNIT.length || b.get(offset + UNIT.length) != '='
                || !AsciiBytes.equalsIgnoreCase(b, offset, UNIT.length, UNIT)) {
            return Result.WHOLE;
        }
        int limit = Math.min(rangesMax, RANGES_MAX);
        int seen = 0;
        boolean wholeAsked = false;
        at = offset + UNIT.length + 1;
        while (true) {
            at = AsciiBytes.skipSpace(b, at, end);
            if (at < end && b.get(at) == ',') {
                at++;
                continue;
            }
            if (at == end) {
                break;
            }
            long first = number(b, end);
            if (at == end || b.get(at) != '-') {
                return Result.WHOLE;
            }
            at++;
            long last = number(b, end);
            at = AsciiBytes.skipSpace(b, at, end);
            boolean ended = at == end || b.get(at) == ',';
            if (!ended || !isValid(first, last) || ++seen > limit) {
                return Result.WHOLE;
            }
            // The last bytes of nothing can be had, and cannot be named in Content-Range.
            wholeAsked |= first == ABSENT && last > 0 && size == 0;
            add(first, last, size);
        }
        if (seen == 0 || wholeAsked || overlap()) {
            return Result.WHOLE;
        }
        return count == 0 ? Result.UNSATISFIABLE : Result.PARTIAL;
    }

    private static boolean isValid(long first, long last) {
        return first == ABSENT ? last != ABSENT : last == ABSENT || first <= last;
    }

    /** Digits from {@code at} on; what exceeds a long counts as the largest one. */
    private long number(ByteBuffer b, int end) {
        long value = ABSENT;
        while (at < end) {
            int digit = b.get(at) - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            value = value == ABSENT ? 0 : value;
            value = value > (Long.MAX_VALUE - 9) / 10 ? Long.MAX_VALUE : value * 10 + digit;
            at++;
        }
        return value;
    }

    private void add(long first, long last, long size) {
        long start = first == ABSENT ? size - Math.min(last, size) : first;
        long behind = first == ABSENT || last == ABSENT || last >= size ? size : last + 1;
        if (start < behind) {
            from[count] = start;
            to[count++] = behind;
        }
    }

    private boolean overlap() {
        for (int i = 1; i < count; i++) {
            for (int j = 0; j < i; j++) {
                if (from[i] < to[j] && from[j] < to[i]) {
                    return true;
                }
            }
        }
        return false;
    }
}
