package dev.sluice.worker.proxy;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.HopByHop;
import dev.sluice.worker.http.NameSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The fields of the response to the client: the peer's without those that stop here, those that
 * the stream writes itself (Date, Server, the framing) and {@code proxy_hide_header}, but for what
 * {@code proxy_pass_header} lets through. A redirect
 * to the peer's own URL is turned back to where the client came from.
 *
 * <p>Written at boot, then read-only.
 */
final class ResponseHeaders {

    private static final byte[] VIA = "1.1 sluice".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] URL = "url=".getBytes(StandardCharsets.US_ASCII);
    /** With cors_allow_origin this proxy alone says who may read an answer. */
    private static final String[] CORS = {
        "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials",
        "Access-Control-Allow-Methods", "Access-Control-Allow-Headers",
        "Access-Control-Expose-Headers", "Access-Control-Max-Age"
    };
    /** nginx's own list: what a peer tells its proxy is not for the client. */
    private static final String[] HIDDEN = {
        "Content-Length", "Date", "Server", "X-Pad", "X-Accel-Expires", "X-Accel-Redirect",
        "X-Accel-Limit-Rate", "X-Accel-Buffering", "X-Accel-Charset"
    };

    private final NameSet hidden = new NameSet();
    /** Redirects that begin with this ... */
    private final byte[] redirectFrom;
    /** ... begin with this for the client. */
    private final byte[] redirectTo;

    /** @param proxyHost host and port as {@code proxy_pass} gives them */
    ResponseHeaders(LocationConfig location, String proxyHost) {
        List<String> passed = location.proxy().headers().pass().stream()
                .map(name -> name.toLowerCase(Locale.ROOT)).toList();
        Stream.concat(Stream.of(HIDDEN), location.proxy().headers().hide().stream())
                .filter(name -> !passed.contains(name.toLowerCase(Locale.ROOT)))
                .forEach(hidden::add);
        if (location.headers().cors() != null) {
            Stream.of(CORS).forEach(hidden::add);
        }
        String uri = location.proxy().uri();
        boolean isPrefix = location.match().isPrefix();
        String from = uri == null || !isPrefix ? "/" : uri;
        String to = uri == null || !isPrefix ? "/" : location.pattern();
        redirectFrom = ("http://" + proxyHost + from).getBytes(StandardCharsets.UTF_8);
        redirectTo = to.getBytes(StandardCharsets.UTF_8);
    }

    void write(HeaderTable headers, ClientStream client) {
        HopByHop.mark(headers);
        ByteBuffer b = headers.buffer();
        int count = headers.count();
        for (int i = 0; i < count; i++) {
            if (headers.dropped(i) || hidden.has(headers, i)) {
                continue;
            }
            int id = headers.id(i);
            if (id == HeaderName.LOCATION && startsWithOwnUrl(headers, i, 0)) {
                redirect(headers, i, 0, client);
            } else if (id == HeaderName.REFRESH && refreshUrl(headers, i) >= 0
                    && startsWithOwnUrl(headers, i, refreshUrl(headers, i))) {
                redirect(headers, i, refreshUrl(headers, i), client);
            } else {
                client.header(b, headers.nameOffset(i), headers.nameLength(i),
                        b, headers.valueOffset(i), headers.valueLength(i));
            }
        }
        client.header(HeaderName.VIA, VIA);
    }

    /** @param at where in the value the URL begins */
    private boolean startsWithOwnUrl(HeaderTable headers, int i, int at) {
        if (headers.valueLength(i) - at < redirectFrom.length) {
            return false;
        }
        int from = headers.valueOffset(i) + at;
        for (int k = 0; k < redirectFrom.length; k++) {
            if (headers.buffer().get(from + k) != redirectFrom[k]) {
                return false;
            }
        }
        return true;
    }

    /** Where the URL of {@code Refresh: 5; url=http://...} begins, -1 if there is none. */
    private static int refreshUrl(HeaderTable headers, int i) {
        int from = headers.valueOffset(i);
        int last = headers.valueLength(i) - URL.length;
        for (int at = 0; at <= last; at++) {
            if (AsciiBytes.equalsIgnoreCase(headers.buffer(), from + at, URL.length, URL)) {
                return at + URL.length;
            }
        }
        return -1;
    }

    private void redirect(HeaderTable headers, int i, int at, ClientStream client) {
        ByteBuffer b = headers.buffer();
        int from = headers.valueOffset(i);
        int rest = at + redirectFrom.length;
        ByteSink value = client.beginHeader(HeaderName.bytes(headers.id(i)));
        value.put(b, from, at).put(redirectTo);
        value.put(b, from + rest, headers.valueLength(i) - rest);
        client.endHeader();
    }
}
