package dev.sluice.worker.http1;

import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.http.ResponseHead;
import java.nio.ByteBuffer;

/**
 * Reads one response head, interim ones (1xx) each on its own. Called again with more bytes behind
 * the same ones it goes on where it stopped. The buffer is little endian, as slabs are.
 *
 * <p>Owner: event loop (or one test thread).
 */
public final class ResponseParser {

    public static final int NEED_MORE = RequestParser.NEED_MORE;
    public static final int BAD = RequestParser.BAD;

    private static final String VERSION_PREFIX = "HTTP/1.";
    /** {@code HTTP/1.1 200}: the part of a status line that must be there. */
    private static final int FIXED_BYTES = 12;

    private final HeaderParser fields;
    private final int lineBytesMax;
    private int from;
    /** Bytes before this were looked at. */
    private int position;
    private int requestMethod;
    private boolean lineDone;
    private boolean begun;

    public ResponseParser(ParseLimits limits) {
        fields = new HeaderParser(limits);
        lineBytesMax = limits.startLineBytesMax();
    }

    /**
     * The next head starts at this offset.
     *
     * @param requestMethod constant of {@link dev.sluice.worker.http.Method}: a response to HEAD
     *     has no body whatever its fields say
     */
    public void reset(int from, int requestMethod) {
        this.from = from;
        this.requestMethod = requestMethod;
        position = from;
        lineDone = false;
        begun = false;
    }

    /** @return the offset after the blank line, NEED_MORE, or BAD with {@code head.error} set */
    public int parse(ResponseHead head, ByteBuffer b, int to) {
        if (!begun) {
            if (to == from) {
                // The first byte may come into other memory.
                return NEED_MORE;
            }
            head.reset(b);
            begun = true;
        }
        assert head.buffer() == b;
        if (!lineDone) {
            int next = statusLine(head, b, to);
            if (next < 0) {
                return next;
            }
            lineDone = true;
            fields.start(next);
        }
        int end = fields.parse(head.headers, b, to);
        if (end < 0) {
            head.error = fields.error();
            return end;
        }
        head.error = ResponseRule.apply(head, requestMethod);
        if (head.error != null) {
            return BAD;
        }
        head.headLength = end - from;
        return end;
    }

    private int statusLine(ResponseHead head, ByteBuffer b, int to) {
        int end = Math.min(to, from + lineBytesMax);
        for (; position < from + FIXED_BYTES; position++) {
            if (position == end) {
                return needMore(head, end);
            }
            if (!isFixedPart(b.get(position), position - from)) {
                return fail(head, ParseError.BAD_STATUS_LINE);
            }
        }
        for (;;) {
            position = ByteScan.control(b, position, end);
            if (position == end) {
                return needMore(head, end);
            }
            byte c = b.get(position);
            if (c == ByteScan.CR) {
                break;
            }
            if (c != ByteScan.HTAB) {
                return fail(head, c == ByteScan.LF
                        ? ParseError.BARE_LF : ParseError.BAD_STATUS_LINE);
            }
            position++;
        }
        if (position + 1 == end) {
            return needMore(head, end);
        }
        if (b.get(position + 1) != ByteScan.LF) {
            return fail(head, ParseError.BARE_CR);
        }
        return endStatusLine(head, b);
    }

    private static boolean isFixedPart(byte c, int i) {
        if (i < VERSION_PREFIX.length()) {
            return c == VERSION_PREFIX.charAt(i);
        }
        return switch (i) {
            case 7 -> c == '0' || c == '1';
            case 8 -> c == ' ';
            case 9 -> c >= '1' && c <= '5';
            default -> c >= '0' && c <= '9';
        };
    }

    /** The reason phrase, and even the space before it, may be missing. */
    private int endStatusLine(ResponseHead head, ByteBuffer b) {
        int reason = from + FIXED_BYTES;
        if (position > reason) {
            if (b.get(reason) != ' ') {
                return fail(head, ParseError.BAD_STATUS_LINE);
            }
            reason++;
        }
        head.minorVersion = b.get(from + 7) - '0';
        head.status = (b.get(from + 9) - '0') * 100
                + (b.get(from + 10) - '0') * 10 + b.get(from + 11) - '0';
        head.reasonOffset = reason;
        head.reasonLength = position - reason;
        return position + 2;
    }

    private int needMore(ResponseHead head, int end) {
        return end == from + lineBytesMax ? fail(head, ParseError.BAD_STATUS_LINE) : NEED_MORE;
    }

    private static int fail(ResponseHead head, ParseError why) {
        head.error = why;
        return BAD;
    }
}
