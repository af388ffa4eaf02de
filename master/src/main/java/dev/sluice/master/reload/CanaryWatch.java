package dev.sluice.master.reload;

import dev.sluice.common.counters.CounterReader;
import dev.sluice.common.counters.CounterValues;
import dev.sluice.master.worker.Fleet;
import dev.sluice.master.worker.WorkerProcess;
import dev.sluice.master.worker.WorkerState;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One worker of a new generation that serves beside the old ones for a while, and what it and they
 * have counted meanwhile. A crash of it is told by the fleet. Owner: master loop.
 */
final class CanaryWatch {

    /** The first part of the window, in which a fresh process may be slower than it will be. */
    private static final int SETTLE_PART = 4;

    private final WorkerProcess worker;
    private final Fleet fleet;
    private final long windowMs;
    private final Map<WorkerProcess, CounterValues> atStart = new HashMap<>();
    private final Map<WorkerProcess, CounterValues> atSettled = new HashMap<>();
    private String seen = "";

    CanaryWatch(WorkerProcess worker, Fleet fleet, long windowMs) {
        this.worker = worker;
        this.fleet = fleet;
        this.windowMs = windowMs;
    }

    WorkerProcess worker() {
        return worker;
    }

    long windowMs() {
        return windowMs;
    }

    long settleMs() {
        return windowMs / SETTLE_PART;
    }

    void serve() {
        fleet.serve(worker);
        read(atStart);
    }

    /** From now on its times count. */
    void settled() {
        read(atSettled);
    }

    private void read(Map<WorkerProcess, CounterValues> into) {
        for (WorkerProcess one : List.copyOf(fleet.alive())) {
            if (one.state() == WorkerState.SERVING) {
                try {
                    into.put(one, CounterReader.read(one.counters()));
                } catch (IOException unreadable) {
                    // Then it has no part in the comparison.
                    into.remove(one);
                }
            }
        }
    }

    /** The window is over. @return why it is worse, or null */
    String judge() {
        Map<WorkerProcess, CounterValues> now = new HashMap<>();
        read(now);
        CanarySample old = new CanarySample();
        CanarySample fresh = new CanarySample();
        now.forEach((one, values) -> {
            if (atStart.containsKey(one)) {
                CounterValues settled = atSettled.getOrDefault(one, atStart.get(one));
                (one == worker ? fresh : old).add(values, atStart.get(one), settled);
            }
        });
        seen = fresh.requests() + " requests here, " + old.requests() + " at the old workers";
        return CanaryVerdict.worse(old, fresh);
    }

    /** What it was judged by, for the operator. */
    String seen() {
        return seen;
    }
}
