package dev.sluice.worker.upstream;

import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.PeerCounters;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.tls.TlsLink;
import dev.sluice.worker.tls.TransportSocket;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.net.SocketAddress;

/**
 * A connection to a peer: made, used by one exchange at a time, kept, closed. Reused for other
 * peers after it was closed; {@link UpstreamState} has its diagram.
 *
 * <p>Owner: event loop.
 */
public final class UpstreamConnection extends TransportSocket implements PeerStream {

    private final Connector connector;
    private UpstreamState state = UpstreamState.CLOSED;
    private Peer peer;
    private PeerCounters counters;
    private ConnectionUser user;
    private final AddressWalk walk = new AddressWalk();
    private long addressTimeoutNs;
    private Transport transport;
    private int requestCount;
    private boolean writeFailed;
    /** Written by the pool. */
    UpstreamConnection newer;
    UpstreamConnection older;
    long idleSinceNs;

    UpstreamConnection(Connector connector) {
        super(connector.ctx);
        this.connector = connector;
    }

    @Override
    public UpstreamState state() {
        return state;
    }

    Transport transport() {
        return transport;
    }

    public Peer peer() {
        return peer;
    }

    @Override
    public void become(UpstreamState next) {
        assert state.mayBecome(next) : state + " to " + next;
        state = next;
    }

    @Override
    public boolean reused() {
        return requestCount > 1;
    }

    // ---- connecting

    /** @param counted where its traffic is counted */
    Opened open(Peer to, PeerAddresses at, PeerCounters counted, ConnectionUser by,
            Transport over, long timeoutNs) {
        become(UpstreamState.CONNECTING);
        peer = to;
        counters = counted;
        transport = over;
        user = by;
        requestCount = 1;
        writeFailed = false;
        walk.begin(at);
        // A peer that is only its first address should not use up the time of the others.
        addressTimeoutNs = timeoutNs / walk.count();
        return nextAddress();
    }

    private Opened nextAddress() {
        while (walk.next()) {
            Opened outcome = connect(walk.address());
            if (outcome != Opened.FAILED) {
                return outcome;
            }
        }
        become(UpstreamState.CLOSED);
        return Opened.FAILED;
    }

    private Opened connect(SocketAddress to) {
        LinuxSocket fresh;
        try {
            fresh = Transport.socketFor(to);
        } catch (ChannelException e) {
            connector.failure = ConnectFailure.noSocket(String.valueOf(e.getCause()));
            return Opened.FAILED;
        }
        boolean done = false;
        ConnectFailure wrong = transport.prepare(fresh, to);
        try {
            done = wrong == null && fresh.connect(to);
        } catch (IOException e) {
            wrong = ConnectFailure.of(e);
        }
        if (wrong != null) {
            connector.failure = ConnectFailure.closing(fresh, wrong);
            return Opened.FAILED;
        }
        if (!attach(fresh, !done)) {
            connector.failure = ConnectFailure.noSocket("epoll refused it");
            return Opened.FAILED;
        }
        Opened outcome = done ? established() : Opened.PENDING;
        if (outcome == Opened.PENDING) {
            ctx.timers.set(this, ctx.clock.nowNs() + addressTimeoutNs);
        }
        return outcome;
    }

    /** The socket is connected: what comes before HTTP comes now. */
    private Opened established() {
        walk.works();
        counters.add(PeerCounterId.CONNECTS, 1);
        if (transport.config.proxyProtocol() != 0 && !sendPreface()) {
            connector.failure = ConnectFailure.prefaceRefused();
            dropSocket();
            return Opened.FAILED;
        }
        if (transport.tls == null) {
            return Opened.CONNECTED;
        }
        tls = transport.tls.open(peer.config.host(), peer.config.port(), raw());
        return handshake();
    }

    /** A socket that has just been connected takes so little at once. */
    private boolean sendPreface() {
        ByteSink sink = connector.preface();
        user.writePreface(sink);
        return send(connector.scratchAddress, 0, sink.position()) == sink.position();
    }

    private Opened handshake() {
        TlsLink.Handshake outcome = tls.handshake();
        if (outcome != TlsLink.Handshake.FAILED) {
            return outcome == TlsLink.Handshake.DONE ? Opened.CONNECTED : Opened.PENDING;
        }
        connector.failure = ConnectFailure.tls(tls.untrusted(), tls.failure());
        dropSocket();
        return Opened.FAILED;
    }

    private void finishConnect() {
        try {
            socket().finishConnect();
        } catch (IOException e) {
            connector.failure = ConnectFailure.of(e);
            addressFailed();
            return;
        }
        disarmWritable();
        moved(established());
    }

    private void moved(Opened outcome) {
        switch (outcome) {
            case PENDING -> { }
            case FAILED -> addressFailed();
            case CONNECTED -> {
                ctx.timers.pause(this);
                user.onConnected(this);
            }
        }
    }

    private void addressFailed() {
        dropSocket();
        ConnectionUser waiting = user;
        switch (nextAddress()) {
            case CONNECTED -> waiting.onConnected(this);
            case PENDING -> { }
            case FAILED -> {
                free();
                waiting.onConnectFailed(connector.failure);
            }
        }
    }

    // ---- in use

    /** The pool has handed this connection over. */
    void takenBy(ConnectionUser by) {
        assert state == UpstreamState.IDLE;
        user = by;
        requestCount++;
    }

    @Override
    protected void onReady() {
        switch (state) {
            case CONNECTING -> {
                if (tls != null) {
                    moved(handshake());
                } else if (writable) {
                    finishConnect();
                }
            }
            case SENDING, READING_HEAD, STREAMING -> {
                flushRecords();
                user.onPeerReady(this);
            }
            case IDLE -> {
                // The end of the connection, or bytes nobody asked for: both end it.
                if (readable && !isQuiet()) {
                    peer.idle.remove(this);
                    discard();
                }
            }
            case CLOSED -> { }
        }
    }

    @Override
    public int read(Slab into, int from, int limit) {
        int count = readPlain(into, from, limit);
        if (count > 0) {
            counters.add(PeerCounterId.BYTES_RECEIVED, count);
        }
        return count == WOULD_BLOCK && writeFailed ? BROKEN : count;
    }

    @Override
    public int write(Slab source, int from, int limit) {
        int count = writePlain(source, from, limit);
        if (count > 0) {
            counters.add(PeerCounterId.BYTES_SENT, count);
        }
        return count;
    }

    @Override
    public void lookForLastWords() {
        readable = true;
        hungUp = true;
        writeFailed = true;
    }

    /** Any byte that is there was not asked for, but TLS speaks of itself: tickets come late. */
    @Override
    public boolean isQuiet() {
        if (tls == null) {
            return recv(connector.scratchAddress, 0, 1) == WOULD_BLOCK;
        }
        Slab slab = ctx.slabs.borrow();
        if (slab == null) {
            return false;
        }
        int count = tls.read(slab.bytes, 0, Slab.BYTES);
        ctx.slabs.giveBack(slab);
        return count == WOULD_BLOCK && !hungUp && !tls.hasInput();
    }

    @Override
    public void deadline(long atNs) {
        ctx.timers.set(this, atNs);
    }

    @Override
    public void noDeadline() {
        ctx.timers.pause(this);
    }

    @Override
    protected void onDeadline(long nowNs) {
        switch (state) {
            case CONNECTING -> {
                connector.failure = ConnectFailure.timedOut();
                addressFailed();
            }
            case SENDING -> user.onPeerTimeout(this, Termination.UPSTREAM_SEND_TIMEOUT);
            case READING_HEAD, STREAMING ->
                    user.onPeerTimeout(this, Termination.UPSTREAM_READ_TIMEOUT);
            case IDLE, CLOSED -> { }
        }
    }

    // ---- after use

    /** What was agreed on in the handshake (RFC 7301); null without TLS, or for nothing. */
    String protocol() {
        return tls == null ? null : tls.engine().applicationProtocol();
    }

    /** The address that it was made to; not after its end. */
    public String addressText() {
        return walk.text();
    }

    /** Whether the address it was made to is one of these; if so, it goes by them from now on. */
    boolean leadsTo(PeerAddresses now) {
        return walk.leadsTo(now);
    }

    /** The exchange is over and nothing of it is left on the wire: the pool may keep it. */
    @Override
    public void keep() {
        user = null;
        // A socket that may hold more bytes is not clean; most likely it is its end. One that
        // carries a PROXY header belongs to one client.
        boolean clean = tls == null ? !readable : isQuiet();
        if (!clean || hungUp || requestCount >= peer.keepaliveRequests
                || transport.config.proxyProtocol() != 0 || !leadsTo(peer.addresses())) {
            discard();
            return;
        }
        ctx.timers.pause(this);
        become(UpstreamState.IDLE);
        peer.idle.put(this);
    }

    /** Closes it; the object is free for another connection. */
    @Override
    public void discard() {
        assert newer == null && older == null;
        endTls(true);
        closeSocket();
        if (state != UpstreamState.CLOSED) {
            become(UpstreamState.CLOSED);
            free();
        }
    }

    private void free() {
        user = null;
        peer = null;
        walk.end();
        transport = null;
        connector.free(this);
    }

    private void dropSocket() {
        endTls(false);
        closeSocket();
    }

    /** The loop is torn down. */
    @Override
    public void close() {
        dropSocket();
    }
}
