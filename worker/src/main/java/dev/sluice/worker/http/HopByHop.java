package dev.sluice.worker.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Which fields stop here (RFC 9110 §7.6.1). Besides the fixed ones, a message may name more in its
 * Connection field; a name that means something to this program or to the next hop is not let go
 * that way, or a client could make a proxy drop the X-Forwarded-For of the proxy before it.
 * Stateless.
 */
public final class HopByHop {

    private static final byte[] X_FORWARDED = "x-forwarded-".getBytes(StandardCharsets.US_ASCII);

    private static final boolean[] ALWAYS = new boolean[HeaderName.COUNT];

    static {
        ALWAYS[HeaderName.CONNECTION] = true;
        ALWAYS[HeaderName.PROXY_CONNECTION] = true;
        ALWAYS[HeaderName.KEEP_ALIVE] = true;
        ALWAYS[HeaderName.TRANSFER_ENCODING] = true;
        ALWAYS[HeaderName.TE] = true;
        ALWAYS[HeaderName.TRAILER] = true;
        ALWAYS[HeaderName.UPGRADE] = true;
        ALWAYS[HeaderName.HTTP2_SETTINGS] = true;
        ALWAYS[HeaderName.PROXY_AUTHENTICATE] = true;
        ALWAYS[HeaderName.PROXY_AUTHORIZATION] = true;
    }

    private HopByHop() {}

    /** Whether a field of this id never travels further by itself. */
    public static boolean isHopByHop(int id) {
        return ALWAYS[id];
    }

    /** Drops what stops here. What the parser learned from these fields stays in the head. */
    public static void mark(HeaderTable headers) {
        int count = headers.count();
        for (int i = 0; i < count; i++) {
            if (ALWAYS[headers.id(i)]) {
                headers.drop(i);
            }
        }
        for (int i = headers.find(HeaderName.CONNECTION); i >= 0;
                i = headers.findNext(HeaderName.CONNECTION, i)) {
            markNamedBy(headers, i, headers);
        }
    }

    /** The same of the fields behind a body; what stops here always is not among them. */
    public static void markTrailers(HeaderTable head, HeaderTable trailers) {
        for (int i = head.find(HeaderName.CONNECTION); i >= 0;
                i = head.findNext(HeaderName.CONNECTION, i)) {
            markNamedBy(head, i, trailers);
        }
    }

    private static void markNamedBy(HeaderTable headers, int connection, HeaderTable marked) {
        ByteBuffer b = headers.buffer();
        int at = headers.valueOffset(connection);
        int end = at + headers.valueLength(connection);
        while (at < end) {
            int tokenEnd = AsciiBytes.tokenEnd(b, at, end);
            int from = AsciiBytes.skipSpace(b, at, tokenEnd);
            int to = AsciiBytes.trimSpace(b, from, tokenEnd);
            markNamed(marked, b, from, to - from);
            at = tokenEnd + 1;
        }
    }

    /** The parser bounds the options of a Connection field, so this search is bounded too. */
    private static void markNamed(HeaderTable headers, ByteBuffer b, int offset, int length) {
        if (length == 0 || isProtected(b, offset, length)) {
            return;
        }
        for (int i = 0; i < headers.count(); i++) {
            if (headers.id(i) == HeaderName.UNKNOWN
                    && AsciiBytes.rangesEqualIgnoreCase(headers.buffer(), headers.nameOffset(i),
                            headers.nameLength(i), b, offset, length)) {
                headers.drop(i);
            }
        }
    }

    /** Known names are either dropped already or end to end; both ways there is nothing to do. */
    private static boolean isProtected(ByteBuffer b, int offset, int length) {
        return HeaderName.idOf(b, offset, length) != HeaderName.UNKNOWN
                || length > X_FORWARDED.length
                        && AsciiBytes.equalsIgnoreCase(b, offset, X_FORWARDED.length, X_FORWARDED);
    }
}
