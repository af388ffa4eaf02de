package dev.sluice.worker.variables;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ProxyConfig;
import dev.sluice.common.config.StaticConfig;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Server;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http.TargetForm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Values of the request's head, as received and as routed. Stateless. */
final class RequestValues {

    /** By the version of the head. */
    private static final byte[][] VERSIONS = {
        " HTTP/1.0".getBytes(StandardCharsets.US_ASCII),
        " HTTP/1.1".getBytes(StandardCharsets.US_ASCII),
        " HTTP/2.0".getBytes(StandardCharsets.US_ASCII)
    };
    private static final byte[] COMMA = {',', ' '};

    private RequestValues() {}

    /** The request line; its method and target as they were sent. */
    static boolean request(Exchange x, ByteSink out) {
        RequestHead head = x.request;
        if (head.targetLength == 0) {
            return false;
        }
        ByteBuffer b = head.buffer();
        int end = head.targetOffset + head.targetLength;
        if (head.targetOffset == head.methodOffset + head.methodLength + 1) {
            out.put(b, head.methodOffset, end - head.methodOffset);
        } else {
            out.put(b, head.methodOffset, head.methodLength).put((byte) ' ');
            out.put(b, head.targetOffset, head.targetLength);
        }
        out.put(VERSIONS[head.version]);
        return true;
    }

    static boolean method(Exchange x, ByteSink out) {
        RequestHead head = x.request;
        if (head.methodLength == 0) {
            return false;
        }
        out.put(head.buffer(), head.methodOffset, head.methodLength);
        return true;
    }

    /** The origin form of the target, in whichever form it came (RFC 9112 §3.2). */
    static boolean target(Exchange x, ByteSink out) {
        RequestHead head = x.request;
        if (head.targetLength == 0) {
            return false;
        }
        if (head.form == TargetForm.ABSOLUTE) {
            // Rules about paths must see the path, and not the scheme and host before it.
            if (head.pathLength == 0) {
                out.put('/');
            }
            out.put(head.buffer(), head.pathOffset,
                    head.targetOffset + head.targetLength - head.pathOffset);
            return true;
        }
        out.put(head.buffer(), head.targetOffset, head.targetLength);
        return true;
    }

    static boolean protocol(Exchange x, ByteSink out) {
        if (x.request.methodLength == 0) {
            return false;
        }
        byte[] version = VERSIONS[x.request.version];
        out.put(version, 1, version.length - 1);
        return true;
    }

    static boolean http2(Exchange x, ByteSink out) {
        if (x.request.version != RequestHead.HTTP_2) {
            return false;
        }
        out.put('h').put('2');
        if (!x.client.secure()) {
            out.put('c');
        }
        return true;
    }

    static boolean path(Exchange x, ByteSink out) {
        if (x.pathLength == 0) {
            return false;
        }
        out.put(x.pathBuffer, x.pathOffset, x.pathLength);
        return true;
    }

    static boolean query(Exchange x, ByteSink out) {
        if (x.queryLength == Exchange.NO_QUERY) {
            return false;
        }
        out.put(x.queryBuffer, x.queryOffset, x.queryLength);
        return true;
    }

    /** "?" when there is something behind it, as nginx has it. */
    static boolean isArgs(Exchange x, ByteSink out) {
        if (x.queryLength > 0) {
            out.put('?');
        }
        return true;
    }

    static boolean host(Exchange x, ByteSink out) {
        RequestHead head = x.request;
        if (head.hostLength == 0) {
            if (x.server != null) {
                Server.host(x, out);
            }
            return x.server != null;
        }
        int at = out.skip(head.hostLength);
        if (at >= 0) {
            ByteBuffer to = out.buffer();
            ByteBuffer b = head.buffer();
            for (int i = 0; i < head.hostLength; i++) {
                to.put(at + i, AsciiBytes.lower(b.get(head.hostOffset + i)));
            }
        }
        return true;
    }

    static boolean length(Exchange x, ByteSink out) {
        out.putDecimal(x.requestBytes);
        return true;
    }

    static boolean contentLength(Exchange x, ByteSink out) {
        return header(x, HeaderName.CONTENT_LENGTH, out);
    }

    static boolean contentType(Exchange x, ByteSink out) {
        return header(x, HeaderName.CONTENT_TYPE, out);
    }

    /** The first field of this id. */
    static boolean header(Exchange x, int id, ByteSink out) {
        HeaderTable headers = x.request.headers;
        int i = headers.find(id);
        if (i < 0) {
            return false;
        }
        out.put(headers.buffer(), headers.valueOffset(i), headers.valueLength(i));
        return true;
    }

    static boolean remoteUser(Exchange x, ByteSink out) {
        HeaderTable headers = x.request.headers;
        int i = headers.find(HeaderName.AUTHORIZATION);
        return i >= 0 && BasicUser.append(
                headers.buffer(), headers.valueOffset(i), headers.valueLength(i), out);
    }

    /** What the client sent as X-Forwarded-For, and its own address behind it. */
    static boolean forwardedFor(Exchange x, ByteSink out) {
        HeaderTable headers = x.request.headers;
        for (int i = headers.find(HeaderName.X_FORWARDED_FOR); i >= 0;
                i = headers.findNext(HeaderName.X_FORWARDED_FOR, i)) {
            out.put(headers.buffer(), headers.valueOffset(i), headers.valueLength(i)).put(COMMA);
        }
        x.client.remoteAddress(out);
        return true;
    }

    static boolean documentRoot(Exchange x, ByteSink out) {
        StaticConfig statics = x.location == null ? null : x.location.config.statics();
        String root = statics == null ? null
                : statics.alias() != null ? statics.alias() : statics.root();
        if (root == null) {
            return false;
        }
        utf8(root, out);
        return true;
    }

    /** Root and path, or the alias in place of the part of the path that the location matched. */
    static boolean fileName(Exchange x, ByteSink out) {
        if (x.pathLength == 0 || !documentRoot(x, out)) {
            return false;
        }
        LocationConfig config = x.location.config;
        int skip = 0;
        if (config.statics().alias() != null) {
            skip = !config.match().isPrefix() ? x.pathLength
                    : Math.min(config.pattern().length(), x.pathLength);
        }
        out.put(x.pathBuffer, x.pathOffset + skip, x.pathLength - skip);
        return true;
    }

    static boolean proxyHost(Exchange x, ByteSink out) {
        ProxyConfig proxy = x.location == null ? null : x.location.config.proxy();
        if (proxy == null || proxy.choice() != null) {
            return false;
        }
        out.putAscii(proxy.upstream());
        return true;
    }

    /** Configured text of a path: ASCII, as it nearly always is, costs no object. */
    private static void utf8(String text, ByteSink out) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                out.put(text.getBytes(StandardCharsets.UTF_8));
                return;
            }
        }
        out.putAscii(text);
    }
}
