package dev.sluice.worker.upstream;

import dev.sluice.common.counters.PeerCounters;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.loop.LoopContext;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Makes connections to peers and keeps the objects of closed ones for the next.
 *
 * <p>Owner: event loop.
 */
public final class Connector {

    /** Longer than any header of either version without additional fields. */
    private static final int PREFACE_BYTES_MAX = 256;

    final LoopContext ctx;
    /** To read into where nothing is expected, and for a PROXY protocol header. */
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(PREFACE_BYTES_MAX)
            .order(ByteOrder.LITTLE_ENDIAN);
    private final ByteSink sink = new ByteSink();
    final long scratchAddress = MemorySegment.ofBuffer(scratch).address();
    /** Why the last attempt failed: valid right after {@link #open} answered FAILED. */
    ConnectFailure failure;
    private UpstreamConnection[] free = new UpstreamConnection[16];
    private int freeCount;
    private UpstreamConnection openedSocket;
    private PeerStream opened;
    private Http2Memory http2;

    Connector(LoopContext ctx) {
        this.ctx = ctx;
    }

    /** Connects without waiting; {@link #opened} is the connection unless it failed. */
    public Opened open(
            Peer peer, ConnectionUser user, Transport transport, long timeoutNs) {
        assert ctx.loop.inEventLoop();
        if (!peer.resolved()) {
            failure = ConnectFailure.unresolved(peer.config.host());
            return Opened.FAILED;
        }
        return transport.isHttp2() ? openStream(peer, user, transport, timeoutNs)
                : openOwn(peer, peer.addresses(), peer.counters, user, transport, timeoutNs);
    }

    /** On a connection that is being made already, else on a new one. */
    private Opened openStream(
            Peer peer, ConnectionUser user, Transport transport, long timeoutNs) {
        Http2Links links = peer.http2();
        Http2Link link = links.find(transport, true);
        Opened outcome = Opened.PENDING;
        if (link == null) {
            link = new Http2Link(this, links, transport);
            outcome = link.open(peer, peer.addresses(), peer.counters, timeoutNs);
            if (outcome == Opened.FAILED) {
                return outcome;
            }
            links.add(link);
        }
        opened = link.stream(user);
        return outcome;
    }

    /**
     * The same for somebody who is no client, on a connection of its own.
     *
     * @param counted where its traffic is counted instead
     */
    Opened openOwn(Peer peer, PeerAddresses at, PeerCounters counted,
            ConnectionUser user, Transport transport, long timeoutNs) {
        if (transport.isHttp2()) {
            Http2Link link = new Http2Link(this, null, transport);
            Opened outcome = link.open(peer, at, counted, timeoutNs);
            opened = outcome == Opened.FAILED ? null : link.stream(user);
            return outcome;
        }
        Opened outcome = openSocket(peer, at, counted, user, transport, timeoutNs);
        opened = openedSocket;
        return outcome;
    }

    /**
     * Connects to a host that is no peer of any upstream, without TLS; the connection serves once.
     *
     * @param hosts its addresses, each tried in turn
     * @param counted where its traffic is counted
     */
    public Opened openTo(InetAddress[] hosts, int port, PeerCounters counted,
            ConnectionUser user, Transport transport, long timeoutNs) {
        assert transport.config.tls() == null && !transport.isHttp2();
        return openOwn(null, PeerAddresses.inet(hosts, port), counted, user, transport,
                timeoutNs);
    }

    /** The connection itself, whatever is spoken on it. */
    Opened openSocket(Peer peer, PeerAddresses at, PeerCounters counted,
            ConnectionUser user, Transport transport, long timeoutNs) {
        UpstreamConnection c = freeCount > 0 ? takeFree() : new UpstreamConnection(this);
        Opened outcome = c.open(peer, at, counted, user, transport, timeoutNs);
        openedSocket = c;
        if (outcome == Opened.FAILED) {
            openedSocket = null;
            free(c);
        }
        return outcome;
    }

    /** The scratch memory as a sink. */
    ByteSink preface() {
        return sink.reset(scratch, 0, PREFACE_BYTES_MAX);
    }

    private UpstreamConnection takeFree() {
        UpstreamConnection c = free[--freeCount];
        free[freeCount] = null;
        return c;
    }

    /** The connection that the last successful {@link #open} made or began. */
    public PeerStream opened() {
        return opened;
    }

    UpstreamConnection openedSocket() {
        return openedSocket;
    }

    Http2Memory http2() {
        if (http2 == null) {
            http2 = new Http2Memory(ctx);
        }
        return http2;
    }

    public ConnectFailure failure() {
        return failure;
    }

    void free(UpstreamConnection c) {
        assert c.state() == UpstreamState.CLOSED;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = c;
    }
}
