package dev.sluice.worker.proxy;

import dev.sluice.common.config.HeaderRule;
import dev.sluice.common.config.ProxyConfig;
import dev.sluice.common.config.ProxyHeadersConfig;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.FieldLine;
import dev.sluice.worker.exchange.HeadRules;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.Framing;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.HopByHop;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.NameSet;
import dev.sluice.worker.http.RequestHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The fields of the request to the peer: the client's without those that stop here or that only a
 * proxy may say, then what this proxy says of the client, then {@code proxy_set_header} and
 * {@code proxy_add_header}.
 *
 * <p>Written at boot, then read-only.
 */
final class HeaderRewrite {

    private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
    private static final byte[] CRLF = ascii("\r\n");
    /** By the version of the client's request (RFC 9110 §7.6.3). */
    private static final byte[][] VIA = {
        ascii("Via: 1.0 sluice\r\n"), ascii("Via: 1.1 sluice\r\n"), ascii("Via: 2.0 sluice\r\n")
    };
    private static final byte[] LENGTH = ascii("Content-Length: ");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] WEBSOCKET = ascii("websocket");
    private static final byte[] UPGRADE =
            ascii("Connection: Upgrade\r\nUpgrade: websocket\r\n");
    private static final byte[] X_FORWARDED = ascii("x-forwarded-");

    /** Framing and the connection to the peer are this proxy's own; no rule may name them. */
    private static final int[] OWN = {
        HeaderName.CONTENT_LENGTH, HeaderName.EXPECT, HeaderName.CONNECTION,
        HeaderName.KEEP_ALIVE, HeaderName.TRANSFER_ENCODING, HeaderName.TE, HeaderName.TRAILER,
        HeaderName.UPGRADE, HeaderName.PROXY_CONNECTION, HeaderName.HTTP2_SETTINGS
    };
    /** What a client could claim to be somebody else with. */
    private static final int[] CLAIMS = {
        HeaderName.X_FORWARDED_FOR, HeaderName.X_FORWARDED_PROTO, HeaderName.X_FORWARDED_HOST,
        HeaderName.X_FORWARDED_PORT, HeaderName.X_FORWARDED_SERVER, HeaderName.X_FORWARDED_PREFIX,
        HeaderName.X_REAL_IP, HeaderName.FORWARDED
    };
    /** An error page is wanted whole, whatever was asked of the page it stands for. */
    private static final int[] CONDITIONS = {
        HeaderName.RANGE, HeaderName.IF_RANGE, HeaderName.IF_MATCH, HeaderName.IF_NONE_MATCH,
        HeaderName.IF_MODIFIED_SINCE, HeaderName.IF_UNMODIFIED_SINCE
    };

    /** Fields that stop here when the client's claims are believed, and when they are not. */
    private final NameSet stoppedIfBelieved = new NameSet();
    private final NameSet stoppedIfNot = new NameSet();
    private final NameSet stoppedForErrorPage = new NameSet();
    private final FieldLine[] lines;
    private final FieldLine host;
    /** {@code Host: app} with its CR LF, used when nothing else sets Host. */
    private final byte[] hostLine;
    /** Null where no peer is told of certificates. */
    private final IdentityFields identity;
    private final boolean passFields;
    private final boolean believesAll;
    private final boolean addFor;
    private final boolean addProto;
    private final boolean addHost;
    private final boolean addForwarded;
    private final boolean addVia;

    /**
     * @param proxyHost host and port as {@code proxy_pass} gives them
     * @param identities names of fields that only this proxy may write
     */
    HeaderRewrite(ProxyConfig config, String proxyHost, List<String> identities,
            TemplateCompiler templates) {
        ProxyHeadersConfig rules = config.headers();
        identity = IdentityFields.of(identities, rules.certificate());
        passFields = rules.passRequest();
        believesAll = rules.passForwarded();
        for (int id : OWN) {
            stop(id);
        }
        stop(HeaderName.HOST);
        // CGI programs of a peer would take it for HTTP_PROXY (httpoxy, CVE-2016-5385).
        stop(HeaderName.PROXY);
        for (int id : CLAIMS) {
            stoppedIfNot.add(id);
        }
        for (int id : CONDITIONS) {
            stoppedForErrorPage.add(id);
        }
        NameSet set = new NameSet();
        List<FieldLine> others = new ArrayList<>();
        FieldLine ownHost = null;
        for (HeaderRule rule : rules.set()) {
            stoppedIfBelieved.add(rule.name());
            stoppedIfNot.add(rule.name());
            set.add(rule.name());
            if (HeaderName.idOf(rule.name()) == HeaderName.HOST) {
                ownHost = line(rule, templates);
            } else if (!rule.value().isEmpty()) {
                others.add(line(rule, templates));
            }
        }
        for (HeaderRule rule : rules.add()) {
            others.add(line(rule, templates));
        }
        lines = others.toArray(new FieldLine[0]);
        host = ownHost;
        hostLine = ascii("Host: " + proxyHost + "\r\n");
        boolean x = rules.forwarded().hasXForwarded();
        addFor = x && !set.has(HeaderName.X_FORWARDED_FOR);
        addProto = x && !set.has(HeaderName.X_FORWARDED_PROTO);
        addHost = x && !set.has(HeaderName.X_FORWARDED_HOST);
        addForwarded = rules.forwarded().hasRfc7239() && !set.has(HeaderName.FORWARDED);
        addVia = !set.has(HeaderName.VIA);
        // A list that is believed is repeated in front of the client's address, not beside it.
        if (addFor) {
            stop(HeaderName.X_FORWARDED_FOR);
        }
        if (addForwarded) {
            stop(HeaderName.FORWARDED);
        }
    }

    private static FieldLine line(HeaderRule rule, TemplateCompiler templates) {
        return new FieldLine(rule.name(), templates.compile(rule.value()));
    }

    private void stop(int id) {
        stoppedIfBelieved.add(id);
        stoppedIfNot.add(id);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The method of the request to the peer: an error page is fetched, not posted to. */
    static int method(Exchange x) {
        int method = x.request.method;
        return !x.fetchesPage || method == Method.HEAD ? method : Method.GET;
    }

    /** Whether the client's body goes to the peer. */
    static boolean hasBody(Exchange x) {
        return !x.fetchesPage && x.client.requestContentLength() != 0;
    }

    /**
     * Whether the client asks for WebSocket (RFC 6455 §4.1). No other upgrade travels on: h2c would
     * carry requests past every rule of this proxy.
     */
    static boolean asksForWebSocket(Exchange x) {
        return x.request.upgrade && !x.fetchesPage && x.request.method == Method.GET
                && x.client.requestContentLength() == 0 && namesWebSocket(x.request.headers);
    }

    /** Whether the client reads trailers (RFC 9110 §10.1.4), which only HTTP/2 brings it. */
    static boolean wantsTrailers(Exchange x) {
        return x.request.version == RequestHead.HTTP_2
                && x.request.headers.has(HeaderName.TE);
    }

    /** Whether there is one Upgrade field and it says websocket. */
    static boolean namesWebSocket(HeaderTable headers) {
        int at = headers.find(HeaderName.UPGRADE);
        return at >= 0 && headers.findNext(HeaderName.UPGRADE, at) < 0
                && headers.valueLength(at) == WEBSOCKET.length
                && AsciiBytes.equalsIgnoreCase(headers.buffer(), headers.valueOffset(at),
                        WEBSOCKET.length, WEBSOCKET);
    }

    /** Writes the whole head; it is too large when the sink says that it has overflowed. */
    void write(Exchange x, RequestTarget target, ByteSink out) {
        int from = out.position();
        RequestHead request = x.request;
        int method = method(x);
        if (method == Method.OTHER) {
            out.put(request.buffer(), request.methodOffset, request.methodLength);
        } else {
            out.put(Method.bytes(method));
        }
        out.put(' ');
        target.write(x, out);
        out.put(VERSION);
        if (host == null || !host.write(x, out)) {
            out.put(hostLine);
        }
        HopByHop.mark(request.headers);
        boolean believed = believesAll || x.client.claim.isTrusted();
        if (passFields) {
            copyFields(x, believed, out);
        }
        writeOwn(x, believed, out);
        if (identity != null) {
            identity.write(x, out);
        }
        for (FieldLine line : lines) {
            line.write(x, out);
        }
        HeadRules ofModules = x.location == null ? null : x.location.requestRules();
        if (ofModules != null) {
            ofModules.apply(x, out, from);
        }
        writeFraming(x, out);
        out.put(CRLF);
    }

    /**
     * Fields behind the body, as lines: whatever stops in front of it stops there, too.
     *
     * @param trailers those that may travel on at all
     */
    void writeTrailers(Exchange x, HeaderTable trailers, ByteSink out) {
        if (!passFields) {
            return;
        }
        boolean believed = believesAll || x.client.claim.isTrusted();
        HopByHop.markTrailers(x.request.headers, trailers);
        ByteBuffer b = trailers.buffer();
        for (int i = 0; i < trailers.count(); i++) {
            if (trailers.dropped(i) || stops(trailers, i, believed)
                    || identity != null && identity.stops(trailers, i)) {
                continue;
            }
            out.put(b, trailers.nameOffset(i), trailers.nameLength(i)).put(':').put(' ');
            out.put(b, trailers.valueOffset(i), trailers.valueLength(i)).put(CRLF);
        }
    }

    /**
     * Copies what travels on. Fields that lie one behind the other, as they came in, are copied
     * in one go.
     */
    private void copyFields(Exchange x, boolean believed, ByteSink out) {
        HeaderTable headers = x.request.headers;
        ByteBuffer b = headers.buffer();
        boolean errorPage = x.fetchesPage;
        int runFrom = 0;
        int runEnd = 0;
        int count = headers.count();
        for (int i = 0; i < count; i++) {
            if (headers.dropped(i) || stops(headers, i, believed)
                    || errorPage && stoppedForErrorPage.has(headers, i)
                    || identity != null && identity.stops(headers, i)) {
                continue;
            }
            int nameAt = headers.nameOffset(i);
            int valueEnd = headers.valueOffset(i) + headers.valueLength(i);
            if (isLine(b, headers, i)) {
                if (runEnd != nameAt || runFrom == runEnd) {
                    out.put(b, runFrom, runEnd - runFrom);
                    runFrom = nameAt;
                }
                runEnd = valueEnd + 2;
            } else {
                out.put(b, runFrom, runEnd - runFrom);
                runFrom = runEnd;
                out.put(b, nameAt, headers.nameLength(i)).put(':').put(' ');
                out.put(b, headers.valueOffset(i), headers.valueLength(i)).put(CRLF);
            }
        }
        out.put(b, runFrom, runEnd - runFrom);
    }

    /**
     * Whether the field stands in its buffer as a line that can be copied: name, colon, at most
     * one blank, value, CR LF. Fields of another protocol, or with more blanks, do not.
     */
    private static boolean isLine(ByteBuffer b, HeaderTable headers, int i) {
        int nameEnd = headers.nameOffset(i) + headers.nameLength(i);
        int valueAt = headers.valueOffset(i);
        int valueEnd = valueAt + headers.valueLength(i);
        return valueAt - nameEnd == 2 && b.get(nameEnd) == ':' && b.get(nameEnd + 1) == ' '
                && valueEnd + 2 <= b.capacity()
                && b.get(valueEnd) == '\r' && b.get(valueEnd + 1) == '\n';
    }

    private boolean stops(HeaderTable headers, int i, boolean believed) {
        if (believed) {
            return stoppedIfBelieved.has(headers, i);
        }
        // X-Forwarded-Client-Cert and whatever else is invented: all of them are claims.
        return stoppedIfNot.has(headers, i) || headers.id(i) == HeaderName.UNKNOWN
                && headers.nameLength(i) > X_FORWARDED.length
                && AsciiBytes.equalsIgnoreCase(headers.buffer(), headers.nameOffset(i),
                        X_FORWARDED.length, X_FORWARDED);
    }

    private void writeOwn(Exchange x, boolean believed, ByteSink out) {
        if (addFor) {
            ForwardedField.writeFor(x, believed, out);
        }
        if (addProto) {
            ForwardedField.writeProto(x, believed && passFields, out);
        }
        if (addHost) {
            ForwardedField.writeHost(x, believed && passFields, out);
        }
        if (addForwarded) {
            ForwardedField.writeForwarded(x, believed, out);
        }
        if (addVia) {
            out.put(VIA[x.request.version]);
        }
    }

    private static void writeFraming(Exchange x, ByteSink out) {
        if (x.fetchesPage) {
            return;
        }
        if (x.request.upgrade && asksForWebSocket(x)) {
            out.put(UPGRADE);
        }
        long length = x.client.requestContentLength();
        if (length < 0) {
            out.put(CHUNKED);
        } else if (length > 0 || x.request.framing == Framing.LENGTH) {
            out.put(LENGTH).putDecimal(length).put(CRLF);
        }
    }
}
