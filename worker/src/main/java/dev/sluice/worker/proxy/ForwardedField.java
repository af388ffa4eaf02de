package dev.sluice.worker.proxy;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a peer is told of the client's connection: X-Forwarded-* and Forwarded (RFC 7239). Behind a
 * list that is believed stands the address that the connection began at, never one that a list has
 * told: who reads it from its end meets nothing twice. Stateless.
 */
final class ForwardedField {

    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] COMMA = ascii(", ");
    private static final byte[] X_FOR = ascii("X-Forwarded-For: ");
    private static final byte[] X_PROTO_HTTP = ascii("X-Forwarded-Proto: http\r\n");
    private static final byte[] X_PROTO_HTTPS = ascii("X-Forwarded-Proto: https\r\n");
    private static final byte[] X_HOST = ascii("X-Forwarded-Host: ");
    private static final byte[] FORWARDED = ascii("Forwarded: ");
    private static final byte[] FOR = ascii("for=");
    private static final byte[] UNKNOWN = ascii("unknown");
    private static final byte[] OPEN = ascii("\"[");
    private static final byte[] CLOSE = ascii("]\"");
    private static final byte[] HOST = ascii(";host=");
    private static final byte[] PROTO_HTTP = ascii(";proto=http\r\n");
    private static final byte[] PROTO_HTTPS = ascii(";proto=https\r\n");

    private ForwardedField() {
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** @param believed whether what the request says already stays in front */
    static void writeFor(Exchange x, boolean believed, ByteSink out) {
        out.put(X_FOR);
        if (believed) {
            copy(x.request.headers, HeaderName.X_FORWARDED_FOR, out);
        }
        x.client.sourceAddress(out);
        out.put(CRLF);
    }

    static void writeProto(Exchange x, boolean believed, ByteSink out) {
        if (!believed || !x.request.headers.has(HeaderName.X_FORWARDED_PROTO)) {
            out.put(x.client.secure() ? X_PROTO_HTTPS : X_PROTO_HTTP);
        }
    }

    static void writeHost(Exchange x, boolean believed, ByteSink out) {
        if (x.request.authorityLength > 0
                && !(believed && x.request.headers.has(HeaderName.X_FORWARDED_HOST))) {
            out.put(X_HOST);
            authority(x, out);
            out.put(CRLF);
        }
    }

    /** {@code Forwarded: for="[2001:db8::7]";host="example.com:8080";proto=https}. */
    static void writeForwarded(Exchange x, boolean believed, ByteSink out) {
        out.put(FORWARDED);
        if (believed) {
            copy(x.request.headers, HeaderName.FORWARDED, out);
        }
        out.put(FOR);
        node(x, out);
        if (x.request.authorityLength > 0) {
            out.put(HOST);
            host(x, out);
        }
        out.put(x.client.secure() ? PROTO_HTTPS : PROTO_HTTP);
    }

    /** RFC 7239 §6: IPv6 in brackets and quotes; a unix socket has no address to tell. */
    private static void node(Exchange x, ByteSink out) {
        int from = out.position();
        x.client.sourceAddress(out);
        int end = out.position();
        if (AsciiBytes.indexOf(out.buffer(), from, end, ':') == end) {
            return;
        }
        boolean unix = out.buffer().get(out.position() - 1) == ':'
                && out.buffer().get(from) == 'u';
        out.position(from);
        if (unix) {
            out.put(UNKNOWN);
            return;
        }
        out.put(OPEN);
        x.client.sourceAddress(out);
        out.put(CLOSE);
    }

    /** A port or a bracket is no part of a token (RFC 9110 §5.6.2). */
    private static void host(Exchange x, ByteSink out) {
        ByteBuffer b = x.request.buffer();
        int from = x.request.authorityOffset;
        int end = from + x.request.authorityLength;
        boolean quoted = AsciiBytes.indexOf(b, from, end, ':') < end
                || AsciiBytes.indexOf(b, from, end, '[') < end;
        if (quoted) {
            out.put('"');
        }
        authority(x, out);
        if (quoted) {
            out.put('"');
        }
    }

    private static void authority(Exchange x, ByteSink out) {
        out.put(x.request.buffer(), x.request.authorityOffset, x.request.authorityLength);
    }

    /** Whether each quote has its other one: an open one would swallow what is put behind it. */
    private static boolean isClosed(HeaderTable headers, int i) {
        ByteBuffer b = headers.buffer();
        int end = headers.valueOffset(i) + headers.valueLength(i);
        boolean open = false;
        for (int at = headers.valueOffset(i); at < end; at++) {
            byte c = b.get(at);
            if (open && c == '\\') {
                at++;
            } else if (c == '"') {
                open = !open;
            }
        }
        return !open;
    }

    /** The values of all fields of this id, each with a comma behind it. */
    private static void copy(HeaderTable headers, int id, ByteSink out) {
        for (int i = headers.find(id); i >= 0; i = headers.findNext(id, i)) {
            if (headers.valueLength(i) > 0 && isClosed(headers, i)) {
                out.put(headers.buffer(), headers.valueOffset(i), headers.valueLength(i));
                out.put(COMMA);
            }
        }
    }
}
