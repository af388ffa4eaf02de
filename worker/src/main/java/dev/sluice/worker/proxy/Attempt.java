package dev.sluice.worker.proxy;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.upstream.ConnectionUser;
import dev.sluice.worker.upstream.Peer;
import dev.sluice.worker.upstream.PeerStream;
import dev.sluice.worker.upstream.Transport;
import dev.sluice.worker.upstream.TriedPeers;
import dev.sluice.worker.upstream.Upstream;
import dev.sluice.worker.upstream.UpstreamConnection;
import dev.sluice.worker.upstream.UpstreamState;

/**
 * The peer that an exchange is with at present, the connection to it, and which peers it was with
 * before.
 *
 * <p>Owner: event loop.
 */
final class Attempt {

    private final TriedPeers tried = new TriedPeers();
    private Peer peer;
    private PeerStream connection;
    /** Attempts that have failed, those on stale connections not counted. */
    private int failedCount;
    private long startNs;
    private boolean isProbe;
    /** A peer was chosen before. */
    private boolean chosen;
    /** The peer that the client's cookie names; null without. */
    private Peer wanted;
    /** What the request is balanced by, as a hash. */
    private long key;

    /** The first attempt of an exchange. */
    void reset() {
        assert peer == null && connection == null;
        tried.clear();
        failedCount = 0;
        chosen = false;
        wanted = null;
    }

    /** Before the first attempt: where the request belongs. */
    void aim(ProxyHandler plan, Exchange x) {
        plan.upstream.requestBegins();
        key = plan.key == null ? 0 : plan.key.of(x);
        wanted = plan.sticky == null ? null : plan.sticky.peerOf(x);
    }

    /** Whether no attempt has failed before. */
    boolean isFirst() {
        return failedCount == 0;
    }

    /** @return false when no peer can be used */
    boolean choose(Upstream upstream, Exchange x) {
        assert peer == null && connection == null;
        peer = upstream.take(tried, wanted, key);
        if (peer == null) {
            if (x.steps != null) {
                x.steps.step(x, "no peer can be used now", null);
            }
            return false;
        }
        isProbe = upstream.tookProbe();
        startNs = x.ctx.clock.nowNs();
        x.attemptBegins(peer.addressText(), !chosen);
        chosen = true;
        return true;
    }

    /**
     * Takes an idle connection of the peer.
     *
     * @param careful the request must not be sent twice: only a connection that is alive will do
     * @return false when there is none
     */
    boolean takeIdle(ConnectionUser user, Transport transport, boolean careful) {
        connection = peer.takeIdle(user, transport);
        while (connection != null && careful && !connection.isQuiet()) {
            connection.discard();
            connection = peer.takeIdle(user, transport);
        }
        return connection != null;
    }

    /** A connection is being made. */
    void connecting(PeerStream begun) {
        assert connection == null;
        connection = begun;
    }

    /** The connection is made; now it is known to which address of the peer. */
    void connected(PeerStream made, Exchange x) {
        assert connection == null || connection == made;
        connection = made;
        x.upstreamAddress = peer.addressText();
        x.upstreamConnectNs = elapsedNs(x.ctx.clock.nowNs());
        if (x.steps != null) {
            x.steps.step(x, "connected", made.reused() ? "kept-alive connection" : null);
        }
    }

    Peer peer() {
        return peer;
    }

    /** Into the head of the answer: to which peer the client belongs from now on. */
    void writeCookie(ProxyHandler plan, ClientStream client) {
        if (plan.sticky != null) {
            plan.sticky.write(client, peer, wanted);
        }
    }

    PeerStream connection() {
        return connection;
    }

    int failedCount() {
        return failedCount;
    }

    /** Since the peer was chosen. */
    long elapsedNs(long nowNs) {
        return nowNs - startNs;
    }

    /** This peer is not tried again; whether another one could be. */
    boolean exclude(Upstream upstream) {
        tried.add(peer);
        return upstream.hasUsable(tried);
    }

    void countFailure() {
        failedCount++;
    }

    /** Whether this failure only shows that the peer has closed a connection that was idle. */
    boolean isStale(Termination why) {
        return connection != null && connection.reused()
                && (why == Termination.UPSTREAM_GOAWAY
                        || why == Termination.UPSTREAM_CLOSED_BEFORE_HEAD
                        || why == Termination.UPSTREAM_RESET_BEFORE_HEAD);
    }

    /** Nothing is left to be sent. */
    void requestSent(Exchange x) {
        if (connection.state() == UpstreamState.SENDING) {
            connection.become(UpstreamState.READING_HEAD);
            x.state = ExchangeState.READING_RESPONSE_HEAD;
            if (x.steps != null) {
                x.steps.step(x, "request sent", x.requestBytes + " bytes had come");
            }
        }
    }

    /** A final head has come and goes to the client. */
    void headPassed(Exchange x, ProxyHandler plan, int status) {
        long nowNs = x.ctx.clock.nowNs();
        x.upstreamHeaderNs = elapsedNs(nowNs);
        if (x.steps != null) {
            x.steps.step(x, "peer answered " + status, null);
        }
        connection.become(UpstreamState.STREAMING);
        answered(status, plan.retry.isFailure(status), nowNs);
        if (plan.tunnelPingS > 0 && x.state == ExchangeState.TUNNEL
                && connection instanceof UpstreamConnection socket) {
            socket.probeWhenIdle(plan.tunnelPingS);
            x.client.probeWhenIdle(plan.tunnelPingS);
        }
    }

    /** A final head has come. */
    void answered(int status, boolean isFailure, long nowNs) {
        peer.counters.recordStatus(status);
        if (isFailure) {
            peer.failed(nowNs - startNs);
        } else {
            peer.succeeded(nowNs - startNs);
        }
    }

    /** It has failed by the peer's fault. */
    void failed(long nowNs) {
        peer.failed(nowNs - startNs);
    }

    /** The connection has closed itself. */
    void connectionLost() {
        connection = null;
    }

    /** The response is complete: the connection goes back to the pool if it is clean. */
    void complete(boolean reusable, long elapsedNs) {
        peer.counters.recordResponseNs(elapsedNs);
        if (reusable) {
            connection.keep();
        } else {
            connection.discard();
        }
        connection = null;
        leave();
    }

    /** Closes the connection if there is one and leaves the peer if there is one. */
    void leave() {
        if (connection != null) {
            connection.discard();
            connection = null;
        }
        if (peer != null) {
            peer.end(isProbe);
            peer = null;
        }
    }
}
