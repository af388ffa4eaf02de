package dev.sluice.worker.downstream;

import dev.sluice.worker.exchange.TlsFacts;
import dev.sluice.worker.http2.ErrorCode;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.watch.DebugClients;

/**
 * {@code debug_connection}: what happens to connections beside their requests, from accept to
 * close. A connection that is watched has this in {@code steps}, any other null.
 *
 * <p>Owner: event loop.
 */
final class ConnectionSteps {

    /** What has no code of HTTP/2. */
    static final int NO_CODE = -1;

    private final LoopContext ctx;
    private final DebugClients debug;

    ConnectionSteps(LoopContext ctx, DebugClients debug) {
        this.ctx = ctx;
        this.debug = debug;
    }

    void accepted(DownstreamConnection c) {
        c.printRemoteAddress(debug.addressSink());
        if (debug.isWatched()) {
            c.steps = this;
            step(c, "accepted on " + ConnectionAddress.ofLocal(c));
        }
    }

    /** Who the client is has been said by a PROXY header; null where it named nobody. */
    void proxied(DownstreamConnection c) {
        if (c.proxied() != null) {
            c.proxied().printClient(debug.addressSink());
            c.steps = debug.isWatched() ? this : c.steps;
        }
        if (c.steps != null) {
            step(c, "PROXY header read");
        }
    }

    static void encrypted(DownstreamConnection c, TlsFacts facts, String protocol) {
        if (c.steps != null) {
            c.steps.step(c, (facts.resumed() ? "TLS session resumed, " : "TLS handshake done, ")
                    + facts.protocol() + ", " + facts.cipher() + ", server name \""
                    + facts.serverName() + "\", ALPN "
                    + (protocol == null || protocol.isEmpty() ? "none" : protocol));
        }
    }

    /** @param stream of HTTP/2; 0 for the connection as a whole */
    static void ofHttp2(DownstreamConnection c, int stream, String what, int code) {
        if (c.steps != null) {
            c.steps.step(c, (stream == 0 ? "HTTP/2: " : "HTTP/2 stream " + stream + ": ") + what
                    + (code == NO_CODE ? "" : ", " + ErrorCode.name(code)));
        }
    }

    void closed(DownstreamConnection c) {
        step(c, "closed, " + c.requestCount() + " requests, " + c.bytesIn() + " bytes in, "
                + c.bytesOut() + " bytes out");
        c.steps = null;
    }

    void step(DownstreamConnection c, String what) {
        debug.step(ctx, c.serial(), c.acceptedNs(), what, c.state().phrase(),
                ConnectionAddress.withPort(c));
    }
}
