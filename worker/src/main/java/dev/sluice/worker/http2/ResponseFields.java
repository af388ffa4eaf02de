package dev.sluice.worker.http2;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.Framing;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.http.ResponseHead;
import dev.sluice.worker.http.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Makes the head of a response, or its trailers, of a header block's fields (RFC 9113 §8), as lines
 * of HTTP/1: what follows need not know which it was. Whatever a reader of HTTP/1 could understand
 * in another way is refused. After the first error nothing is stored any more, but the block has
 * to be read to its end.
 *
 * <p>Owner: event loop (or one test thread). One for all streams: {@link #begin} starts over.
 */
public final class ResponseFields implements FieldListener {

    private static final int NAME_BYTES_MAX = 256;
    private static final int FIELDS_MAX = 100;
    private static final byte[] STATUS = ":status".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CRLF = {'\r', '\n'};

    private final ByteSink sink = new ByteSink();
    /** Null for trailers. */
    private ResponseHead head;
    private ParseError error;
    private int listBytesMax;
    private int listBytes;
    private int fieldCount;
    private boolean regular;

    /** A head begins; what is stored goes to {@code [from, to)} of the buffer. */
    public void begin(ResponseHead into, ByteBuffer b, int from, int to, int bytesMax) {
        start(b, from, to, bytesMax);
        head = into;
        head.reset(b);
        head.keepAlive = true;
        regular = false;
        error = null;
    }

    /** Trailers begin: they are stored as lines. */
    public void beginTrailers(ByteBuffer b, int from, int to, int bytesMax) {
        start(b, from, to, bytesMax);
        head = null;
        regular = true;
        error = null;
    }

    /** A block begins that nobody wants: it is read and dropped. */
    public void beginDropped() {
        error = ParseError.BAD_PSEUDO_HEADER;
    }

    private void start(ByteBuffer b, int from, int to, int bytesMax) {
        sink.reset(b, from, to);
        listBytesMax = bytesMax;
        listBytes = 0;
        fieldCount = 0;
    }

    /** Why the response is refused; null while it is not. */
    public ParseError error() {
        return error;
    }

    /** Where what was stored ends. */
    public int storedTo() {
        return sink.position();
    }

    private void fail(ParseError why) {
        if (error == null) {
            error = why;
        }
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
        error = FieldRules.fieldError(++fieldCount, FIELDS_MAX, listBytes, listBytesMax, nameLength,
                values, valueAt, valueLength);
        if (error == null && nameLength > NAME_BYTES_MAX) {
            error = ParseError.HEADER_NAME_TOO_LONG;
        }
        if (error != null) {
            return;
        }
        if (names.get(nameAt) == ':') {
            pseudo(names, nameAt, nameLength, values, valueAt, valueLength);
        } else {
            regular(names, nameAt, nameLength, values, valueAt, valueLength);
        }
    }

    /** RFC 9113 §8.3.2: there is {@code :status}, once, before the others. */
    private void pseudo(ByteBuffer names, int nameAt, int nameLength,
            ByteBuffer values, int valueAt, int valueLength) {
        if (regular || head.status != 0 || nameLength != STATUS.length
                || !AsciiBytes.startsWith(names, nameAt, nameAt + nameLength, STATUS)) {
            fail(ParseError.BAD_PSEUDO_HEADER);
            return;
        }
        long status = valueLength == 3
                ? AsciiBytes.parseDecimal(values, valueAt, valueLength) : -1;
        // 101 means nothing here (§8.6).
        if (status < 100 || status > 599 || status == 101) {
            fail(ParseError.BAD_STATUS_LINE);
        } else {
            head.status = (int) status;
        }
    }

    private void regular(ByteBuffer names, int nameAt, int nameLength,
            ByteBuffer values, int valueAt, int valueLength) {
        regular = true;
        fail(FieldRules.nameError(names, nameAt, nameLength));
        int id = HeaderName.idOf(names, nameAt, nameLength);
        if (ConnectionFields.has(id) || id == HeaderName.TE) {
            fail(ParseError.CONNECTION_FIELD);
        }
        if (error != null || head == null && isOfHead(id)) {
            return;
        }
        int at = sink.position();
        sink.put(names, nameAt, nameLength).put(':').put(' ');
        sink.put(values, valueAt, valueLength).put(CRLF);
        if (sink.overflowed()) {
            fail(ParseError.HEADERS_TOO_LARGE);
        } else if (head != null
                && !head.headers.add(at, nameLength, at + nameLength + 2, valueLength, id)) {
            fail(ParseError.TOO_MANY_HEADERS);
        }
    }

    /** RFC 9110 §6.5.1: what says how a message is to be read comes too late behind it. */
    private static boolean isOfHead(int id) {
        return switch (id) {
            case HeaderName.CONTENT_LENGTH, HeaderName.HOST, HeaderName.TRAILER,
                    HeaderName.CONTENT_TYPE, HeaderName.CONTENT_ENCODING,
                    HeaderName.CONTENT_RANGE, HeaderName.SET_COOKIE -> true;
            default -> false;
        };
    }

    /**
     * The block has ended.
     *
     * @param method of the request
     * @param ends whether no DATA follows
     * @return why the response is refused; null if it is not
     */
    public ParseError end(int method, boolean ends) {
        if (error == null && head != null) {
            fail(head.status == 0 ? ParseError.MISSING_PSEUDO_HEADER : framing(method, ends));
        }
        return error;
    }

    private ParseError framing(int method, boolean ends) {
        if (head.isInterim()) {
            return ends ? ParseError.LENGTH_UNLIKE_BODY : null;
        }
        HeaderTable headers = head.headers;
        boolean bodiless = method == Method.HEAD || Status.isBodiless(head.status);
        int i = headers.find(HeaderName.CONTENT_LENGTH);
        if (i < 0) {
            head.framing = bodiless ? Framing.NONE : ends ? Framing.LENGTH : Framing.UNTIL_CLOSE;
            head.contentLength = bodiless || ends ? 0 : -1;
            return null;
        }
        if (headers.isRepeated(HeaderName.CONTENT_LENGTH)) {
            return ParseError.REPEATED_CONTENT_LENGTH;
        }
        head.contentLength = AsciiBytes.parseDecimal(
                headers.buffer(), headers.valueOffset(i), headers.valueLength(i));
        if (head.contentLength < 0) {
            return ParseError.BAD_CONTENT_LENGTH;
        }
        head.framing = bodiless ? Framing.NONE : Framing.LENGTH;
        return !bodiless && ends && head.contentLength > 0
                ? ParseError.LENGTH_UNLIKE_BODY : null;
    }
}
