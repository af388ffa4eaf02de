package dev.sluice.worker.upstream;

import dev.sluice.common.counters.PeerCounters;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.loop.LoopContext;
import java.lang.foreign.MemorySegment;
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
    private UpstreamConnection opened;

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
        return open(peer, peer.addresses(), peer.counters, user, transport, timeoutNs);
    }

    /**
     * The same for somebody who is no client.
     *
     * @param counted where its traffic is counted instead
     */
    Opened open(Peer peer, PeerAddresses at, PeerCounters counted,
            ConnectionUser user, Transport transport, long timeoutNs) {
        UpstreamConnection c = freeCount > 0 ? takeFree() : new UpstreamConnection(this);
        Opened outcome = c.open(peer, at, counted, user, transport, timeoutNs);
        opened = c;
        if (outcome == Opened.FAILED) {
            opened = null;
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
    public UpstreamConnection opened() {
        return opened;
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
