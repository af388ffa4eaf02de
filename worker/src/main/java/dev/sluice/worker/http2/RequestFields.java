package dev.sluice.worker.http2;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.Framing;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http1.ByteScan;
import dev.sluice.worker.http1.ParseLimits;
import dev.sluice.worker.http1.TrailerRule;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Makes the head of a request of a header block's fields (RFC 9113 §8), in the form that a head of
 * HTTP/1 has in memory: what follows need not know which it was. Whatever a reader of HTTP/1 could
 * understand in another way is refused.
 *
 * <pre>
 *   from                                                                         to
 *   | pseudo-headers | method SP path | host: ... CRLF | name: value CRLF ... | free |
 * </pre>
 *
 * After the first error nothing is stored any more, but the block has to be read to its end, or
 * the tables of both sides would differ. Everything is counted before it is looked at: a field
 * costs its bytes and 32 more (§6.5.2), crumbs of cookies and trailers too.
 *
 * <p>Owner: event loop (or one test thread). One for all streams: {@link #begin} starts over.
 */
public final class RequestFields implements FieldListener {

    private static final byte[] TRAILERS = ascii("trailers");
    private static final byte[] CONTINUE = ascii("100-continue");
    private static final byte[] HOST = ascii("host: ");
    private static final byte[] UPGRADE = ascii("upgrade: websocket\r\n");
    private static final int UPGRADE_NAME_BYTES = "upgrade".length();
    private static final int UPGRADE_VALUE_BYTES = "websocket".length();
    private static final byte[] KEY = ascii("sec-websocket-key: ");
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] CRUMB = {';', ' '};

    private final PseudoFields pseudo;
    private final ByteSink sink = new ByteSink();
    private final int listBytesMax;
    private final int fieldsMax;
    private final int nameBytesMax;
    private final boolean underscores;
    private RequestHead head;
    private ParseError error;
    private int fieldCount;
    private int listBytes;
    /** The fields are trailers. */
    private boolean trailers;
    /** Gets those that may travel on; null where they are dropped. */
    private HeaderTable kept;
    private boolean regular;
    /** The line of the only or of the last crumbs of cookies; 0 while there are none. */
    private int cookieAt;
    private int cookieEnd;
    private int cookieCount;

    public RequestFields(ParseLimits limits) {
        listBytesMax = limits.headerBytesMax();
        fieldsMax = limits.headersMax();
        nameBytesMax = limits.headerNameBytesMax();
        underscores = limits.underscoresInNames();
        pseudo = new PseudoFields(limits);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A request's header block begins; what is stored goes to {@code [from, to)} of the buffer. */
    public void begin(RequestHead into, ByteBuffer b, int from, int to) {
        head = into;
        head.reset(b);
        head.version = RequestHead.HTTP_2;
        head.keepAlive = true;
        sink.reset(b, from, to);
        pseudo.begin();
        error = null;
        fieldCount = 0;
        listBytes = 0;
        trailers = false;
        regular = false;
        cookieAt = 0;
        cookieCount = 0;
    }

    /**
     * A block of trailers begins.
     *
     * @param fields of the request so far, and their bytes in the same measure: they count on
     * @param into gets those that may travel on, null for none; they are stored in
     *     {@code [from, to)} of the buffer
     */
    public void beginTrailers(int fields, int bytes, HeaderTable into, ByteBuffer b, int from,
            int to) {
        kept = into;
        if (into != null) {
            into.reset(b);
            sink.reset(b, from, to);
        }
        error = null;
        fieldCount = fields;
        listBytes = bytes;
        trailers = true;
        regular = true;
    }

    /** A block begins whose request is refused already: it is read and dropped. */
    public void beginDropped() {
        beginTrailers(0, 0, null, null, 0, 0);
        error = ParseError.BAD_PSEUDO_HEADER;
    }

    /** Why the request is refused; null while it is not. */
    public ParseError error() {
        return error;
    }

    public int fieldCount() {
        return fieldCount;
    }

    public int listBytes() {
        return listBytes;
    }

    @Override
    public void fieldTooLong() {
        fail(ParseError.HEADERS_TOO_LARGE);
    }

    @Override
    public void field(ByteBuffer names, int nameAt, int nameLength,
            ByteBuffer values, int valueAt, int valueLength) {
        if (error != null) {
            return;
        }
        listBytes += nameLength + valueLength + FieldRules.OVERHEAD;
        error = FieldRules.fieldError(++fieldCount, fieldsMax, listBytes, listBytesMax, nameLength,
                values, valueAt, valueLength);
        if (error != null) {
            return;
        }
        if (names.get(nameAt) == ':') {
            fail(regular ? ParseError.BAD_PSEUDO_HEADER : pseudo.take(names, nameAt, nameLength,
                    values, valueAt, valueLength, sink));
        } else {
            if (!regular) {
                endPseudo();
            }
            regular(names, nameAt, nameLength, values, valueAt, valueLength);
        }
    }

    private void fail(ParseError why) {
        if (error == null) {
            error = why;
        }
    }

    /** All pseudo-headers are there: the request line is written, and the Host they stand for. */
    private void endPseudo() {
        regular = true;
        fail(pseudo.end(head, sink));
        if (error == null && head.authorityLength > 0) {
            addLine(HOST, head.authorityOffset, head.authorityLength);
        }
    }

    /** @param line name, colon and blank; the value lies in the sink's buffer */
    private void addLine(byte[] line, int valueAt, int valueLength) {
        int at = sink.position();
        sink.put(line).put(sink.buffer(), valueAt, valueLength).put(CRLF);
        add(at, line.length - 2, valueLength, HeaderName.HOST);
    }

    private void add(int at, int nameLength, int valueLength, int id) {
        add(head.headers, at, nameLength, valueLength, id);
    }

    private void add(HeaderTable table, int at, int nameLength, int valueLength, int id) {
        if (sink.overflowed()) {
            fail(ParseError.HEADERS_TOO_LARGE);
        } else if (!table.add(at, nameLength, at + nameLength + 2, valueLength, id)) {
            fail(ParseError.TOO_MANY_HEADERS);
        }
    }

    private void regular(ByteBuffer names, int nameAt, int nameLength,
            ByteBuffer values, int valueAt, int valueLength) {
        int classes = nameClasses(names, nameAt, nameLength);
        if (error != null) {
            return;
        }
        int id = HeaderName.idOf(names, nameAt, nameLength);
        if (ConnectionFields.has(id) || id == HeaderName.TE
                && !AsciiBytes.equalsIgnoreCase(values, valueAt, valueLength, TRAILERS)) {
            fail(ParseError.CONNECTION_FIELD);
        } else if (trailers) {
            if (kept != null && TrailerRule.mayTravel(id, names, nameAt, nameLength)
                    && (classes != ByteScan.TOKEN_UNDERSCORE || underscores)) {
                int at = write(names, nameAt, nameLength, values, valueAt, valueLength);
                add(kept, at, nameLength, valueLength, id);
            }
        } else if (head.upgrade && id == HeaderName.SEC_WEBSOCKET_KEY) {
            // Of no use in HTTP/2 (RFC 8441 §5): the peer gets one that is made here.
            return;
        } else if (id == HeaderName.COOKIE) {
            cookie(names, nameAt, nameLength, values, valueAt, valueLength);
        } else if (id == HeaderName.HOST && head.authorityLength > 0) {
            // It stands in the table already.
            if (!AsciiBytes.rangesEqualIgnoreCase(values, valueAt, valueLength,
                    head.buffer(), head.authorityOffset, head.authorityLength)) {
                fail(ParseError.HOST_UNLIKE_AUTHORITY);
            }
        } else {
            int at = write(names, nameAt, nameLength, values, valueAt, valueLength);
            add(at, nameLength, valueLength, id);
            if (classes == ByteScan.TOKEN_UNDERSCORE && !underscores && error == null) {
                head.headers.drop(head.headers.count() - 1);
            }
        }
    }

    /** Checks the letters of a name. @return all their classes, joined */
    private int nameClasses(ByteBuffer b, int at, int length) {
        if (length > nameBytesMax) {
            fail(ParseError.HEADER_NAME_TOO_LONG);
        }
        int classes = 0;
        for (int i = at; i < at + length && error == null; i++) {
            byte c = b.get(i);
            int tokenClass = ByteScan.tokenClass(c);
            if (tokenClass == ByteScan.NO_TOKEN) {
                fail(ParseError.BAD_HEADER_NAME);
            } else if (c >= 'A' && c <= 'Z') {
                fail(ParseError.UPPER_CASE_NAME);
            }
            classes |= tokenClass;
        }
        return classes;
    }

    private int write(ByteBuffer names, int nameAt, int nameLength,
            ByteBuffer values, int valueAt, int valueLength) {
        int at = sink.position();
        sink.put(names, nameAt, nameLength).put(':').put(' ');
        sink.put(values, valueAt, valueLength).put(CRLF);
        return at;
    }

    /**
     * Crumbs of cookies become one field again (RFC 9113 §8.2.3): one that comes behind another is
     * put to its line; otherwise the line is begun anew with what there was.
     */
    private void cookie(ByteBuffer names, int nameAt, int nameLength,
            ByteBuffer values, int valueAt, int valueLength) {
        if (cookieCount++ == 0) {
            cookieAt = write(names, nameAt, nameLength, values, valueAt, valueLength);
        } else {
            if (cookieEnd == sink.position()) {
                sink.position(cookieEnd - CRLF.length);
            } else {
                int from = cookieAt;
                cookieAt = sink.position();
                sink.put(sink.buffer(), from, cookieEnd - CRLF.length - from);
            }
            sink.put(CRUMB).put(values, valueAt, valueLength).put(CRLF);
        }
        cookieEnd = sink.position();
        if (sink.overflowed()) {
            fail(ParseError.HEADERS_TOO_LARGE);
        }
    }

    /** Where what is stored of the request ends. */
    public int storedTo() {
        return sink.position();
    }

    /**
     * The block has ended.
     *
     * @param blockBytes its length as it came
     * @param bodyFollows whether DATA may follow
     * @return why the request is refused; null if it is not
     */
    public ParseError end(int blockBytes, boolean bodyFollows) {
        head.headLength = blockBytes;
        if (!regular && error == null) {
            endPseudo();
        }
        if (error == null && cookieCount > 0) {
            int nameLength = HeaderName.lower(HeaderName.COOKIE).length;
            add(cookieAt, nameLength, cookieEnd - cookieAt - nameLength - 4, HeaderName.COOKIE);
        }
        if (error == null && head.upgrade) {
            addUpgrade();
        }
        if (error == null) {
            fail(host());
        }
        if (error == null) {
            fail(framing(bodyFollows));
        }
        if (error == null) {
            fail(expect());
        }
        head.error = error;
        return error;
    }

    /** What a WebSocket is asked for with in HTTP/1 (RFC 6455 §4.1). */
    private void addUpgrade() {
        int at = sink.position();
        sink.put(UPGRADE);
        add(at, UPGRADE_NAME_BYTES, UPGRADE_VALUE_BYTES, HeaderName.UPGRADE);
        at = sink.position();
        sink.put(KEY);
        WebSocketKey.write(sink);
        sink.put(CRLF);
        add(at, KEY.length - 2, WebSocketKey.BYTES, HeaderName.SEC_WEBSOCKET_KEY);
    }

    /** Without :authority there must be one Host (RFC 9113 §8.3.1). */
    private ParseError host() {
        HeaderTable headers = head.headers;
        int i = headers.find(HeaderName.HOST);
        if (i < 0) {
            return ParseError.MISSING_HOST;
        }
        if (headers.isRepeated(HeaderName.HOST)) {
            return ParseError.REPEATED_HOST;
        }
        return head.authorityLength > 0 ? null
                : PseudoFields.authority(head, headers.valueOffset(i), headers.valueLength(i));
    }

    private ParseError framing(boolean bodyFollows) {
        HeaderTable headers = head.headers;
        int i = headers.find(HeaderName.CONTENT_LENGTH);
        if (head.asksForTunnel()) {
            // What follows is no content of the request (RFC 9113 §8.5).
            return i < 0 ? null : ParseError.LENGTH_UNLIKE_BODY;
        }
        if (i < 0) {
            head.framing = bodyFollows ? Framing.CHUNKED : Framing.NONE;
            head.contentLength = bodyFollows ? -1 : 0;
            return null;
        }
        if (headers.isRepeated(HeaderName.CONTENT_LENGTH)) {
            return ParseError.REPEATED_CONTENT_LENGTH;
        }
        long length = AsciiBytes.parseDecimal(
                headers.buffer(), headers.valueOffset(i), headers.valueLength(i));
        if (length < 0) {
            return ParseError.BAD_CONTENT_LENGTH;
        }
        head.framing = Framing.LENGTH;
        head.contentLength = length;
        return length > 0 && !bodyFollows ? ParseError.LENGTH_UNLIKE_BODY : null;
    }

    private ParseError expect() {
        HeaderTable headers = head.headers;
        for (int i = headers.find(HeaderName.EXPECT); i >= 0;
                i = headers.findNext(HeaderName.EXPECT, i)) {
            if (!headers.valueEqualsIgnoreCase(i, CONTINUE)) {
                return ParseError.UNKNOWN_EXPECTATION;
            }
            head.expectContinue = head.framing != Framing.NONE && head.contentLength != 0;
        }
        return null;
    }
}
