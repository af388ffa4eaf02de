package dev.sluice.worker.cache.rules;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What tells the answers of one URL apart: for each field that Vary names, what the request says in
 * it (RFC 9111 §4.1). Blanks and empty members of lists, which mean nothing, are left out;
 * Accept-Encoding counts by the codings that are accepted, so that clients that write the same in
 * other words share an answer. Stateless.
 */
public final class VaryKey {

    private static final byte[][] CODINGS = {
        ascii("gzip"), ascii("br"), ascii("zstd"), ascii("deflate")
    };
    private static final byte[] ANY = {'*'};
    private static final byte[] IDENTITY = ascii("identity");
    /** Behind each field: no value of a field holds it. */
    private static final char END = '\n';
    private static final char NOTHING = '\0';

    private VaryKey() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Writes the names of all Vary fields, in lower case, with commas between. */
    public static void names(HeaderTable answer, ByteSink out) {
        int from = out.position();
        for (int i = answer.find(HeaderName.VARY); i >= 0;
                i = answer.findNext(HeaderName.VARY, i)) {
            int at = answer.valueOffset(i);
            int end = at + answer.valueLength(i);
            while (at < end) {
                int member = AsciiBytes.tokenEnd(answer.buffer(), at, end);
                int first = AsciiBytes.skipSpace(answer.buffer(), at, member);
                int behind = AsciiBytes.trimSpace(answer.buffer(), first, member);
                if (first < behind) {
                    if (out.position() > from) {
                        out.put(',');
                    }
                    for (int c = first; c < behind; c++) {
                        out.put(AsciiBytes.lower(answer.buffer().get(c)));
                    }
                }
                at = member + 1;
            }
        }
    }

    /** Writes what the request says in the fields of these names. */
    public static void values(ByteBuffer names, int offset, int length, HeaderTable request,
            ByteSink out) {
        int end = offset + length;
        for (int at = offset; at < end; ) {
            int nameEnd = AsciiBytes.tokenEnd(names, at, end);
            int id = HeaderName.idOf(names, at, nameEnd - at);
            if (id == HeaderName.ACCEPT_ENCODING) {
                codings(request, out);
            } else {
                value(names, at, nameEnd - at, id, request, out);
            }
            out.put(END);
            at = nameEnd + 1;
        }
    }

    private static void value(ByteBuffer names, int at, int length, int id, HeaderTable request,
            ByteSink out) {
        boolean any = false;
        for (int i = 0; i < request.count(); i++) {
            boolean same = id != HeaderName.UNKNOWN ? request.id(i) == id
                    : AsciiBytes.rangesEqualIgnoreCase(request.buffer(), request.nameOffset(i),
                            request.nameLength(i), names, at, length);
            if (same) {
                members(request, i, id == HeaderName.ACCEPT_LANGUAGE, any, out);
                any = true;
            }
        }
        if (!any) {
            out.put(NOTHING);
        }
    }

    /** The members of a list without blanks around them; the rest as it is. */
    private static void members(HeaderTable request, int i, boolean lower, boolean more,
            ByteSink out) {
        ByteBuffer b = request.buffer();
        int at = request.valueOffset(i);
        int end = at + request.valueLength(i);
        boolean written = more;
        while (at < end) {
            int member = AsciiBytes.tokenEnd(b, at, end);
            int first = AsciiBytes.skipSpace(b, at, member);
            int behind = AsciiBytes.trimSpace(b, first, member);
            if (first < behind) {
                if (written) {
                    out.put(',');
                }
                written = true;
                for (int c = first; c < behind; c++) {
                    out.put(lower ? AsciiBytes.lower(b.get(c)) : b.get(c));
                }
            }
            at = member + 1;
        }
    }

    /** One letter for each coding that is accepted (RFC 9110 §12.5.3). */
    private static void codings(HeaderTable request, ByteSink out) {
        if (!request.has(HeaderName.ACCEPT_ENCODING)) {
            out.put(NOTHING);
            return;
        }
        for (int c = 0; c < CODINGS.length; c++) {
            if (accepts(request, CODINGS[c])) {
                out.put((char) ('a' + c));
            }
        }
        if (refuses(request, IDENTITY)) {
            out.put('!');
        }
    }

    private static boolean accepts(HeaderTable request, byte[] coding) {
        int said = find(request, coding);
        return said == 0 ? find(request, ANY) > 0 : said > 0;
    }

    private static boolean refuses(HeaderTable request, byte[] coding) {
        return find(request, coding) < 0;
    }

    /** 1 when it is accepted, -1 when it is refused, 0 when it is not there. */
    private static int find(HeaderTable request, byte[] coding) {
        ByteBuffer b = request.buffer();
        for (int i = request.find(HeaderName.ACCEPT_ENCODING); i >= 0;
                i = request.findNext(HeaderName.ACCEPT_ENCODING, i)) {
            int at = request.valueOffset(i);
            int end = at + request.valueLength(i);
            while (at < end) {
                int member = AsciiBytes.tokenEnd(b, at, end);
                int first = AsciiBytes.skipSpace(b, at, member);
                int nameEnd = AsciiBytes.indexOf(b, first, member, ';');
                int behind = AsciiBytes.trimSpace(b, first, nameEnd);
                if (AsciiBytes.equalsIgnoreCase(b, first, behind - first, coding)) {
                    return isZero(b, nameEnd, member) ? -1 : 1;
                }
                at = member + 1;
            }
        }
        return 0;
    }

    /** Whether the weight behind a name is 0, however many digits that has. */
    private static boolean isZero(ByteBuffer b, int from, int end) {
        int at = AsciiBytes.indexOf(b, from, end, '=');
        if (at == end || at + 1 >= end || b.get(at + 1) != '0') {
            return false;
        }
        for (int i = at + 2; i < end; i++) {
            byte c = b.get(i);
            if (c >= '1' && c <= '9') {
                return false;
            }
        }
        return true;
    }
}
