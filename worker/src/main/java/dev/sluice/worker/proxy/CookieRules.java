package dev.sluice.worker.proxy;

import dev.sluice.common.config.ProxyHeadersConfig;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * {@code proxy_cookie_domain} and {@code proxy_cookie_path}: attributes of Set-Cookie (RFC 6265
 * §4.1.1) as clients shall see them. Name and value of the cookie are never touched.
 *
 * <p>Written at boot, then read-only.
 */
final class CookieRules {

    private static final byte[] DOMAIN = bytes("domain");
    private static final byte[] PATH = bytes("path");

    private final FieldPattern[] domains;
    private final FieldPattern[] paths;

    private CookieRules(ProxyHeadersConfig config, TemplateCompiler templates) {
        domains = config.cookieDomains().stream()
                .map(one -> FieldPattern.of(domain(one.from()), templates.compile(one.to()),
                        templates)).toArray(FieldPattern[]::new);
        paths = config.cookiePaths().stream()
                .map(one -> FieldPattern.of(one.from(), templates.compile(one.to()), templates))
                .toArray(FieldPattern[]::new);
    }

    /** As it is compared: without a dot in front, in lower case. */
    private static String domain(String from) {
        return from.startsWith("~") || from.indexOf('$') >= 0 ? from
                : from.substring(from.startsWith(".") ? 1 : 0).toLowerCase(Locale.ROOT);
    }

    /** Null when cookies stay as they are. */
    static CookieRules of(ProxyHeadersConfig config, TemplateCompiler templates) {
        return config.cookieDomains().isEmpty() && config.cookiePaths().isEmpty()
                ? null : new CookieRules(config, templates);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Writes a Set-Cookie that rules change. @return false when none does */
    boolean write(Exchange x, HeaderTable headers, int i, ClientStream client) {
        ByteBuffer b = headers.buffer();
        int copied = headers.valueOffset(i);
        int end = copied + headers.valueLength(i);
        ByteSink out = null;
        for (int at = AsciiBytes.indexOf(b, copied, end, ';'); at < end;) {
            int attributeEnd = AsciiBytes.indexOf(b, at + 1, end, ';');
            int nameAt = AsciiBytes.skipSpace(b, at + 1, attributeEnd);
            int equals = AsciiBytes.indexOf(b, nameAt, attributeEnd, '=');
            int valueAt = AsciiBytes.skipSpace(b, Math.min(equals + 1, attributeEnd), attributeEnd);
            int valueEnd = AsciiBytes.trimSpace(b, valueAt, attributeEnd);
            int nameLength = AsciiBytes.trimSpace(b, nameAt, equals) - nameAt;
            at = attributeEnd;
            int replacedEnd = valueEnd;
            FieldPattern rule = null;
            if (AsciiBytes.equalsIgnoreCase(b, nameAt, nameLength, DOMAIN)) {
                rule = ofDomain(x, b, valueAt, valueEnd);
            } else if (AsciiBytes.equalsIgnoreCase(b, nameAt, nameLength, PATH)) {
                for (int k = 0; rule == null && k < paths.length; k++) {
                    int replaced = paths[k].begins(x, b, valueAt, valueEnd);
                    rule = replaced == FieldPattern.NONE ? null : paths[k];
                    replacedEnd = rule == null ? valueEnd : valueAt + replaced;
                }
            }
            if (rule != null) {
                if (out == null) {
                    out = client.beginHeader(HeaderName.bytes(HeaderName.SET_COOKIE));
                }
                out.put(b, copied, valueAt - copied);
                rule.replace(x, out);
                copied = replacedEnd;
            }
        }
        if (out == null) {
            return false;
        }
        out.put(b, copied, end - copied);
        client.endHeader();
        return true;
    }

    private FieldPattern ofDomain(Exchange x, ByteBuffer b, int from, int end) {
        for (FieldPattern rule : domains) {
            if (rule.is(x, b, from, end)) {
                return rule;
            }
        }
        return null;
    }
}
