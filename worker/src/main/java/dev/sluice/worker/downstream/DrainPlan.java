package dev.sluice.worker.downstream;

import dev.sluice.worker.loop.Timed;

/**
 * The orderly end of all connections of a worker.
 *
 * <p>Owner: event loop.
 */
final class DrainPlan extends Timed {

    private static final long STEP_NS = 50_000_000L;
    /** An idle connection has this long to carry one more request before it may be closed. */
    private static final long IDLE_GRACE_NS = 200_000_000L;
    /** Idle connections are gone after this long, however long the busy ones may take. */
    private static final long IDLE_SPREAD_NS_MAX = 5_000_000_000L;

    private final Downstreams connections;
    private boolean started;
    private boolean finished;
    private long startNs;
    private long spreadNs;
    private long deadlineNs;
    private int idleAtStart;
    private int idleClosed;
    private Runnable done;

    DrainPlan(Downstreams connections) {
        this.connections = connections;
    }

    boolean isStarted() {
        return started;
    }

    void start(long timeoutMs, Runnable whenDone) {
        long nowNs = connections.ctx.clock.nowNs();
        deadlineNs = nowNs + timeoutMs * 1_000_000L;
        if (started) {
            return;
        }
        started = true;
        done = whenDone;
        startNs = nowNs;
        spreadNs = Math.min(IDLE_SPREAD_NS_MAX, timeoutMs * 1_000_000L / 2);
        idleAtStart = connections.openCount();
        if (!finishIfEmpty()) {
            connections.ctx.timers.set(this, nowNs + STEP_NS);
        }
    }

    void connectionClosed() {
        if (started) {
            finishIfEmpty();
        }
    }

    private boolean finishIfEmpty() {
        if (connections.openCount() > 0) {
            return false;
        }
        if (!finished) {
            finished = true;
            connections.ctx.timers.clear(this);
            done.run();
        }
        return true;
    }

    @Override
    protected void onDeadline(long nowNs) {
        if (nowNs - deadlineNs >= 0) {
            for (int i = connections.openCount() - 1; i >= 0; i--) {
                connections.open(i).cut();
            }
            finishIfEmpty();
            return;
        }
        long elapsed = nowNs - startNs - IDLE_GRACE_NS;
        int target = elapsed <= 0 ? 0
                : (int) Math.min(idleAtStart, idleAtStart * elapsed / Math.max(1, spreadNs) + 1);
        // From the end: closing swaps the last one into the gap.
        for (int i = connections.openCount() - 1; i >= 0 && idleClosed < target; i--) {
            if (connections.open(i).closeIfIdle()) {
                idleClosed++;
            }
        }
        if (elapsed > spreadNs) {
            for (int i = connections.openCount() - 1; i >= 0; i--) {
                connections.open(i).closeIfIdle();
            }
        }
        if (!finished) {
            connections.ctx.timers.set(this, nowNs + STEP_NS);
        }
    }
}
