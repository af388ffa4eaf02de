package dev.sluice.worker.proxy;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.RedirectConfig;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * {@code proxy_redirect}: a redirect to the peer's own URL is turned back to where the client came
 * from. The first rule whose beginning the URL has is applied.
 *
 * <p>Written at boot, then read-only.
 */
final class Redirects {

    private static final byte[] URL = "url=".getBytes(StandardCharsets.US_ASCII);

    private final FieldPattern[] rules;

    /** @param proxyHost host and port as {@code proxy_pass} gives them */
    Redirects(LocationConfig location, String proxyHost, TemplateCompiler templates) {
        List<RedirectConfig> configs = location.proxy().headers().redirects();
        rules = new FieldPattern[configs.size()];
        for (int i = 0; i < rules.length; i++) {
            RedirectConfig config = configs.get(i);
            rules[i] = config.from() == null ? ownUrl(location, proxyHost)
                    : FieldPattern.of(config.from(), templates.compile(config.to()), templates);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static FieldPattern ownUrl(LocationConfig location, String proxyHost) {
        String uri = location.proxy().uri();
        boolean replaces = uri != null && location.match().isPrefix();
        String scheme = location.proxy().transport().tls() == null ? "http://" : "https://";
        byte[] path = bytes(replaces ? location.pattern() : "/");
        return FieldPattern.literal(scheme + proxyHost + (replaces ? uri : "/"),
                (x, out) -> out.put(path));
    }

    /** Writes a Location or Refresh that a rule changes. @return false when none does */
    boolean write(Exchange x, HeaderTable headers, int i, ClientStream client) {
        int at = headers.id(i) == HeaderName.LOCATION ? 0 : refreshUrl(headers, i);
        if (at < 0) {
            return false;
        }
        ByteBuffer b = headers.buffer();
        int from = headers.valueOffset(i);
        for (FieldPattern rule : rules) {
            int replaced = rule.begins(x, b, from + at, from + headers.valueLength(i));
            if (replaced != FieldPattern.NONE) {
                int rest = at + replaced;
                ByteSink value = client.beginHeader(HeaderName.bytes(headers.id(i)));
                value.put(b, from, at);
                rule.replace(x, value);
                value.put(b, from + rest, headers.valueLength(i) - rest);
                client.endHeader();
                return true;
            }
        }
        return false;
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
}
