package dev.sluice.worker.stream;

import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.Termination;
import dev.sluice.common.log.Level;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.proxy.ProxyHeader;
import dev.sluice.worker.relay.ConnectionEnd;
import dev.sluice.worker.upstream.ConnectFailure;
import dev.sluice.worker.upstream.ConnectionUser;
import dev.sluice.worker.upstream.Connector;
import dev.sluice.worker.upstream.Peer;
import dev.sluice.worker.upstream.PeerStream;
import dev.sluice.worker.upstream.TriedPeers;
import dev.sluice.worker.upstream.Upstream;
import dev.sluice.worker.upstream.UpstreamConnection;
import dev.sluice.worker.upstream.UpstreamState;
import dev.sluice.worker.upstream.WaitQueue;

/**
 * The peer's end of a session: tries peers until one is connected, by the same rules as requests
 * do, and moves bytes from and to it.
 *
 * <p>Owner: event loop; a part of its session.
 */
final class SessionPeer extends ConnectionEnd implements ConnectionUser {

    private final StreamSession session;
    private final Connector connector;
    private final TriedPeers tried = new TriedPeers();
    private final Place place = new Place();
    private Forward forward;
    private Peer peer;
    private int tries;
    private boolean isProbe;
    private long key;
    private long startNs;

    SessionPeer(StreamSession session, Connector connector) {
        this.session = session;
        this.connector = connector;
    }

    /** Its turn comes when a peer has room. */
    private final class Place extends WaitQueue.Waiter {

        @Override
        protected boolean onPlace() {
            if (!choose()) {
                return false;
            }
            if (!connect()) {
                tryPeers();
            }
            return true;
        }

        @Override
        protected void onWaitedTooLong() {
            session.end(Termination.UPSTREAM_QUEUE_TIMEOUT);
        }
    }

    /** Goes for a peer; the session is told how it went. */
    void begin(Forward where) {
        assert peer == null && connection == null;
        forward = where;
        tries = 0;
        key = forward.key() == null ? 0 : forward.key().of(session.exchange);
        forward.upstream().requestBegins();
        if (forward.upstream().hasQueue()) {
            // Whoever waits already comes first.
            waitOrGiveUp();
        } else {
            tryPeers();
        }
    }

    private void tryPeers() {
        boolean settled = false;
        while (!settled) {
            if (!choose()) {
                waitOrGiveUp();
                return;
            }
            settled = connect();
        }
    }

    private void waitOrGiveUp() {
        Upstream upstream = forward.upstream();
        Termination why = upstream.isLeftAlone() ? Termination.UPSTREAM_CIRCUIT_OPEN
                : upstream.queue == null || tries > 0 || !upstream.isBusy()
                        ? Termination.UPSTREAM_NONE_USABLE
                : upstream.queue.enter(place) ? null : Termination.UPSTREAM_QUEUE_FULL;
        if (why != null) {
            session.exchange.upstreamError = why;
            session.log(Level.ERROR, why.sentence(), upstream.name());
            session.end(why);
        }
    }

    private boolean choose() {
        peer = forward.upstream().take(tried, null, key);
        if (peer == null) {
            return false;
        }
        isProbe = forward.upstream().tookProbe();
        Exchange x = session.exchange;
        startNs = x.ctx.clock.nowNs();
        x.attemptBegins(peer.addressText(), false);
        return true;
    }

    /** @return false when it failed already and another peer is to be tried */
    private boolean connect() {
        return switch (connector.open(
                peer, this, forward.transport(), forward.connectTimeoutNs())) {
            case PENDING -> {
                connection = (UpstreamConnection) connector.opened();
                yield true;
            }
            case CONNECTED -> {
                onConnected(connector.opened());
                yield true;
            }
            case FAILED -> !again(connector.failure());
        };
    }

    @Override
    public void writePreface(ByteSink out) {
        ProxyHeader.write(forward.transport().config.proxyProtocol(), session.client, out);
    }

    @Override
    public void onConnected(PeerStream c) {
        connection = (UpstreamConnection) c;
        connection.become(UpstreamState.SENDING);
        connection.become(UpstreamState.STREAMING);
        connection.noDeadline();
        Exchange x = session.exchange;
        long tookNs = x.ctx.clock.nowNs() - startNs;
        x.upstreamAddress = peer.addressText();
        x.upstreamConnectNs = tookNs;
        peer.succeeded(tookNs);
        if (x.steps != null) {
            x.steps.step(x, "connected", null);
        }
        session.connected();
    }

    @Override
    public void onConnectFailed(ConnectFailure why) {
        connection = null;
        if (again(why)) {
            tryPeers();
        }
    }

    /** @return whether another peer is to be tried; if not, the session has ended */
    private boolean again(ConnectFailure why) {
        Exchange x = session.exchange;
        x.upstreamError = why.reason();
        tries++;
        if (x.steps != null) {
            x.steps.step(x, "attempt failed: " + why.reason().label(), why.text());
        }
        boolean ofPeer = why.reason().side() == Termination.Side.UPSTREAM;
        if (ofPeer) {
            peer.failed(x.ctx.clock.nowNs() - startNs);
        }
        tried.add(peer);
        String at = peer.addressText();
        leavePeer();
        boolean more = ofPeer && tries < forward.tries() && !tried.isFull()
                && forward.upstream().hasUsable(tried)
                && forward.upstream().mayRetry(forward.budgetPercent());
        session.log(more ? Level.WARN : Level.ERROR, why.text(), at);
        if (!more) {
            session.end(why.reason());
        }
        return more;
    }

    @Override
    public void onPeerReady(PeerStream c) {
        assert c == connection;
        session.peerReady();
    }

    @Override
    public void onPeerTimeout(PeerStream c, Termination why) {
        throw new AssertionError("the session keeps the time of both sides");
    }

    private void leavePeer() {
        Peer left = peer;
        if (left != null) {
            peer = null;
            left.end(isProbe);
        }
    }

    /** @param byReset whether the peer must not take what it got for complete */
    void end(boolean byReset) {
        place.leave();
        UpstreamConnection open = connection;
        if (open != null) {
            connection = null;
            if (byReset && open.state() == UpstreamState.STREAMING) {
                open.endsByReset();
            }
            open.discard();
        }
        leavePeer();
        tried.clear();
        forward = null;
    }

    // ---- the relay

    /** With TLS both directions would end at once, and the answer be lost: it has to wait. */
    @Override
    public void endOutput() {
        if (!encrypted()) {
            super.endOutput();
        }
    }

    @Override
    public boolean encrypted() {
        return forward.transport().isEncrypted();
    }

    @Override
    public void movedFrom(long count) {
        peer.counters.add(PeerCounterId.BYTES_RECEIVED, count);
    }

    @Override
    public void movedTo(long count) {
        peer.counters.add(PeerCounterId.BYTES_SENT, count);
    }
}
