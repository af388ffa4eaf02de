package dev.sluice.worker.http2;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http.TargetForm;
import dev.sluice.worker.http1.ByteScan;
import dev.sluice.worker.http1.HostRule;
import dev.sluice.worker.http1.ParseLimits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The pseudo-header fields of a request (RFC 9113 §8.3.1), which say what a request line of HTTP/1
 * says. Each may be there once, and {@code :path} is a path: a whole URI in its place, which a
 * reader of HTTP/1 would take for one, is refused.
 *
 * <p>Owner: event loop (or one test thread).
 */
final class PseudoFields {

    private static final int METHOD = 0;
    private static final int SCHEME = 1;
    private static final int AUTHORITY = 2;
    private static final int PATH = 3;
    private static final int PROTOCOL = 4;
    private static final int COUNT = 5;
    private static final byte[][] NAMES = {
        ascii(":method"), ascii(":scheme"), ascii(":authority"), ascii(":path"),
        ascii(":protocol")
    };
    private static final byte[] WEBSOCKET = ascii("websocket");
    private static final byte[] HTTP = ascii("http");
    private static final byte[] HTTPS = ascii("https");
    private static final int METHOD_BYTES_MAX = 32;
    private static final int VERSION_BYTES = " HTTP/1.1\r\n".length();
    private static final int NONE = -1;

    private final int lineBytesMax;
    private final int[] at = new int[COUNT];
    private final int[] lengths = new int[COUNT];

    PseudoFields(ParseLimits limits) {
        lineBytesMax = limits.startLineBytesMax();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    void begin() {
        for (int i = 0; i < COUNT; i++) {
            at[i] = NONE;
        }
    }

    /** Stores a field's value. @return why it is refused; null if it is not */
    ParseError take(ByteBuffer names, int nameAt, int nameLength,
            ByteBuffer values, int valueAt, int valueLength, ByteSink out) {
        for (int i = 0; i < COUNT; i++) {
            if (nameLength == NAMES[i].length
                    && AsciiBytes.startsWith(names, nameAt, nameAt + nameLength, NAMES[i])) {
                if (at[i] != NONE) {
                    return ParseError.BAD_PSEUDO_HEADER;
                }
                at[i] = out.position();
                lengths[i] = valueLength;
                out.put(values, valueAt, valueLength);
                return out.overflowed() ? ParseError.HEADERS_TOO_LARGE : null;
            }
        }
        return ParseError.BAD_PSEUDO_HEADER;
    }

    /** No more come: writes the request line. @return why the request is refused, or null */
    ParseError end(RequestHead head, ByteSink out) {
        ByteBuffer b = out.buffer();
        if (at[METHOD] == NONE) {
            return ParseError.MISSING_PSEUDO_HEADER;
        }
        int length = lengths[METHOD];
        if (length == 0 || length > METHOD_BYTES_MAX || !isToken(b, at[METHOD], length)) {
            return ParseError.BAD_METHOD;
        }
        head.method = Method.idOf(b, at[METHOD], length);
        ParseError why = at[PROTOCOL] != NONE ? protocol(head, b)
                : head.method == Method.CONNECT ? connect() : scheme(b);
        if (why != null) {
            return why;
        }
        if (at[AUTHORITY] != NONE) {
            why = authority(head, at[AUTHORITY], lengths[AUTHORITY]);
            if (why != null) {
                return why;
            }
        }
        int target = head.method == Method.CONNECT ? AUTHORITY : PATH;
        if (length + 1 + lengths[target] + VERSION_BYTES > lineBytesMax) {
            return ParseError.REQUEST_LINE_TOO_LONG;
        }
        head.methodOffset = out.position();
        if (head.upgrade) {
            head.methodLength = Method.bytes(head.method).length;
            out.put(Method.bytes(head.method)).put(' ');
        } else {
            head.methodLength = length;
            out.put(b, at[METHOD], length).put(' ');
        }
        head.targetOffset = out.position();
        head.targetLength = lengths[target];
        out.put(b, at[target], lengths[target]);
        if (out.overflowed()) {
            return ParseError.HEADERS_TOO_LARGE;
        }
        head.pathOffset = head.targetOffset;
        return head.method == Method.CONNECT ? connectTarget(head) : path(head, b);
    }

    private static boolean isToken(ByteBuffer b, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (!ByteScan.isToken(b.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** RFC 9113 §8.5. */
    private ParseError connect() {
        if (at[SCHEME] != NONE || at[PATH] != NONE) {
            return ParseError.BAD_PSEUDO_HEADER;
        }
        return at[AUTHORITY] == NONE ? ParseError.MISSING_PSEUDO_HEADER : null;
    }

    /** RFC 8441 §4: what RFC 6455 §4.1 asks for by a GET. */
    private ParseError protocol(RequestHead head, ByteBuffer b) {
        if (head.method != Method.CONNECT) {
            return ParseError.BAD_PSEUDO_HEADER;
        }
        ParseError why = at[AUTHORITY] == NONE ? ParseError.MISSING_PSEUDO_HEADER : scheme(b);
        if (why == null && !AsciiBytes.equalsIgnoreCase(
                b, at[PROTOCOL], lengths[PROTOCOL], WEBSOCKET)) {
            why = ParseError.UNKNOWN_PROTOCOL;
        }
        head.method = Method.GET;
        head.upgrade = true;
        return why;
    }

    private static ParseError connectTarget(RequestHead head) {
        head.form = TargetForm.AUTHORITY;
        return head.port == 0 ? ParseError.BAD_TARGET : null;
    }

    private ParseError scheme(ByteBuffer b) {
        if (at[SCHEME] == NONE || at[PATH] == NONE) {
            return ParseError.MISSING_PSEUDO_HEADER;
        }
        return AsciiBytes.equalsIgnoreCase(b, at[SCHEME], lengths[SCHEME], HTTP)
                || AsciiBytes.equalsIgnoreCase(b, at[SCHEME], lengths[SCHEME], HTTPS)
                ? null : ParseError.BAD_SCHEME;
    }

    /** Sets host, port and authority. @return why they are refused; null if they are not */
    static ParseError authority(RequestHead head, int at, int length) {
        long host = HostRule.check(head.buffer(), at, length);
        if (host == HostRule.INVALID) {
            return ParseError.BAD_HOST;
        }
        head.authorityOffset = at;
        head.authorityLength = length;
        head.hostOffset = at;
        head.hostLength = (int) (host >>> 32);
        head.port = (int) host;
        return null;
    }

    private static ParseError path(RequestHead head, ByteBuffer b) {
        int from = head.targetOffset;
        int end = from + head.targetLength;
        if (head.targetLength == 1 && b.get(from) == '*') {
            head.form = TargetForm.ASTERISK;
            head.pathLength = 1;
            return head.method == Method.OPTIONS ? null : ParseError.TARGET_FORM_NOT_FOR_METHOD;
        }
        if (head.targetLength == 0 || b.get(from) != '/') {
            return ParseError.BAD_TARGET;
        }
        head.form = TargetForm.ORIGIN;
        head.pathLength = head.targetLength;
        int stop = ByteScan.targetStop(b, from, end);
        while (stop < end) {
            byte c = b.get(stop);
            if (c != '?') {
                return c == '#' ? ParseError.FRAGMENT_IN_TARGET : ParseError.BAD_TARGET_CHARACTER;
            }
            if (head.queryLength < 0) {
                head.pathLength = stop - from;
                head.queryOffset = stop + 1;
                head.queryLength = end - stop - 1;
            }
            stop = ByteScan.targetStop(b, stop + 1, end);
        }
        return null;
    }
}
