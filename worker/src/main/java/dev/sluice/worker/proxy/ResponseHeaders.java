package dev.sluice.worker.proxy;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
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
    private final Redirects redirects;
    /** Null when cookies stay as they are. */
    private final CookieRules cookies;

    /** @param proxyHost host and port as {@code proxy_pass} gives them */
    ResponseHeaders(LocationConfig location, String proxyHost, TemplateCompiler templates) {
        List<String> passed = location.proxy().headers().pass().stream()
                .map(name -> name.toLowerCase(Locale.ROOT)).toList();
        Stream.concat(Stream.of(HIDDEN), location.proxy().headers().hide().stream())
                .filter(name -> !passed.contains(name.toLowerCase(Locale.ROOT)))
                .forEach(hidden::add);
        if (location.headers().cors() != null) {
            Stream.of(CORS).forEach(hidden::add);
        }
        redirects = new Redirects(location, proxyHost, templates);
        cookies = CookieRules.of(location.proxy().headers(), templates);
    }

    /** Passes on a 103. Cookies that come with it would count before the answer is known. */
    void writeHints(Exchange x, HeaderTable headers) {
        HopByHop.mark(headers);
        boolean any = false;
        for (int i = 0; i < headers.count(); i++) {
            if (hidden.has(headers, i) || headers.id(i) == HeaderName.SET_COOKIE) {
                headers.drop(i);
            }
            any |= !headers.dropped(i);
        }
        if (any) {
            x.client.earlyHints(headers);
        }
    }

    void write(Exchange x, HeaderTable headers, ClientStream client) {
        HopByHop.mark(headers);
        ByteBuffer b = headers.buffer();
        int count = headers.count();
        for (int i = 0; i < count; i++) {
            if (headers.dropped(i) || hidden.has(headers, i)) {
                continue;
            }
            int id = headers.id(i);
            boolean changed = switch (id) {
                case HeaderName.LOCATION, HeaderName.REFRESH ->
                        redirects.write(x, headers, i, client);
                case HeaderName.SET_COOKIE ->
                        cookies != null && cookies.write(x, headers, i, client);
                default -> false;
            };
            if (!changed) {
                client.header(b, headers.nameOffset(i), headers.nameLength(i),
                        b, headers.valueOffset(i), headers.valueLength(i));
            }
        }
        client.header(HeaderName.VIA, VIA);
    }
}
