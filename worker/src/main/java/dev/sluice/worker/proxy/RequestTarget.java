package dev.sluice.worker.proxy;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.TargetForm;
import dev.sluice.worker.http1.PathEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The target of the request to the peer. It is made of the canonical path, the very one that was
 * matched, so the peer cannot read another one out of it; a path that was canonical as it came
 * passes as it came. With a path in {@code proxy_pass} that path takes the place of the prefix
 * that the location matched.
 *
 * <p>Written at boot, then read-only.
 */
final class RequestTarget {

    /** What the location matched; null when the path stays. */
    private final byte[] prefix;
    private final byte[] replacement;

    RequestTarget(LocationConfig location) {
        String uri = location.proxy().uri();
        if (uri == null) {
            prefix = null;
            replacement = null;
        } else {
            prefix = !location.match().isPrefix()
                    ? new byte[0] : location.pattern().getBytes(StandardCharsets.UTF_8);
            replacement = encode(uri);
        }
    }

    private static byte[] encode(String path) {
        byte[] plain = path.getBytes(StandardCharsets.UTF_8);
        ByteSink sink = new ByteSink();
        int bytesMax = plain.length * PathEncoder.GROWTH_MAX;
        ByteBuffer wire = ByteBuffer.allocate(bytesMax);
        sink.reset(wire, 0, bytesMax);
        PathEncoder.encode(ByteBuffer.wrap(plain), 0, plain.length, sink);
        byte[] encoded = new byte[sink.position()];
        wire.get(0, encoded);
        return encoded;
    }

    void write(Exchange x, ByteSink out) {
        if (prefix != null && startsWithPrefix(x)) {
            out.put(replacement);
            PathEncoder.encode(x.pathBuffer, x.pathOffset + prefix.length,
                    x.pathLength - prefix.length, out);
        } else if (x.request.form == TargetForm.ASTERISK && !x.pathChanged) {
            out.put('*');
            return;
        } else if (isAsReceived(x)) {
            out.put(x.pathBuffer, x.pathOffset, x.pathLength);
        } else {
            PathEncoder.encode(x.pathBuffer, x.pathOffset, x.pathLength, out);
        }
        if (x.queryLength != Exchange.NO_QUERY) {
            out.put('?').put(x.queryBuffer, x.queryOffset, x.queryLength);
        }
    }

    /** A rewrite may have led away from the prefix; then the whole new path is meant. */
    private boolean startsWithPrefix(Exchange x) {
        if (x.pathLength < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (x.pathBuffer.get(x.pathOffset + i) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /** The canonical path is the raw one itself: the parser has seen each of its bytes. */
    private static boolean isAsReceived(Exchange x) {
        return x.pathBuffer == x.request.buffer()
                && x.pathOffset == x.request.pathOffset && x.pathLength == x.request.pathLength;
    }
}
