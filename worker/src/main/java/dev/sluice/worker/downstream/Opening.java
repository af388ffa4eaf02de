package dev.sluice.worker.downstream;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.log.Level;
import dev.sluice.worker.exchange.TlsFacts;
import dev.sluice.worker.tls.TlsFront;
import dev.sluice.worker.tls.TlsOpening;

/**
 * What comes first on a new connection, before HTTP: the TLS handshake. One for all connections;
 * what is under way is kept in the connection.
 *
 * <p>Owner: event loop.
 */
final class Opening {

    private static final long NS_PER_MS = 1_000_000L;

    private final Downstreams shared;
    /** Null when no address speaks TLS. */
    private final TlsFront tls;

    Opening(Downstreams shared, TlsFront tls) {
        this.shared = shared;
        this.tls = tls;
    }

    /** Whether HTTP is not the first thing at this address. */
    boolean isNeeded(int listenIndex) {
        return tls != null && tls.isSecure(listenIndex);
    }

    void begin(DownstreamConnection c) {
        c.before = tls.open(c.listenIndex(), c.rawSocket());
        shared.ctx.timers.set(c, c.nowNs() + tls.handshakeTimeoutMs() * NS_PER_MS);
    }

    /** The socket has become ready. */
    void advance(DownstreamConnection c) {
        switch (c.before.advance()) {
            case WAITING -> { }
            case DONE -> encrypted(c);
            case PLAIN -> plain(c);
            case FAILED -> failed(c, c.before.failure());
        }
    }

    private void encrypted(DownstreamConnection c) {
        TlsOpening done = c.before;
        TlsFacts facts = done.facts();
        c.encrypted(done.takeLink(), facts);
        done.release();
        c.before = null;
        shared.ctx.counters.add(c.tlsFacts().resumed() ? CounterId.TLS_HANDSHAKES_RESUMED
                : CounterId.TLS_HANDSHAKES_FULL, 1);
        if (c.mayFlush()) {
            c.flushRecords();
        } else if (!c.tls().hasStuckOutput()) {
            c.outputRests();
        }
        c.opened();
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
        failed(c, "the handshake took too long");
    }

    private void failed(DownstreamConnection c, String why) {
        shared.ctx.counters.add(CounterId.TLS_HANDSHAKES_FAILED, 1);
        if (shared.ctx.log.enabled(Level.INFO)) {
            shared.ctx.log.log(Level.INFO, shared.line.start("TLS handshake failed: " + why)
                    .during(c.state().phrase())
                    .client(ConnectionAddress.text(c))
                    .toString());
        }
        c.closeNow();
    }
}
