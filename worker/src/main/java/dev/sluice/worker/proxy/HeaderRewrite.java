package dev.sluice.worker.proxy;

import dev.sluice.common.config.HeaderRule;
import dev.sluice.common.config.ProxyConfig;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.Framing;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.HopByHop;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.RequestHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The fields of the request to the peer: the client's without those that stop here or that only a
 * proxy may say, then what this proxy says of the client, then {@code proxy_set_header}.
 *
 * <p>Written at boot, then read-only.
 */
final class HeaderRewrite {

    private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] COMMA = ascii(", ");
    private static final byte[] FOR = ascii("X-Forwarded-For: ");
    private static final byte[] PROTO_HTTP = ascii("X-Forwarded-Proto: http\r\n");
    private static final byte[] PROTO_HTTPS = ascii("X-Forwarded-Proto: https\r\n");
    private static final byte[] HOST = ascii("X-Forwarded-Host: ");
    private static final byte[] VIA_1_0 = ascii("Via: 1.0 sluice\r\n");
    private static final byte[] VIA_1_1 = ascii("Via: 1.1 sluice\r\n");
    private static final byte[] LENGTH = ascii("Content-Length: ");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] X_FORWARDED = ascii("x-forwarded-");

    /** Framing and the connection to the peer are this proxy's own; nobody may set them. */
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

    private final NameSet stopped = new NameSet();
    private final NameSet stoppedForErrorPage = new NameSet();
    private final SetHeader[] setHeaders;
    private final SetHeader host;
    /** {@code Host: app} with its CR LF, used when nothing else sets Host. */
    private final byte[] hostLine;
    private final boolean passForwarded;
    private final boolean addFor;
    private final boolean addProto;
    private final boolean addHost;
    private final boolean addVia;

    /** @param proxyHost host and port as {@code proxy_pass} gives them */
    HeaderRewrite(ProxyConfig config, String proxyHost, TemplateCompiler templates) {
        passForwarded = config.passForwarded();
        stop(OWN);
        stopped.add(HeaderName.HOST);
        // CGI programs of a peer would take it for HTTP_PROXY (httpoxy, CVE-2016-5385).
        stopped.add(HeaderName.PROXY);
        if (!passForwarded) {
            stop(CLAIMS);
        }
        for (int id : CONDITIONS) {
            stoppedForErrorPage.add(id);
        }
        NameSet set = new NameSet();
        List<SetHeader> others = new ArrayList<>();
        SetHeader ownHost = null;
        for (HeaderRule rule : config.setHeaders()) {
            int id = HeaderName.idOf(rule.name());
            if (isOwn(id)) {
                continue;
            }
            SetHeader one = new SetHeader(rule, templates);
            if (id == HeaderName.HOST) {
                ownHost = one;
            } else {
                stopped.add(rule.name());
                set.add(rule.name());
                others.add(one);
            }
        }
        setHeaders = others.toArray(new SetHeader[0]);
        host = ownHost;
        hostLine = ascii("Host: " + proxyHost + "\r\n");
        addFor = !set.has(HeaderName.X_FORWARDED_FOR);
        addProto = !set.has(HeaderName.X_FORWARDED_PROTO);
        addHost = !set.has(HeaderName.X_FORWARDED_HOST);
        addVia = !set.has(HeaderName.VIA);
        // The client's list is repeated in front of its address, not beside it.
        stopped.add(HeaderName.X_FORWARDED_FOR);
    }

    private void stop(int[] ids) {
        for (int id : ids) {
            stopped.add(id);
        }
    }

    private static boolean isOwn(int id) {
        for (int own : OWN) {
            if (id == own) {
                return true;
            }
        }
        return false;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The method of the request to the peer: an error page is fetched, not posted to. */
    static int method(Exchange x) {
        int method = x.request.method;
        return x.errorStatus == 0 || method == Method.HEAD ? method : Method.GET;
    }

    /** Whether the client's body goes to the peer. */
    static boolean hasBody(Exchange x) {
        return x.errorStatus == 0 && x.client.requestContentLength() != 0;
    }

    /** Writes the whole head; it is too large when the sink says that it has overflowed. */
    void write(Exchange x, RequestTarget target, ByteSink out) {
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
        copyFields(x, out);
        writeOwn(x, out);
        for (SetHeader one : setHeaders) {
            one.write(x, out);
        }
        writeFraming(x, out);
        out.put(CRLF);
    }

    /**
     * Copies what travels on. Fields that lie one behind the other, as they came in, are copied
     * in one go.
     */
    private void copyFields(Exchange x, ByteSink out) {
        HeaderTable headers = x.request.headers;
        ByteBuffer b = headers.buffer();
        boolean errorPage = x.errorStatus != 0;
        int runFrom = 0;
        int runEnd = 0;
        int count = headers.count();
        for (int i = 0; i < count; i++) {
            if (headers.dropped(i) || stops(headers, i)
                    || errorPage && stoppedForErrorPage.has(headers, i)) {
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

    private boolean stops(HeaderTable headers, int i) {
        if (stopped.has(headers, i)) {
            return true;
        }
        // X-Forwarded-Client-Cert and whatever else is invented: all of them are claims.
        return headers.id(i) == HeaderName.UNKNOWN && !passForwarded
                && headers.nameLength(i) > X_FORWARDED.length
                && AsciiBytes.equalsIgnoreCase(headers.buffer(), headers.nameOffset(i),
                        X_FORWARDED.length, X_FORWARDED);
    }

    private void writeOwn(Exchange x, ByteSink out) {
        HeaderTable headers = x.request.headers;
        if (addFor) {
            out.put(FOR);
            if (passForwarded) {
                copyForwardedFor(headers, out);
            }
            x.client.remoteAddress(out);
            out.put(CRLF);
        }
        if (addProto && !(passForwarded && headers.has(HeaderName.X_FORWARDED_PROTO))) {
            out.put(x.client.secure() ? PROTO_HTTPS : PROTO_HTTP);
        }
        if (addHost && x.request.authorityLength > 0
                && !(passForwarded && headers.has(HeaderName.X_FORWARDED_HOST))) {
            out.put(HOST).put(headers.buffer(), x.request.authorityOffset,
                    x.request.authorityLength).put(CRLF);
        }
        if (addVia) {
            out.put(x.request.minorVersion == 0 ? VIA_1_0 : VIA_1_1);
        }
    }

    private static void copyForwardedFor(HeaderTable headers, ByteSink out) {
        for (int i = headers.find(HeaderName.X_FORWARDED_FOR); i >= 0;
                i = headers.findNext(HeaderName.X_FORWARDED_FOR, i)) {
            if (headers.valueLength(i) > 0) {
                out.put(headers.buffer(), headers.valueOffset(i), headers.valueLength(i));
                out.put(COMMA);
            }
        }
    }

    private static void writeFraming(Exchange x, ByteSink out) {
        if (x.errorStatus != 0) {
            return;
        }
        long length = x.client.requestContentLength();
        if (length < 0) {
            out.put(CHUNKED);
        } else if (length > 0 || x.request.framing == Framing.LENGTH) {
            out.put(LENGTH).putDecimal(length).put(CRLF);
        }
    }
}
