package dev.sluice.worker.proxy;

import dev.sluice.common.counters.Termination;
import dev.sluice.common.log.Level;
import dev.sluice.common.log.LogLine;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.loop.LoopContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The lines about failed attempts: one where a failure is decided, at warn when another peer is
 * tried, at error when it ends the request.
 *
 * <p>Owner: event loop.
 */
final class ProxyLog {

    private final LoopContext ctx;
    private final LogLine line = new LogLine();
    private final ByteBuffer text = ByteBuffer.allocate(2048);
    private final ByteSink sink = new ByteSink();

    ProxyLog(LoopContext ctx) {
        this.ctx = ctx;
    }

    /** An answer is thrown away for another attempt. */
    void status(Exchange x, ProxyHandler plan, int status) {
        write(Level.WARN, x, plan, "upstream answered " + status, x.upstreamAddress);
    }

    /**
     * @param detail what happened, when the reason alone does not say it; or null
     * @param peer address of the peer; null when none was chosen
     */
    void failure(Level level, Exchange x, ProxyHandler plan, Termination why, String detail,
            String peer) {
        boolean isWhole = why == Termination.UPSTREAM_REFUSED
                || why == Termination.UPSTREAM_UNREACHABLE
                || why == Termination.UPSTREAM_CONNECT_TIMEOUT;
        String what = detail == null ? why.sentence()
                : isWhole ? detail : why.sentence() + ": " + detail;
        write(level, x, plan, what, peer);
    }

    /** A request names no upstream. The name may be the client's text: the log escapes it. */
    void unknown(Exchange x, ByteBuffer name, int length) {
        byte[] bytes = new byte[length];
        name.get(0, bytes);
        begin(x, Termination.UPSTREAM_UNKNOWN.sentence() + ": \""
                + new String(bytes, StandardCharsets.ISO_8859_1) + "\"");
        ctx.log.log(Level.ERROR, line.toString());
    }

    private void write(Level level, Exchange x, ProxyHandler plan, String what, String peer) {
        if (!ctx.log.enabled(level)) {
            return;
        }
        begin(x, what);
        ctx.log.log(level, line.upstream(upstream(x, plan, peer)).toString());
    }

    private void begin(Exchange x, String what) {
        line.start(what).during(x.state.phrase()).client(client(x));
        if (x.server != null) {
            line.server(x.server.name());
        }
        if (x.location != null) {
            line.location(x.location.label);
        }
        RequestHead request = x.request;
        int bytes = request.requestLineBytes();
        if (request.targetOffset > request.methodOffset
                && request.methodOffset + bytes <= request.buffer().capacity()) {
            line.request(request.buffer(), request.methodOffset, bytes);
        }
    }

    private String client(Exchange x) {
        sink.reset(text, 0, text.capacity());
        x.client.remoteAddress(sink);
        return string();
    }

    private String upstream(Exchange x, ProxyHandler plan, String peer) {
        sink.reset(text, 0, text.capacity());
        sink.putAscii(plan.transport.isEncrypted() ? "https://" : "http://")
                .putAscii(peer == null ? plan.upstream.name() : peer);
        if (x.pathLength + Math.max(0, x.queryLength) < text.capacity() / 4) {
            plan.target.write(x, sink);
        }
        return string();
    }

    private String string() {
        byte[] bytes = new byte[sink.position()];
        text.get(0, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
