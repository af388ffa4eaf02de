package dev.sluice.worker.http1;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.ParseError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Makes the one path that is matched, served and sent. Percent escapes are decoded (RFC 3986
 * §6.2.2) except an encoded slash, which stays "%2F", and an encoded percent sign, which stays
 * "%25": so a '%' of the canonical path always starts one of these two, and it can be read back one
 * way only. Dot segments are removed, slashes merged when asked. What a later reader could take
 * for something else is refused: dot segments hidden behind a backslash, an encoded slash or a
 * path parameter, overlong UTF-8 of ASCII, controls.
 *
 * <p>Owner: event loop (or one test thread).
 */
public final class PathNormaliser {

    private static final byte[] SLASH_ESCAPE = "%2F".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PERCENT_ESCAPE = "%25".getBytes(StandardCharsets.US_ASCII);

    private static final long ONES = 0x0101010101010101L;
    private static final long LOW_SEVEN = 0x7f7f7f7f7f7f7f7fL;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private boolean inPlace;
    private int offset;
    private int length;
    private ParseError error;

    /**
     * Normalises the path; an empty one becomes "/". The result is the input range itself when
     * {@link #inPlace()} says so, else {@link #length()} bytes of the sink's buffer.
     *
     * @return false with {@link #error()} set when the path is refused
     */
    public boolean normalise(
            ByteBuffer in, int from, int count, boolean mergeSlashes, ByteSink out) {
        assert in.order() == ByteOrder.LITTLE_ENDIAN;
        error = null;
        inPlace = count > 0 && isPlain(in, from, from + count);
        if (inPlace) {
            offset = from;
            length = count;
            return true;
        }
        offset = out.position();
        if (count == 0) {
            out.put((byte) '/');
        } else if (in.get(from) != '/') {
            error = ParseError.BAD_TARGET;
        } else {
            error = rewrite(in, from, from + count, mergeSlashes, out);
        }
        if (out.overflowed()) {
            error = ParseError.PATH_TOO_LONG;
        }
        length = error == null ? out.position() - offset : 0;
        return error == null;
    }

    /** Whether a path may have this segment, encoded: the name of a file that can be asked for. */
    public static boolean takesName(byte[] name) {
        ByteBuffer canonical = ByteBuffer.allocate(PERCENT_ESCAPE.length * name.length);
        ByteSink out = new ByteSink().reset(canonical, 0, canonical.capacity());
        for (byte c : name) {
            if (ByteScan.isControl(c)) {
                return false;
            }
            if (c == '%') {
                out.put(PERCENT_ESCAPE);
            } else {
                out.put(c);
            }
        }
        return !SegmentRule.isAmbiguous(canonical, 0, out.position());
    }

    /** Whether the result is the range that was given; else it is in the sink's buffer. */
    public boolean inPlace() {
        return inPlace;
    }

    public int offset() {
        return offset;
    }

    public int length() {
        return length;
    }

    public ParseError error() {
        return error;
    }

    /**
     * Whether nothing has to be done: a '/' first, then only printable ASCII without '%' and '\',
     * and no '/' or '.' right behind a '/'.
     */
    private static boolean isPlain(ByteBuffer b, int at, int end) {
        if (b.get(at) != '/') {
            return false;
        }
        // 0x80 when the byte before the word is a slash.
        long slashBefore = 0;
        for (; at + 8 <= end; at += 8) {
            long w = b.getLong(at);
            long slash = equal(w, '/');
            long afterSlash = (slash << 8 | slashBefore) & (slash | equal(w, '.'));
            long control = w - ONES * 0x20 | (w & LOW_SEVEN) + ONES;
            long escape = equal(w, '%') | equal(w, '\\');
            if (((w | control) & HIGH_BITS | escape | afterSlash) != 0) {
                return false;
            }
            slashBefore = slash >>> 56;
        }
        boolean slash = slashBefore != 0;
        for (; at < end; at++) {
            byte c = b.get(at);
            if (c < 0x20 || c == 0x7f || c == '%' || c == '\\'
                    || slash && (c == '/' || c == '.')) {
                return false;
            }
            slash = c == '/';
        }
        return true;
    }

    /** Bit 7 of every byte of the word that equals the ASCII character; exact. */
    private static long equal(long w, char c) {
        long x = w ^ ONES * c;
        return ~((x & LOW_SEVEN) + LOW_SEVEN | x | LOW_SEVEN);
    }

    private static ParseError rewrite(
            ByteBuffer in, int at, int end, boolean mergeSlashes, ByteSink out) {
        int root = out.position();
        boolean slashWritten = false;
        while (at < end) {
            assert in.get(at) == '/';
            if (!slashWritten) {
                out.put((byte) '/');
            }
            int segment = out.position();
            int segmentEnd = at + 1;
            while (segmentEnd < end && in.get(segmentEnd) != '/') {
                segmentEnd++;
            }
            ParseError why = decode(in, at + 1, segmentEnd, out);
            if (why != null) {
                return why;
            }
            if (out.overflowed()) {
                return ParseError.PATH_TOO_LONG;
            }
            at = segmentEnd;
            int length = out.position() - segment;
            slashWritten = length == 0 && mergeSlashes;
            if (isDots(out.buffer(), segment, length)) {
                if (length == 2 && segment == root + 1) {
                    return ParseError.PATH_ABOVE_ROOT;
                }
                out.position(length == 1 ? segment : parent(out.buffer(), segment));
                slashWritten = true;
            } else if (SegmentRule.isAmbiguous(out.buffer(), segment, out.position())) {
                return ParseError.AMBIGUOUS_PATH;
            }
        }
        return null;
    }

    /** Decodes one segment; '/' and '%' that were escaped stay so, with upper-case digits. */
    private static ParseError decode(ByteBuffer in, int at, int end, ByteSink out) {
        for (; at < end; at++) {
            byte c = in.get(at);
            if (c != '%') {
                if (ByteScan.isControl(c)) {
                    return ParseError.CONTROL_IN_PATH;
                }
                out.put(c);
                continue;
            }
            if (end - at < 3) {
                return ParseError.BAD_ESCAPE;
            }
            int high = ByteScan.hex(in.get(at + 1));
            int low = ByteScan.hex(in.get(at + 2));
            if (high < 0 || low < 0) {
                return ParseError.BAD_ESCAPE;
            }
            byte value = (byte) (high << 4 | low);
            if (ByteScan.isControl(value)) {
                return ParseError.CONTROL_IN_PATH;
            }
            switch (value) {
                case '/' -> out.put(SLASH_ESCAPE);
                case '%' -> out.put(PERCENT_ESCAPE);
                default -> out.put(value);
            }
            at += 2;
        }
        return null;
    }

    private static boolean isDots(ByteBuffer b, int at, int length) {
        return length == 1 && b.get(at) == '.'
                || length == 2 && b.get(at) == '.' && b.get(at + 1) == '.';
    }

    /** Where the segment before the one at {@code segment} starts. */
    private static int parent(ByteBuffer b, int segment) {
        int at = segment - 1;
        assert b.get(at) == '/';
        while (b.get(at - 1) != '/') {
            at--;
        }
        return at;
    }
}
