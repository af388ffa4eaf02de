package dev.sluice.worker.downstream;

import dev.sluice.worker.loop.Timed;

/**
 * The orderly end of all connections of a worker.
 *
 * <p>A client that sends on an idle connection in the moment it is closed loses its request, and
 * for a POST nobody may try again. So an idle connection stays open and carries one more request,
 * whose answer says that it is the last; only near the end of the time those that nobody has used
 * all the while are closed, one by one, each after a last look whether something has come.
 *
 * <pre>
 *  successors serve   start ────────── 3/4 of the time: idle ones are closed ───► end: all are cut
 *  nobody follows     start ─ 0.2 s: idle ones are closed over 5 s at most ─────► end: all are cut
 * </pre>
 *
 * <p>Owner: event loop.
 */
final class DrainPlan extends Timed {

    private static final long NS_PER_MS = 1_000_000L;
    private static final long STEP_NS = 50 * NS_PER_MS;
    /** An idle connection has at least this long to carry one more request. */
    private static final long IDLE_GRACE_NS = 200 * NS_PER_MS;
    /** When nobody follows, idle connections are gone after this long. */
    private static final long IDLE_SPREAD_NS_MAX = 5_000 * NS_PER_MS;
    /** Stands in for a time without end when idle connections are closed. */
    private static final long IDLE_TIMEOUT_MS_OF_ENDLESS = 60_000;

    private final Downstreams connections;
    private boolean started;
    private boolean finished;
    private boolean endless;
    private long deadlineNs;
    private long idleFromNs;
    private long idleSpreadNs;
    private int idleAtStart;
    private int idleClosed;
    private Runnable done;

    DrainPlan(Downstreams connections) {
        this.connections = connections;
    }

    boolean isStarted() {
        return started;
    }

    /**
     * Begins, or goes on with another time.
     *
     * @param timeoutMs 0 waits for ever
     * @param soon whether idle connections end soon: nobody follows, or memory is needed
     */
    void start(long timeoutMs, boolean soon, Runnable whenDone) {
        long nowNs = connections.ctx.clock.nowNs();
        endless = timeoutMs == 0;
        deadlineNs = nowNs + timeoutMs * NS_PER_MS;
        planIdle(nowNs, (endless ? IDLE_TIMEOUT_MS_OF_ENDLESS : timeoutMs) * NS_PER_MS, soon);
        if (!started) {
            started = true;
            for (int i = connections.openCount() - 1; i >= 0; i--) {
                connections.open(i).drainBegins();
            }
        }
        done = whenDone;
        if (!finishIfEmpty()) {
            wake(nowNs);
        }
    }

    private void planIdle(long nowNs, long timeoutNs, boolean soon) {
        if (soon) {
            idleFromNs = nowNs + Math.min(IDLE_GRACE_NS, timeoutNs / 4);
            idleSpreadNs = Math.min(IDLE_SPREAD_NS_MAX, timeoutNs / 2);
        } else {
            idleFromNs = nowNs + timeoutNs / 4 * 3;
            idleSpreadNs = timeoutNs / 5;
        }
        idleAtStart = connections.openCount();
        idleClosed = 0;
    }

    /** Nothing is to be done before idle connections end, which may be a minute away. */
    private void wake(long nowNs) {
        connections.ctx.timers.set(this, Math.max(nowNs + STEP_NS, idleFromNs));
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
        if (!endless && nowNs - deadlineNs >= 0) {
            for (int i = connections.openCount() - 1; i >= 0; i--) {
                connections.open(i).cut();
            }
            finishIfEmpty();
            return;
        }
        closeIdle(nowNs - idleFromNs);
        if (!finished) {
            wake(nowNs);
        }
    }

    private void closeIdle(long elapsedNs) {
        int target = elapsedNs < 0 ? 0
                : elapsedNs > idleSpreadNs ? Integer.MAX_VALUE
                : (int) (idleAtStart * elapsedNs / Math.max(1, idleSpreadNs)) + 1;
        // From the end: closing swaps the last one into the gap.
        for (int i = connections.openCount() - 1; i >= 0 && idleClosed < target; i--) {
            if (connections.open(i).closeIfIdle()) {
                idleClosed++;
            }
        }
    }
}
