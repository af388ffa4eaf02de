package dev.sluice.worker.answer;

import dev.sluice.common.config.HttpsConfig;
import dev.sluice.common.config.ListenConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.Server;
import dev.sluice.worker.exchange.ValueTemplate;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.NameSet;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http.TargetForm;
import dev.sluice.worker.http1.PathEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Keeps the clients of a location to https: as a gate it redirects who comes without TLS, and on
 * answers over TLS it tells browsers to come with TLS only (HSTS, RFC 6797).
 *
 * <p>Written at boot, then read-only.
 */
public final class HttpsRules implements Gate {

    /** Authorities ask here without TLS for a proof of who has the name (RFC 8555 §8.3). */
    private static final String ACME = "/.well-known/acme-challenge/";
    private static final int HTTPS_PORT = 443;
    private static final byte[] HTTPS = ascii("https");
    private static final byte[] SCHEME = ascii("https://");
    private static final NameSet FIELD = new NameSet();

    static {
        FIELD.add(HeaderName.STRICT_TRANSPORT_SECURITY);
    }

    private static final ValueTemplate SAME_PLACE = HttpsRules::samePlace;

    private final int readStatus;
    private final int writeStatus;
    /** The whole field; null for none. */
    private final byte[] field;

    private HttpsRules(HttpsConfig config) {
        readStatus = config.readStatus();
        writeStatus = config.writeStatus();
        field = config.hsts() == null ? null
                : ascii("Strict-Transport-Security: " + config.hsts() + "\r\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Null where nobody is redirected. */
    public static HttpsRules gateOf(LocationConfig location) {
        HttpsConfig config = location.headers().https();
        boolean acme = (location.match().isPrefix()
                || location.match() == LocationConfig.Match.TEMPLATE)
                && location.pattern().startsWith(ACME);
        return config.readStatus() == 0 || acme ? null : new HttpsRules(config);
    }

    /** Null where browsers are told nothing. */
    static HttpsRules fieldOf(LocationConfig location) {
        HttpsConfig config = location.headers().https();
        return config.hsts() == null ? null : new HttpsRules(config);
    }

    @Override
    public Outcome enter(Exchange x) {
        if (isSecure(x) || Answers.isErrorPage(x)) {
            return Outcome.PASS;
        }
        boolean reads = x.request.method == Method.GET || x.request.method == Method.HEAD;
        Answers.redirect(x, reads ? readStatus : writeStatus, SAME_PLACE);
        return Outcome.ANSWERED;
    }

    /** With TLS to us, or to a proxy that is trusted and says so. */
    private static boolean isSecure(Exchange x) {
        if (x.client.secure()) {
            return true;
        }
        HeaderTable fields = x.request.headers;
        int i = x.client.claim.isTrusted() ? fields.find(HeaderName.X_FORWARDED_PROTO) : -1;
        return i >= 0 && !fields.isRepeated(HeaderName.X_FORWARDED_PROTO)
                && fields.valueEqualsIgnoreCase(i, HTTPS);
    }

    /** The target as it was asked for, at the port where the server speaks TLS. */
    private static void samePlace(Exchange x, ByteSink out) {
        RequestHead head = x.request;
        out.put(SCHEME);
        if (head.hostLength > 0) {
            out.put(head.buffer(), head.hostOffset, head.hostLength);
        } else {
            Server.host(x, out);
        }
        int port = port(x.server.config.listens());
        if (port != HTTPS_PORT) {
            out.put((byte) ':').putDecimal(port);
        }
        if (head.form == TargetForm.ORIGIN && head.targetLength > 0) {
            out.put(head.buffer(), head.targetOffset, head.targetLength);
            return;
        }
        PathEncoder.encode(x.pathBuffer, x.pathOffset, x.pathLength, out);
        if (x.queryLength >= 0) {
            out.put((byte) '?').put(x.queryBuffer, x.queryOffset, x.queryLength);
        }
    }

    /** The usual one, unless the server speaks TLS at others alone. */
    private static int port(List<ListenConfig> listens) {
        int port = HTTPS_PORT;
        for (int i = 0; i < listens.size(); i++) {
            ListenConfig listen = listens.get(i);
            if (listen.ssl() && listen.unixPath() == null) {
                if (listen.port() == HTTPS_PORT) {
                    return HTTPS_PORT;
                }
                port = port == HTTPS_PORT ? listen.port() : port;
            }
        }
        return port;
    }

    /** Writes the field in place of those that are there; without TLS there is none. */
    void apply(Exchange x, ByteSink head, int from) {
        HeadLines.remove(head, from, FIELD);
        if (isSecure(x) && isName(x.request)) {
            head.put(field);
        }
    }

    /** Browsers keep no such rule for an address (RFC 6797 §8.1.1). */
    private static boolean isName(RequestHead head) {
        ByteBuffer b = head.buffer();
        for (int i = head.hostOffset; i < head.hostOffset + head.hostLength; i++) {
            byte c = b.get(i);
            if (c == '[') {
                return false;
            }
            if ((c < '0' || c > '9') && c != '.') {
                return true;
            }
        }
        return false;
    }
}
