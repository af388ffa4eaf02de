package dev.sluice.common.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Builds the message of an error line:
 *
 * <pre>
 * upstream sent nothing for too long while reading response header from upstream, client:
 * 192.0.2.7, listener: 0.0.0.0:80, server: www, location: /api/, request: "GET /api/x HTTP/1.1",
 * upstream: "http://10.0.0.1:8080"
 * </pre>
 *
 * on one line. The parts come in this order, absent ones (null or empty) are left out. Everything
 * that comes from outside is escaped and cut at 1024 bytes; of parameters with secret names in the
 * queries of request and upstream the values are hidden.
 *
 * <p>Owner: event loop, which reuses one instance; {@link #start} begins the next line.
 */
public final class LogLine {
    /** Bounds one part, so that a request cannot fill the log with a single line. */
    static final int PART_BYTES_MAX = 1024;

    private final StringBuilder text = new StringBuilder(512);

    /** Place of the last part in the order above; parts may be left out but not swapped. */
    private int place;

    /** Begins a line with what happened: lower case, no full stop. */
    public LogLine start(CharSequence what) {
        text.setLength(0);
        place = 0;
        Escape.plain(text, what, PART_BYTES_MAX);
        return this;
    }

    /** Adds why, as the system or a library says it: {@code : Connection refused}. */
    public LogLine cause(CharSequence why) {
        if (present(why)) {
            text.append(": ");
            Escape.plain(text, why, PART_BYTES_MAX);
        }
        return this;
    }

    /** Adds the phrase of the state in which it happened. */
    public LogLine during(CharSequence phrase) {
        advance(1);
        if (present(phrase)) {
            text.append(" while ");
            Escape.plain(text, phrase, PART_BYTES_MAX);
        }
        return this;
    }

    public LogLine client(CharSequence address) {
        return part(2, "client", address);
    }

    public LogLine listener(CharSequence address) {
        return part(3, "listener", address);
    }

    public LogLine server(CharSequence name) {
        return part(4, "server", name);
    }

    public LogLine location(CharSequence pattern) {
        return part(5, "location", pattern);
    }

    /** The request line as it came; the bytes are read before this returns. */
    public LogLine request(ByteBuffer bytes, int offset, int length) {
        byte[] copy = new byte[Math.max(0, length)];
        bytes.get(offset, copy);
        return request(new String(copy, StandardCharsets.ISO_8859_1));
    }

    public LogLine request(CharSequence requestLine) {
        return quotedPart(6, "request", requestLine);
    }

    /** The URL or address of the peer. */
    public LogLine upstream(CharSequence peer) {
        return quotedPart(7, "upstream", peer);
    }

    /** The finished message, for {@link ErrorLog#log}. */
    @Override
    public String toString() {
        return text.toString();
    }

    private LogLine part(int at, String name, CharSequence value) {
        advance(at);
        if (present(value)) {
            text.append(", ").append(name).append(": ");
            Escape.plain(text, value, PART_BYTES_MAX);
        }
        return this;
    }

    private LogLine quotedPart(int at, String name, CharSequence value) {
        advance(at);
        if (present(value)) {
            text.append(", ").append(name).append(": \"");
            Escape.quoted(text, SecretNames.hideIn(value.toString()), PART_BYTES_MAX);
            text.append('"');
        }
        return this;
    }

    private void advance(int to) {
        assert to > place : "parts of a log line out of order";
        place = to;
    }

    private static boolean present(CharSequence value) {
        return value != null && !value.isEmpty();
    }
}
