package dev.sluice.worker.http1;

import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Gives bytes to a parser in pieces and says what came out, as one line of text. What lies behind
 * the bytes that have arrived is chosen to mislead a parser that looks too far.
 */
final class Feed {

    /** Bytes before the message, so that an offset taken from zero shows. */
    static final int FROM = 5;

    private static final byte[] BAIT = "\r\n\r\n: /x\r\n:\t".getBytes(StandardCharsets.US_ASCII);
    private static final ParseLimits LIMITS =
            new ParseLimits(120, 300, 8, 40, false, 32, 64, 100);

    private Feed() {}

    static ParseLimits limits() {
        return LIMITS;
    }

    static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(ByteBuffer b, int offset, int length) {
        byte[] bytes = new byte[length];
        b.get(offset, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** As {@link #text}, for a range that has to lie in the bytes that have arrived. */
    private static String piece(ByteBuffer b, int offset, int length, int end) {
        // An absent piece has length 0 and may have offset 0.
        if (length < 0 || length > 0 && offset < FROM || offset > end - length) {
            throw new IllegalStateException("range " + offset + " +" + length + " outside");
        }
        return text(b, offset, length);
    }

    static ByteBuffer bait(int capacity) {
        ByteBuffer b = ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < capacity; i++) {
            b.put(i, BAIT[i % BAIT.length]);
        }
        return b;
    }

    /** Where the pieces end: the last element is the whole length. */
    interface Cuts {
        int next(int at);
    }

    static Cuts whole(int length) {
        return at -> length;
    }

    static Cuts cutAt(int index, int length) {
        return at -> at < index ? index : length;
    }

    static Cuts bytewise() {
        return at -> at + 1;
    }

    static String request(byte[] bytes, Cuts cuts, ParseLimits limits) {
        ByteBuffer b = bait(FROM + bytes.length + 16);
        RequestHead head = new RequestHead(limits.headersMax());
        RequestParser parser = new RequestParser(limits);
        parser.reset(FROM);
        int at = 0;
        int outcome = RequestParser.NEED_MORE;
        while (outcome == RequestParser.NEED_MORE && at < bytes.length) {
            int next = Math.min(cuts.next(at), bytes.length);
            b.put(FROM + at, bytes, at, next - at);
            at = next;
            outcome = parser.parse(head, b, FROM + at);
        }
        if (outcome == RequestParser.BAD) {
            return head.error.name();
        }
        if (outcome == RequestParser.NEED_MORE) {
            return "NEED_MORE";
        }
        return line(head, outcome) + " rest=" + (FROM + bytes.length - outcome);
    }

    private static String line(RequestHead head, int end) {
        ByteBuffer b = head.buffer();
        StringBuilder s = new StringBuilder();
        s.append(head.method).append(' ');
        s.append(piece(b, head.methodOffset, head.methodLength, end)).append(' ').append(head.form);
        s.append(" path=").append(piece(b, head.pathOffset, head.pathLength, end));
        if (head.queryLength >= 0) {
            s.append(" query=").append(piece(b, head.queryOffset, head.queryLength, end));
        }
        s.append(" 1.").append(head.version);
        s.append(" host=").append(piece(b, head.hostOffset, head.hostLength, end));
        s.append(':').append(head.port);
        s.append(" authority=").append(piece(b, head.authorityOffset, head.authorityLength, end));
        s.append(' ').append(head.framing).append(' ').append(head.contentLength);
        s.append(head.keepAlive ? " keep" : " close");
        s.append(head.expectContinue ? " expect" : "").append(head.upgrade ? " upgrade" : "");
        fields(s, head.headers, end);
        return s.toString();
    }

    private static void fields(StringBuilder s, HeaderTable headers, int end) {
        ByteBuffer b = headers.buffer();
        for (int i = 0; i < headers.count(); i++) {
            s.append(headers.dropped(i) ? " -[" : " [").append(headers.id(i)).append(' ');
            s.append(piece(b, headers.nameOffset(i), headers.nameLength(i), end)).append('=');
            s.append(piece(b, headers.valueOffset(i), headers.valueLength(i), end)).append(']');
        }
    }

    static String response(byte[] bytes, int method, Cuts cuts, ParseLimits limits) {
        ByteBuffer b = bait(FROM + bytes.length + 16);
        ResponseHead head = new ResponseHead(limits.headersMax());
        ResponseParser parser = new ResponseParser(limits);
        parser.reset(FROM, method);
        int at = 0;
        int outcome = ResponseParser.NEED_MORE;
        while (outcome == ResponseParser.NEED_MORE && at < bytes.length) {
            int next = Math.min(cuts.next(at), bytes.length);
            b.put(FROM + at, bytes, at, next - at);
            at = next;
            outcome = parser.parse(head, b, FROM + at);
        }
        if (outcome == ResponseParser.BAD) {
            return head.error.name();
        }
        if (outcome == ResponseParser.NEED_MORE) {
            return "NEED_MORE";
        }
        StringBuilder s = new StringBuilder();
        s.append(head.status).append(" 1.").append(head.minorVersion);
        s.append(" reason=").append(piece(b, head.reasonOffset, head.reasonLength, outcome));
        s.append(' ').append(head.framing).append(' ').append(head.contentLength);
        s.append(head.keepAlive ? " keep" : " close").append(head.upgrade ? " upgrade" : "");
        fields(s, head.headers, outcome);
        return s + " rest=" + (FROM + bytes.length - outcome);
    }

    static String chunks(byte[] bytes, Cuts cuts, ParseLimits limits) {
        ByteBuffer b = bait(FROM + bytes.length + 16);
        ByteBuffer store = bait(limits.trailerBytesMax() + FROM);
        HeaderTable trailers = new HeaderTable(limits.headersMax());
        ChunkDecoder decoder = new ChunkDecoder(limits);
        decoder.reset();
        decoder.keepTrailers(trailers, store, FROM, store.capacity());
        StringBuilder body = new StringBuilder();
        int at = 0;
        int state = ChunkDecoder.MORE;
        while (state == ChunkDecoder.MORE && at < bytes.length) {
            int next = Math.min(cuts.next(at), bytes.length);
            b.put(FROM + at, bytes, at, next - at);
            state = decoder.decode(b, FROM + at, FROM + next);
            body.append(text(b, FROM + at, decoder.dataLength()));
            at += decoder.consumed();
            if (state == ChunkDecoder.MORE && at != next) {
                return "left bytes behind at " + at;
            }
        }
        if (state == ChunkDecoder.BAD) {
            return decoder.error().name();
        }
        StringBuilder s = new StringBuilder(state == ChunkDecoder.DONE ? "DONE " : "MORE ");
        s.append('\'').append(body).append('\'');
        fields(s, trailers, store.capacity());
        return s.append(" rest=").append(bytes.length - at).toString();
    }
}
