package dev.sluice.worker.http1;

import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.NameHash;
import dev.sluice.worker.http.ParseError;
import java.nio.ByteBuffer;

/**
 * The header block of a request or a response (RFC 9112 §5), one field after the other, each byte
 * looked at once or twice: the words that find the CR also prove the value free of controls. Whole
 * lines without anything unusual go through one loop that keeps its state in registers; a line that
 * is cut, wrong or rare is left to a machine that works byte by byte and can stop anywhere. What is
 * decided depends on the bytes before the decision only, never on how they were cut.
 *
 * <pre>
 *        ┌───────────── CR LF ──────────────┐
 *        ▼                                  │
 *   line start ── token ──► in name ── : ──► in value
 *        └── CR LF ──► done
 * </pre>
 *
 * <p>Owner: event loop (or one test thread).
 */
final class HeaderParser {

    private final int blockBytesMax;
    private final int nameBytesMax;
    private final boolean underscores;

    /** End of what the block may take. */
    private int blockEnd;
    private int lineStart;
    /** Index of the colon of the line at hand; -1 while its name is still read. */
    private int colon;
    private int id;
    /** OR of the token classes of the name so far: shows an underscore. */
    private int nameClasses;
    /** Bytes before this were looked at. */
    private int position;
    private ParseError error;

    HeaderParser(ParseLimits limits) {
        blockBytesMax = limits.headerBytesMax();
        nameBytesMax = limits.headerNameBytesMax();
        underscores = limits.underscoresInNames();
    }

    void start(int from) {
        blockEnd = from + blockBytesMax;
        error = null;
        startLine(from);
    }

    private void startLine(int at) {
        lineStart = at;
        position = at;
        colon = -1;
        nameClasses = 0;
    }

    ParseError error() {
        return error;
    }

    /** @return the offset after the blank line, NEED_MORE, or BAD with {@link #error()} set */
    int parse(HeaderTable table, ByteBuffer b, int to) {
        int end = Math.min(to, blockEnd);
        for (;;) {
            if (colon < 0) {
                if (position == lineStart) {
                    startLine(plainLines(table, b, position, end));
                    if (position < end && b.get(position) == ByteScan.CR) {
                        return endOfBlock(b, end);
                    }
                }
                int outcome = name(b, end);
                if (outcome < 0) {
                    return outcome;
                }
            }
            int next = value(table, b, end);
            if (next < 0) {
                return next;
            }
            startLine(next);
        }
    }

    /**
     * Takes whole lines whose name is a token of less than 32 bytes without underscore, and whose
     * value has neither tab nor control.
     *
     * @return the start of the first line that is not so
     */
    private static int plainLines(HeaderTable table, ByteBuffer b, int at, int end) {
        for (;;) {
            int colon = NameHash.colon(b, at, end);
            if (colon < 0) {
                return at;
            }
            int id = NameHash.idBeforeColon(b, at, colon - at);
            if (id == HeaderName.UNKNOWN && !isPlainToken(b, at, colon)) {
                return at;
            }
            int cr = ByteScan.control(b, colon + 1, end);
            if (cr + 1 >= end || b.getShort(cr) != ByteScan.CR_LF) {
                return at;
            }
            int first = AsciiBytes.skipSpace(b, colon + 1, cr);
            int last = AsciiBytes.trimSpace(b, first, cr);
            if (!table.add(at, colon - at, first, last - first, id)) {
                return at;
            }
            at = cr + 2;
        }
    }

    private static boolean isPlainToken(ByteBuffer b, int at, int end) {
        if (at == end) {
            return false;
        }
        while (at < end && ByteScan.TOKENS[b.get(at) & 0xff] == ByteScan.TOKEN) {
            at++;
        }
        return at == end;
    }

    private int endOfBlock(ByteBuffer b, int end) {
        if (position + 1 == end) {
            return needMore(position, end);
        }
        return b.get(position + 1) == ByteScan.LF ? position + 2 : fail(ParseError.BARE_CR);
    }

    /** Finds the colon and sets {@link #colon}, {@link #id} and {@link #position}. */
    private int name(ByteBuffer b, int end) {
        int at = position;
        int classes = nameClasses;
        for (; at < end; at++) {
            byte c = b.get(at);
            int tokenClass = ByteScan.TOKENS[c & 0xff];
            if (tokenClass == ByteScan.NO_TOKEN) {
                if (c != ':' || at == lineStart) {
                    return fail(nameError(c, at == lineStart));
                }
                id = HeaderName.idOf(b, lineStart, at - lineStart);
                nameClasses = classes;
                colon = at;
                position = at + 1;
                return 0;
            }
            if (at - lineStart == nameBytesMax) {
                return fail(ParseError.HEADER_NAME_TOO_LONG);
            }
            classes |= tokenClass;
        }
        nameClasses = classes;
        return needMore(at, end);
    }

    private static ParseError nameError(byte c, boolean atLineStart) {
        return switch (c) {
            case ':' -> ParseError.EMPTY_HEADER_NAME;
            case ' ', '\t' -> atLineStart
                    ? ParseError.OBSOLETE_FOLDING : ParseError.SPACE_BEFORE_COLON;
            case '\r' -> ParseError.HEADER_WITHOUT_COLON;
            case '\n' -> ParseError.BARE_LF;
            default -> ParseError.BAD_HEADER_NAME;
        };
    }

    /** @return the offset after the line's CR LF, NEED_MORE or BAD */
    private int value(HeaderTable table, ByteBuffer b, int end) {
        int at = position;
        for (;;) {
            at = ByteScan.control(b, at, end);
            if (at == end) {
                return needMore(at, end);
            }
            byte c = b.get(at);
            if (c == ByteScan.CR) {
                break;
            }
            if (c != ByteScan.HTAB) {
                return fail(c == ByteScan.LF ? ParseError.BARE_LF : ParseError.BAD_HEADER_VALUE);
            }
            at++;
        }
        if (at + 1 == end) {
            return needMore(at, end);
        }
        if (b.get(at + 1) != ByteScan.LF) {
            return fail(ParseError.BARE_CR);
        }
        int first = AsciiBytes.skipSpace(b, colon + 1, at);
        int last = AsciiBytes.trimSpace(b, first, at);
        if (!table.add(lineStart, colon - lineStart, first, last - first, id)) {
            return fail(ParseError.TOO_MANY_HEADERS);
        }
        if (nameClasses == ByteScan.TOKEN_UNDERSCORE && !underscores) {
            table.drop(table.count() - 1);
        }
        return at + 2;
    }

    private int needMore(int at, int end) {
        position = at;
        return end == blockEnd ? fail(ParseError.HEADERS_TOO_LARGE) : RequestParser.NEED_MORE;
    }

    private int fail(ParseError why) {
        error = why;
        return RequestParser.BAD;
    }
}
