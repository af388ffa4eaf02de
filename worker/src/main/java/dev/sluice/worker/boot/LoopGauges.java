package dev.sluice.worker.boot;

import dev.sluice.common.counters.CounterId;
import dev.sluice.worker.downstream.Downstreams;
import dev.sluice.worker.loop.LoopContext;
import java.util.function.LongConsumer;

/**
 * Tells the master after a turn that the loop lives and what it holds.
 *
 * <p>Owner: event loop.
 */
final class LoopGauges implements LongConsumer {

    /** The gauges are brought up to date this often at the most. */
    private static final long INTERVAL_NS = 5_000_000L;

    private final LoopContext ctx;
    private final Downstreams downstreams;
    private long lastNs = Long.MIN_VALUE;

    LoopGauges(LoopContext ctx, Downstreams downstreams) {
        this.ctx = ctx;
        this.downstreams = downstreams;
    }

    /** @param turnNs how long the turn took: the lag of whatever became ready meanwhile */
    @Override
    public void accept(long turnNs) {
        ctx.counters.recordLoopLagNs(turnNs);
        long nowNs = ctx.clock.nowNs();
        if (lastNs != Long.MIN_VALUE && nowNs - lastNs < INTERVAL_NS) {
            return;
        }
        lastNs = nowNs;
        ctx.counters.set(CounterId.HEARTBEAT_MS, ctx.clock.nowMs());
        ctx.counters.set(CounterId.CONNECTIONS_IDLE, downstreams.idleCount());
        ctx.counters.set(CounterId.SLABS_IN_USE, ctx.slabs.lentCount());
        ctx.counters.set(CounterId.SLABS_MAX, ctx.slabs.slabsMax());
    }
}
