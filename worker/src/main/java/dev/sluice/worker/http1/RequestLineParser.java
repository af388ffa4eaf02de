package dev.sluice.worker.http1;

import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.http.RequestHead;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The request line (RFC 9112 §3): exactly one space between its parts, nothing forgiven but one
 * empty line before it (§2.2). Resumes where it stopped.
 *
 * <p>Owner: event loop (or one test thread).
 */
final class RequestLineParser {

    private static final int METHOD_BYTES_MAX = 32;
    /** What a client of TLS begins with (RFC 8446 §5.1). */
    private static final byte TLS_HANDSHAKE = 22;

    private static final int START = 0;
    private static final int METHOD = 1;
    private static final int TARGET = 2;
    private static final int VERSION = 3;

    private static final long GET_SPACE = word("GET ");
    private static final long HEAD_SPACE = word("HEAD ");
    private static final long POST_SPACE = word("POST ");
    private static final long HTTP_1_0 = word("HTTP/1.0");
    private static final long HTTP_1_1 = word("HTTP/1.1");
    private static final long FOUR_BYTES = 0xffff_ffffL;
    private static final long FIVE_BYTES = 0xff_ffff_ffffL;
    private static final String VERSION_PREFIX = "HTTP/";

    private final int lineBytesMax;
    private int stage;
    private int lineStart;
    private int position;
    private ParseError error;

    RequestLineParser(ParseLimits limits) {
        lineBytesMax = limits.startLineBytesMax();
    }

    private static long word(String ascii) {
        long w = 0;
        for (int i = 0; i < ascii.length(); i++) {
            w |= (long) ascii.charAt(i) << i * 8;
        }
        return w;
    }

    void start(int from) {
        stage = START;
        lineStart = from;
        position = from;
        error = null;
    }

    ParseError error() {
        return error;
    }

    /** Where the request line starts, behind an empty line that came before it. */
    int lineStart() {
        return lineStart;
    }

    /** @return the offset after the line, NEED_MORE, or BAD with {@link #error()} set */
    int parse(RequestHead head, ByteBuffer b, int to) {
        assert b.order() == ByteOrder.LITTLE_ENDIAN;
        if (stage == START) {
            int outcome = emptyLine(b, to);
            if (outcome < 0) {
                return outcome;
            }
        }
        int end = Math.min(to, lineStart + lineBytesMax);
        if (stage == METHOD) {
            int outcome = method(head, b, end);
            if (outcome < 0) {
                return outcome;
            }
        }
        if (stage == TARGET) {
            int outcome = target(head, b, end);
            if (outcome < 0) {
                return outcome;
            }
        }
        return version(head, b, end);
    }

    private int emptyLine(ByteBuffer b, int to) {
        if (position == to) {
            return RequestParser.NEED_MORE;
        }
        if (b.get(position) == ByteScan.CR) {
            if (position + 1 == to) {
                return RequestParser.NEED_MORE;
            }
            if (b.get(position + 1) != ByteScan.LF) {
                return fail(ParseError.BARE_CR);
            }
            position += 2;
            lineStart = position;
        }
        stage = METHOD;
        return 0;
    }

    private int method(RequestHead head, ByteBuffer b, int end) {
        int at = position;
        if (end - at >= 8 && at == lineStart) {
            long w = b.getLong(at);
            if ((w & FOUR_BYTES) == GET_SPACE) {
                return endMethod(head, Method.GET, at + 3);
            }
            if ((w & FIVE_BYTES) == POST_SPACE) {
                return endMethod(head, Method.POST, at + 4);
            }
            if ((w & FIVE_BYTES) == HEAD_SPACE) {
                return endMethod(head, Method.HEAD, at + 4);
            }
        }
        for (; at < end; at++) {
            byte c = b.get(at);
            if (!ByteScan.isToken(c)) {
                if (c != ' ' || at == lineStart) {
                    return fail(c == ByteScan.LF ? ParseError.BARE_LF
                            : c == TLS_HANDSHAKE && at == lineStart ? ParseError.TLS_RECORD
                            : ParseError.BAD_METHOD);
                }
                return endMethod(head, Method.idOf(b, lineStart, at - lineStart), at);
            }
            if (at - lineStart == METHOD_BYTES_MAX) {
                return fail(ParseError.BAD_METHOD);
            }
        }
        return needMore(at, end);
    }

    private int endMethod(RequestHead head, int method, int space) {
        head.method = method;
        head.methodOffset = lineStart;
        head.methodLength = space - lineStart;
        head.targetOffset = space + 1;
        position = space + 1;
        stage = TARGET;
        return 0;
    }

    private int target(RequestHead head, ByteBuffer b, int end) {
        int at = position;
        for (;;) {
            at = ByteScan.targetStop(b, at, end);
            if (at == end) {
                return needMore(at, end);
            }
            byte c = b.get(at);
            if (c == ' ') {
                break;
            }
            if (c != '?') {
                return fail(targetError(c));
            }
            at++;
            if (head.queryOffset == 0) {
                head.queryOffset = at;
            }
        }
        head.targetLength = at - head.targetOffset;
        if (head.targetLength == 0) {
            return fail(ParseError.BAD_REQUEST_LINE);
        }
        if (head.queryOffset != 0) {
            head.queryLength = at - head.queryOffset;
        }
        position = at + 1;
        stage = VERSION;
        return 0;
    }

    private static ParseError targetError(byte c) {
        return switch (c) {
            case '#' -> ParseError.FRAGMENT_IN_TARGET;
            case '\r' -> ParseError.MISSING_VERSION;
            case '\n' -> ParseError.BARE_LF;
            default -> ParseError.BAD_TARGET_CHARACTER;
        };
    }

    /** The position stays at the start of the version until all of its ten bytes are there. */
    private int version(RequestHead head, ByteBuffer b, int end) {
        int at = position;
        if (end - at >= 10) {
            long w = b.getLong(at);
            if ((w == HTTP_1_1 || w == HTTP_1_0)
                    && b.get(at + 8) == ByteScan.CR && b.get(at + 9) == ByteScan.LF) {
                head.version =
                        w == HTTP_1_1 ? RequestHead.HTTP_1_1 : RequestHead.HTTP_1_0;
                return at + 10;
            }
        }
        for (int i = 0; i < 10 && at + i < end; i++) {
            ParseError why = versionError(b, at, i);
            if (why != null) {
                return fail(why);
            }
        }
        assert end - at < 10;
        return needMore(at, end);
    }

    /** What is wrong with byte {@code i} of the version that starts at {@code at}; null if fine. */
    private static ParseError versionError(ByteBuffer b, int at, int i) {
        byte c = b.get(at + i);
        if (i < 5) {
            if (i == 0 && c == ' ') {
                return ParseError.BAD_REQUEST_LINE;
            }
            return c == VERSION_PREFIX.charAt(i) ? null : ParseError.BAD_VERSION;
        }
        switch (i) {
            case 5:
                return c >= '0' && c <= '9' ? null : ParseError.BAD_VERSION;
            case 6:
                return c == '.' ? null : ParseError.BAD_VERSION;
            case 7:
                if (c < '0' || c > '9') {
                    return ParseError.BAD_VERSION;
                }
                return b.get(at + 5) == '1' && c <= '1' ? null : ParseError.VERSION_NOT_SUPPORTED;
            case 8:
                if (c == ByteScan.LF) {
                    return ParseError.BARE_LF;
                }
                return c == ByteScan.CR ? null : ParseError.BAD_REQUEST_LINE;
            default:
                return c == ByteScan.LF ? null : ParseError.BARE_CR;
        }
    }

    private int needMore(int at, int end) {
        position = at;
        return end == lineStart + lineBytesMax
                ? fail(ParseError.REQUEST_LINE_TOO_LONG) : RequestParser.NEED_MORE;
    }

    private int fail(ParseError why) {
        error = why;
        return RequestParser.BAD;
    }
}
