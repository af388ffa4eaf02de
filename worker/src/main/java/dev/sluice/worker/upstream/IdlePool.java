package dev.sluice.worker.upstream;

import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.Timed;

/**
 * The idle connections of one peer, last in, first out: the youngest is the least likely to be
 * closed by the peer, and what is too many grows old and goes. A list through the connections
 * themselves, so that one that hangs up is taken out without a search.
 *
 * <pre>
 *   oldest ◄──older── … ──newer──► newest
 * </pre>
 *
 * One deadline serves all: it is set for the oldest, and most often finds a younger one there.
 *
 * <p>Owner: event loop.
 */
final class IdlePool extends Timed {

    private static final long NS_PER_MS = 1_000_000L;
    /** The peer's own limit is often the same round number: close this much earlier. */
    private static final long MARGIN_NS_MAX = 500 * NS_PER_MS;

    private final LoopContext ctx;
    private final Peer peer;
    private final int max;
    private final long keepNs;
    private UpstreamConnection newest;
    private UpstreamConnection oldest;
    private int count;

    /** @param max most idle connections, 0 to keep none */
    IdlePool(LoopContext ctx, Peer peer, int max, long timeoutMs) {
        this.ctx = ctx;
        this.peer = peer;
        this.max = max;
        long timeoutNs = timeoutMs * NS_PER_MS;
        this.keepNs = timeoutNs - Math.min(timeoutNs / 8, MARGIN_NS_MAX);
    }

    /** How long a connection is kept; 0 when none is. */
    long keepNs() {
        return max == 0 ? 0 : keepNs;
    }

    int count() {
        return count;
    }

    /** The youngest of this transport, handed over to the caller; null when there is none. */
    UpstreamConnection take(Transport transport) {
        UpstreamConnection c = newest;
        while (c != null && c.transport() != transport) {
            c = c.older;
        }
        if (c != null) {
            remove(c);
        }
        return c;
    }

    /** Handed over to the pool; the oldest has to go when there are too many. */
    void put(UpstreamConnection c) {
        assert c.newer == null && c.older == null;
        if (max == 0 || keepNs == 0) {
            c.discard();
            return;
        }
        if (count == max) {
            UpstreamConnection gone = oldest;
            remove(gone);
            gone.discard();
        }
        c.idleSinceNs = ctx.clock.nowNs();
        c.older = newest;
        if (newest == null) {
            oldest = c;
            ctx.timers.set(this, c.idleSinceNs + keepNs);
        } else {
            newest.newer = c;
        }
        newest = c;
        count++;
        peer.counters.add(PeerCounterId.IDLE, 1);
    }

    /** The connection leaves the pool; it is the caller's now. */
    void remove(UpstreamConnection c) {
        assert count > 0;
        if (c.newer == null) {
            newest = c.older;
        } else {
            c.newer.older = c.older;
        }
        if (c.older == null) {
            oldest = c.newer;
        } else {
            c.older.newer = c.newer;
        }
        c.newer = null;
        c.older = null;
        count--;
        peer.counters.add(PeerCounterId.IDLE, -1);
        if (count == 0) {
            ctx.timers.pause(this);
        }
    }

    @Override
    protected void onDeadline(long nowNs) {
        while (oldest != null && nowNs - oldest.idleSinceNs >= keepNs) {
            UpstreamConnection gone = oldest;
            remove(gone);
            gone.discard();
        }
        if (oldest != null) {
            ctx.timers.set(this, oldest.idleSinceNs + keepNs);
        }
    }

    /** Closes those that do not lead to one of these. */
    void closeVanished(PeerAddresses left) {
        UpstreamConnection c = newest;
        while (c != null) {
            UpstreamConnection next = c.older;
            if (!c.leadsTo(left)) {
                remove(c);
                c.discard();
            }
            c = next;
        }
    }

    void closeAll() {
        while (oldest != null) {
            UpstreamConnection gone = oldest;
            remove(gone);
            gone.discard();
        }
    }
}
