package dev.sluice.worker.proxy;

import dev.sluice.common.config.ProxyHeadersConfig;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ValueTemplate;
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

    /** An attribute that is this, or begins so, is otherwise for the client. */
    private record Rule(byte[] from, ValueTemplate to) {}

    private final Rule[] domains;
    private final Rule[] paths;

    private CookieRules(ProxyHeadersConfig config, TemplateCompiler templates) {
        domains = config.cookieDomains().stream()
                .map(one -> new Rule(bytes(bare(one.from().toLowerCase(Locale.ROOT))),
                        templates.compile(one.to()))).toArray(Rule[]::new);
        paths = config.cookiePaths().stream()
                .map(one -> new Rule(bytes(one.from()), templates.compile(one.to())))
                .toArray(Rule[]::new);
    }

    /** Null when cookies stay as they are. */
    static CookieRules of(ProxyHeadersConfig config, TemplateCompiler templates) {
        return config.cookieDomains().isEmpty() && config.cookiePaths().isEmpty()
                ? null : new CookieRules(config, templates);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String bare(String domain) {
        return domain.startsWith(".") ? domain.substring(1) : domain;
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
            int replacedFrom = valueAt;
            int replacedEnd = valueEnd;
            Rule rule = null;
            if (AsciiBytes.equalsIgnoreCase(b, nameAt, nameLength, DOMAIN)) {
                rule = ofDomain(b, valueAt, valueEnd);
            } else if (AsciiBytes.equalsIgnoreCase(b, nameAt, nameLength, PATH)) {
                rule = ofPath(b, valueAt, valueEnd);
                replacedEnd = rule == null ? valueEnd : valueAt + rule.from.length;
            }
            if (rule != null) {
                if (out == null) {
                    out = client.beginHeader(HeaderName.bytes(HeaderName.SET_COOKIE));
                }
                out.put(b, copied, replacedFrom - copied);
                rule.to.append(x, out);
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

    private Rule ofDomain(ByteBuffer b, int from, int end) {
        int bareFrom = from < end && b.get(from) == '.' ? from + 1 : from;
        for (Rule rule : domains) {
            if (AsciiBytes.equalsIgnoreCase(b, bareFrom, end - bareFrom, rule.from)) {
                return rule;
            }
        }
        return null;
    }

    private Rule ofPath(ByteBuffer b, int from, int end) {
        for (Rule rule : paths) {
            if (AsciiBytes.startsWith(b, from, end, rule.from)) {
                return rule;
            }
        }
        return null;
    }
}
