package dev.sluice.worker.downstream;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.FieldLines;
import dev.sluice.worker.exchange.LimitStatus;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes the head of an HTTP/1.1 response (RFC 9112 §4, §5) into the stream's output.
 *
 * <p>Owner: event loop.
 */
final class HeadWriter extends FieldLines {

    private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
    private static final byte[] SWITCHED =
            ascii("Connection: Upgrade\r\nUpgrade: websocket\r\n");
    private static final byte[] RETRY_AFTER = ascii("Retry-After: ");
    private static final int UNAUTHORIZED = 401;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int SERVICE_UNAVAILABLE = 503;

    private final DateHeader date;
    private int headStart;

    HeadWriter(DateHeader date) {
        this.date = date;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** @param dateS when the answer was made, if not now: in seconds, else below zero */
    void begin(ByteSink into, int status, long dateS) {
        sink = into;
        headStart = into.position();
        into.put(Status.line(status));
        into.put(date.lines(dateS));
    }

    int headStart() {
        return headStart;
    }

    void lines(ByteBuffer lines, int from, int length) {
        sink.put(lines, from, length);
    }

    /** Writes framing and connection; true when all fitted. */
    boolean end(long contentLength, boolean chunked, boolean close, boolean http10KeepAlive) {
        if (contentLength >= 0) {
            sink.put(CONTENT_LENGTH).putDecimal(contentLength).put(CRLF);
        } else if (chunked) {
            sink.put(CHUNKED);
        }
        if (close) {
            sink.put(CLOSE);
        } else if (http10KeepAlive) {
            sink.put(KEEP_ALIVE);
        }
        sink.put(CRLF);
        return !sink.overflowed();
    }

    /**
     * As {@link #endFields} and {@link #end}, where a tunnel begins.
     *
     * @param switched whether it is a 101 to WebSocket
     */
    boolean endOfTunnel(Exchange x, boolean switched) {
        addFields(x);
        if (switched) {
            sink.put(SWITCHED);
        }
        sink.put(CRLF);
        return !sink.overflowed();
    }

    /**
     * Applies the location's rules, then writes add_headers, challenge and Retry-After.
     *
     * @return the length of the body, which may have been given another form
     */
    long endFields(Exchange x, long contentLength) {
        addFields(x);
        return x.coding == null ? contentLength
                : x.coding.choose(x, sink, headStart, contentLength);
    }

    private void addFields(Exchange x) {
        if (x.location != null) {
            x.location.finishHead(x, this, headStart);
        }
        if (x.challenge != null && x.status == UNAUTHORIZED) {
            header(HeaderName.bytes(HeaderName.WWW_AUTHENTICATE), x.challenge);
        }
        if (x.statusLine != null
                && (x.status == METHOD_NOT_ALLOWED || x.status == RANGE_NOT_SATISFIABLE)) {
            sink.put(x.statusLine);
        }
        if (x.retryAfterS != 0 && (x.status == SERVICE_UNAVAILABLE
                || x.limitStatus == LimitStatus.REJECTED
                || x.holdStatus == LimitStatus.REJECTED)) {
            sink.put(RETRY_AFTER).putDecimal(x.retryAfterS).put(CRLF);
        }
    }

    void interim(ByteSink into, int status) {
        into.put(Status.line(status)).put(CRLF);
    }

    void earlyHints(ByteSink into, HeaderTable fields) {
        into.put(Status.line(Status.EARLY_HINTS));
        ByteBuffer b = fields.buffer();
        for (int i = 0; i < fields.count(); i++) {
            if (!fields.dropped(i)) {
                into.put(b, fields.nameOffset(i), fields.nameLength(i)).put(':').put(' ')
                        .put(b, fields.valueOffset(i), fields.valueLength(i)).put(CRLF);
            }
        }
        into.put(CRLF);
    }
}
