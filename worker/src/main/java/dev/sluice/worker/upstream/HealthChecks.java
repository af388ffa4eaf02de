package dev.sluice.worker.upstream;

import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.counters.PeerCounters;
import dev.sluice.common.zones.PeerTable;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.Timed;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * The active checks of all upstreams, made by one worker for all. Which one says a lease in the
 * workers' shared table: who finds it free or run out takes it, renews it every second and lets it
 * go when it drains. One that dies is followed when its lease has run out. What the checks say is
 * in the peers' shared rows, so that it outlives the worker, and a new one knows it from its start.
 *
 * <pre>
 *   63                                     16 15          0
 *   +----------------------------------------+------------+
 *   | runs out, in ms of the monotonic clock | lane + 1   |    0: nobody's
 *   +----------------------------------------+------------+
 * </pre>
 *
 * <p>Owner: event loop.
 */
public final class HealthChecks extends Timed {

    /** Between two looks at the lease. */
    static final long LOOK_MS = 1_000;
    /** A loop that stands still for longer loses it. */
    static final long LEASE_MS = 3_000;
    private static final int LANE_BITS = 16;
    private static final long NS_PER_MS = 1_000_000L;

    final LoopContext ctx;
    final Connector connector;
    /** Checks are no traffic of clients. */
    final PeerCounters unwatched = CounterWriter.inMemory(1, 1).peer(0);
    private final PeerTable table;
    private final long holder;
    private final List<PeerCheck> checks = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom();
    private long lease;

    /** @param transports how checks knock: as the first location that forwards there does */
    HealthChecks(LoopContext ctx, Connector connector, SharedPeers shared,
            Iterable<Upstream> upstreams, Function<Upstream, Transport> transports) {
        this.ctx = ctx;
        this.connector = connector;
        this.table = shared.table();
        this.holder = shared.lane() + 1L;
        for (Upstream upstream : upstreams) {
            if (upstream.config.healthCheck() != null) {
                Transport transport = transports.apply(upstream);
                upstream.peers().stream().filter(peer -> !peer.config.down()).forEach(peer ->
                        checks.add(new PeerCheck(this, upstream, peer, transport)));
            }
        }
    }

    /** Takes part from now on; does nothing when no upstream is checked. */
    public void start() {
        if (!checks.isEmpty()) {
            look();
        }
    }

    /** Whether this worker makes the checks. */
    public boolean isMaking() {
        return lease != 0;
    }

    /** The worker drains: another one goes on at once. */
    public void stop() {
        ctx.timers.clear(this);
        if (lease != 0) {
            checks.forEach(PeerCheck::stop);
            table.changeLease(lease, 0);
            lease = 0;
        }
    }

    @Override
    protected void onDeadline(long nowNs) {
        look();
    }

    private void look() {
        assert ctx.loop.inEventLoop();
        long nowMs = ctx.clock.nowNs() / NS_PER_MS;
        long found = table.lease();
        boolean mine = lease != 0 && found == lease;
        boolean free = found == 0 || nowMs - (found >> LANE_BITS) >= 0;
        long next = nowMs + LEASE_MS << LANE_BITS | holder;
        if ((mine || free) && table.changeLease(found, next)) {
            boolean was = lease != 0;
            lease = next;
            if (!was) {
                begin();
            }
        } else if (lease != 0) {
            // This loop has stood still for so long that another worker has taken over.
            checks.forEach(PeerCheck::stop);
            lease = 0;
        }
        wait(this, LOOK_MS);
    }

    private void begin() {
        checks.forEach(PeerCheck::start);
    }

    void wait(Timed who, long ms) {
        ctx.timers.set(who, ctx.clock.nowNs() + ms * NS_PER_MS);
    }

    /** From 0 to below the bound. */
    long random(long bound) {
        return random.nextLong(bound);
    }
}
