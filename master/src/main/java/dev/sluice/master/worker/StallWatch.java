package dev.sluice.master.worker;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.counters.CounterReader;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.master.loop.Timers;
import java.io.IOException;
import java.util.Collection;

/**
 * Finds workers whose loop no longer turns. What counts is how long the master has not seen the
 * heartbeat change, by the master's own monotonic clock: a wall clock that is set, or a machine
 * that was suspended, kills nobody.
 *
 * <p>Owner: master loop.
 */
final class StallWatch {

    /** Between looking at all heartbeats. */
    static final long TICK_MS = 1_000;

    /** A tick later than this means that the master was stopped too, and its workers perhaps. */
    private static final long LATE_TICK_NS = 3_000_000_000L;

    /** Time for the thread dump to reach the log before the process is killed. */
    private static final long DUMP_MS = 1_000;

    private static final long NS_PER_MS = 1_000_000;

    private final Timers timers;
    private final Clock clock;
    private final ErrorLog log;
    private long lastTickNs;

    StallWatch(Timers timers, Clock clock, ErrorLog log) {
        this.timers = timers;
        this.clock = clock;
        this.log = log;
        this.lastTickNs = clock.nowNs();
    }

    /** Looks at each worker once; called every {@link #TICK_MS}. */
    void tick(Collection<WorkerProcess> workers) {
        long nowNs = clock.nowNs();
        boolean late = nowNs - lastTickNs > LATE_TICK_NS;
        lastTickNs = nowNs;
        for (WorkerProcess worker : workers) {
            boolean turns =
                    worker.state() == WorkerState.SERVING
                            || worker.state() == WorkerState.DRAINING;
            if (late || !turns) {
                worker.forgiveStall(nowNs);
            } else {
                look(worker, nowNs);
            }
        }
    }

    private void look(WorkerProcess worker, long nowNs) {
        long limitMs = worker.generation().config().main().workerStallTimeoutMs();
        if (limitMs == 0 || worker.killedBecause() != null) {
            return;
        }
        try {
            long heartbeatMs = CounterReader.heartbeatMs(worker.counters());
            if (worker.heartbeat(heartbeatMs, nowNs) < limitMs * NS_PER_MS) {
                return;
            }
        } catch (IOException unreadable) {
            log.log(Level.WARN, worker + ": " + unreadable.getMessage());
            return;
        }
        String reason = "its loop has not turned for " + limitMs + " ms";
        log.log(Level.ERROR, worker + " hangs, " + reason + ": thread dump, then kill");
        worker.forgiveStall(nowNs);
        worker.dumpThreads();
        timers.afterMs(DUMP_MS, () -> worker.kill(reason));
    }
}
