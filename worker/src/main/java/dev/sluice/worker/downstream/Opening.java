package dev.sluice.worker.downstream;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.log.Level;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.TlsFacts;
import dev.sluice.worker.proxyprotocol.ProxyFront;
import dev.sluice.worker.tls.TlsFront;
import dev.sluice.worker.tls.TlsOpening;
import java.nio.ByteBuffer;

/**
 * What comes first on a new connection, before HTTP: the header of the PROXY protocol, then the TLS
 * handshake. One for all connections; what is under way is kept in the connection.
 *
 * <p>Owner: event loop.
 */
final class Opening {

    private static final long NS_PER_MS = 1_000_000L;
    private static final int ADDRESS_BYTES_MAX = 128;
    /** Its name in ALPN (RFC 9113 §3.2). */
    private static final String HTTP_2 = "h2";

    private final Downstreams shared;
    /** Null when no address speaks TLS. */
    private final TlsFront tls;
    /** Null when no address expects a PROXY header. */
    private final ProxyFront proxies;
    private final ByteSink sink = new ByteSink();
    private final ByteBuffer address = ByteBuffer.allocateDirect(ADDRESS_BYTES_MAX);

    Opening(Downstreams shared, TlsFront tls, ProxyFront proxies) {
        this.shared = shared;
        this.tls = tls;
        this.proxies = proxies;
    }

    /** Whether HTTP is not the first thing at this address. */
    boolean isNeeded(int listenIndex) {
        return isSecure(listenIndex) || expectsHeader(listenIndex);
    }

    private boolean isSecure(int listenIndex) {
        return tls != null && tls.isSecure(listenIndex);
    }

    private boolean expectsHeader(int listenIndex) {
        return proxies != null && proxies.expects(listenIndex);
    }

    void begin(DownstreamConnection c) {
        if (expectsHeader(c.listenIndex())) {
            shared.ctx.timers.set(c,
                    c.nowNs() + shared.http.clientHeaderTimeoutMs() * NS_PER_MS);
        } else {
            beginTls(c);
        }
    }

    private void beginTls(DownstreamConnection c) {
        c.before = tls.open(c.listenIndex(), c.raw(), () -> advance(c));
        shared.ctx.timers.set(c, c.nowNs() + tls.handshakeTimeoutMs() * NS_PER_MS);
    }

    /** The socket has become ready. */
    void advance(DownstreamConnection c) {
        if (c.before == null) {
            readHeader(c);
            return;
        }
        switch (c.before.advance()) {
            case WAITING -> { }
            case DONE -> encrypted(c);
            case PLAIN -> plain(c);
            case FAILED -> failed(c, c.before.failure());
        }
    }

    private void readHeader(DownstreamConnection c) {
        if (!c.canRead()) {
            return;
        }
        sink.reset(address, 0, ADDRESS_BYTES_MAX);
        c.printRemoteAddress(sink);
        if (!proxies.trusts(c.listenIndex(), address, sink.position())) {
            headerFailed(c, "sent by an address that is not in set_real_ip_from");
            return;
        }
        int length = proxies.look(c.fdNumber());
        if (length == ProxyFront.FAILED || length == ProxyFront.WAITING && c.hasHungUp()) {
            headerFailed(c, length == ProxyFront.FAILED ? proxies.failure()
                    : "the connection ended");
        } else if (length > 0) {
            c.proxied(proxies.ends());
            c.skip(proxies.memory(), length);
            if (shared.steps() != null) {
                shared.steps().proxied(c);
            }
            if (isSecure(c.listenIndex())) {
                beginTls(c);
                advance(c);
            } else {
                c.opened();
            }
        }
    }

    private void headerFailed(DownstreamConnection c, String why) {
        refuse(c, "PROXY header refused: " + why);
    }

    private void refuse(DownstreamConnection c, String why) {
        if (c.steps != null) {
            c.steps.step(c, why);
        } else if (shared.ctx.log.enabled(Level.INFO)) {
            shared.ctx.log.log(Level.INFO, shared.line.start(why)
                    .during(c.state().phrase())
                    .client(ConnectionAddress.text(c))
                    .toString());
        }
        c.closeNow();
    }

    private void encrypted(DownstreamConnection c) {
        TlsOpening done = c.before;
        TlsFacts facts = done.facts();
        c.encrypted(done.takeLink(), facts);
        ConnectionSteps.encrypted(c, facts, c.tls().engine().applicationProtocol());
        done.release();
        c.before = null;
        shared.ctx.counters.add(facts.resumed() ? CounterId.TLS_HANDSHAKES_RESUMED
                : CounterId.TLS_HANDSHAKES_FULL, 1);
        if (facts.refusal() != 0) {
            shared.ctx.counters.add(CounterId.TLS_CLIENTS_REFUSED, 1);
        }
        if (c.mayFlush()) {
            c.flushRecords();
        } else if (!c.tls().hasStuckOutput()) {
            c.outputRests();
        }
        // Inside of TLS the handshake alone says so.
        c.mayBeHttp2 = false;
        if (HTTP_2.equals(c.tls().engine().applicationProtocol())) {
            c.becomeHttp2(null);
        } else {
            c.opened();
        }
    }

    /** Answered as any other request, so that it is seen by whoever sent it. */
    private void plain(DownstreamConnection c) {
        TlsOpening done = c.before;
        c.before = null;
        c.mistaken = true;
        shared.reader.readOn(c, done.hello().bytes, done.helloBytes());
        done.release();
    }

    void timedOut(DownstreamConnection c) {
        if (c.before == null) {
            headerFailed(c, "it took too long");
            return;
        }
        failed(c, "the handshake took too long");
    }

    private void failed(DownstreamConnection c, String why) {
        shared.ctx.counters.add(CounterId.TLS_HANDSHAKES_FAILED, 1);
        refuse(c, "TLS handshake failed: " + why);
    }
}
