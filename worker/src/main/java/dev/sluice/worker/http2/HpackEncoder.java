package dev.sluice.worker.http2;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes header blocks (RFC 7541) without a table of its own: names and statuses by the static
 * table, values as they are. So a connection keeps no state for it, no client can make it keep
 * some, and a block costs little more than a copy.
 *
 * <p>Stateless.
 */
public final class HpackEncoder {

    private static final int INDEXED = 0x80;
    private static final int LITERAL = 0x00;
    private static final int LITERAL_NEVER_INDEXED = 0x10;
    /** Index of a {@code :status} whose name is used alone. */
    private static final int STATUS_NAME = 8;
    private static final int TABLE_SIZE_ZERO = 0x20;
    // Of the static table.
    private static final int AUTHORITY = 1;
    private static final int METHOD_GET = 2;
    private static final int METHOD_POST = 3;
    private static final int PATH = 4;
    private static final int SCHEME_HTTP = 6;
    private static final int SCHEME_HTTPS = 7;
    private static final int HOST_NAME_BYTES = "Host: ".length();
    /** A literal with a name of its own. */
    private static final byte[] TE_TRAILERS =
            "\0\2te\10trailers".getBytes(StandardCharsets.US_ASCII);

    private HpackEncoder() {}

    /**
     * What the first block of a connection begins with: no table is used, whatever size the client
     * allows (RFC 7541 §4.2).
     */
    public static void noTable(ByteSink out) {
        out.put((byte) TABLE_SIZE_ZERO);
    }

    public static void status(ByteSink out, int status) {
        int index = StaticTable.indexOfStatus(status);
        if (index != 0) {
            out.put((byte) (INDEXED | index));
        } else {
            out.put((byte) STATUS_NAME).put((byte) 3).putDecimal(status);
        }
    }

    /**
     * Writes the head of a request of HTTP/1, whose second line is its Host, as fields (RFC 9113
     * §8.3.1).
     *
     * @param secure the scheme: https
     * @param trailers whether the client reads trailers
     */
    public static void request(ByteSink out, ByteBuffer b, int from, int end, boolean secure,
            boolean trailers) {
        int methodEnd = AsciiBytes.indexOf(b, from, end, ' ');
        int targetEnd = AsciiBytes.indexOf(b, methodEnd + 1, end, ' ');
        int hostAt = lineEnd(b, targetEnd, end) + 2 + HOST_NAME_BYTES;
        int hostEnd = lineEnd(b, hostAt, end);
        switch (Method.idOf(b, from, methodEnd - from)) {
            case Method.GET -> out.put((byte) (INDEXED | METHOD_GET));
            case Method.POST -> out.put((byte) (INDEXED | METHOD_POST));
            default -> named(out, METHOD_GET, b, from, methodEnd);
        }
        out.put((byte) (INDEXED | (secure ? SCHEME_HTTPS : SCHEME_HTTP)));
        named(out, PATH, b, methodEnd + 1, targetEnd);
        named(out, AUTHORITY, b, hostAt, hostEnd);
        lines(out, b, hostEnd + 2, end);
        if (trailers) {
            out.put(TE_TRAILERS);
        }
    }

    private static void named(ByteSink out, int index, ByteBuffer b, int from, int to) {
        number(out, LITERAL, 4, index);
        number(out, 0, 7, to - from);
        out.put(b, from, to - from);
    }

    /**
     * Writes the lines of an HTTP/1 head, each {@code Name: value} with its CR LF, as fields; those
     * that belong to a connection of HTTP/1 are left out (RFC 9113 §8.2.2).
     */
    public static void lines(ByteSink out, ByteBuffer b, int from, int end) {
        int at = from;
        while (at < end) {
            int colon = AsciiBytes.indexOf(b, at, end, ':');
            int valueAt = colon + 2;
            int valueEnd = lineEnd(b, valueAt, end);
            int id = HeaderName.idOf(b, at, colon - at);
            if (!ConnectionFields.has(id)) {
                field(out, id, b, at, colon - at, valueAt, valueEnd - valueAt);
            }
            at = valueEnd + 2;
        }
    }

    /** Writes the fields of a head, without those that are dropped or belong to a connection. */
    public static void fields(ByteSink out, HeaderTable fields) {
        for (int i = 0; i < fields.count(); i++) {
            if (!fields.dropped(i) && !ConnectionFields.has(fields.id(i))) {
                field(out, fields.id(i), fields.buffer(), fields.nameOffset(i),
                        fields.nameLength(i), fields.valueOffset(i), fields.valueLength(i));
            }
        }
    }

    /** Where the fields begin: behind the status line. */
    public static int behindFirstLine(ByteBuffer b, int from) {
        return lineEnd(b, from, b.capacity()) + 2;
    }

    private static int lineEnd(ByteBuffer b, int at, int end) {
        while (at < end && b.get(at) != '\r') {
            at++;
        }
        return at;
    }

    private static void field(ByteSink out, int id, ByteBuffer b, int nameAt, int nameLength,
            int valueAt, int valueLength) {
        int index = StaticTable.indexOf(id);
        int form = id == HeaderName.SET_COOKIE ? LITERAL_NEVER_INDEXED : LITERAL;
        number(out, form, 4, index);
        if (index == 0) {
            number(out, 0, 7, nameLength);
            int at = out.skip(nameLength);
            if (at >= 0) {
                lower(b, nameAt, out.buffer(), at, nameLength);
            }
        }
        number(out, 0, 7, valueLength);
        out.put(b, valueAt, valueLength);
    }

    private static void lower(ByteBuffer from, int at, ByteBuffer to, int toAt, int length) {
        for (int i = 0; i < length; i++) {
            to.put(toAt + i, AsciiBytes.lower(from.get(at + i)));
        }
    }

    /** An integer behind a prefix of so many bits, whose first byte has this form above them. */
    static void number(ByteSink out, int form, int bits, int value) {
        int most = (1 << bits) - 1;
        if (value < most) {
            out.put((byte) (form | value));
            return;
        }
        out.put((byte) (form | most));
        int rest = value - most;
        while (rest >= 0x80) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }
}
