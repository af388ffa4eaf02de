package dev.sluice.master.notify;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterReader;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.master.worker.Fleet;
import dev.sluice.master.worker.Generation;
import dev.sluice.master.worker.WorkerProcess;
import dev.sluice.master.worker.WorkerState;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** What the workers' counters show of their well-being. Owner: master loop. */
final class FleetWatch {

    private final Fleet fleet;
    private final ErrorLog log;
    private Map<WorkerProcess, Long> heartbeats = new HashMap<>();

    FleetWatch(Fleet fleet, ErrorLog log) {
        this.fleet = fleet;
        this.log = log;
    }

    /** Whether the loop of a worker that serves has turned since the last question. */
    boolean anyTurned() {
        Map<WorkerProcess, Long> now = new HashMap<>();
        boolean turned = false;
        for (WorkerProcess worker : fleet.alive()) {
            if (worker.state() == WorkerState.SERVING) {
                long heartbeatMs = counter(worker, true);
                now.put(worker, heartbeatMs);
                Long before = heartbeats.get(worker);
                turned |= before != null && before != heartbeatMs;
            }
        }
        heartbeats = now;
        return turned;
    }

    /** {@code 2 workers, generation 3, 17 connections, 1 draining}. */
    String describe() {
        Generation installed = fleet.installed();
        long connections = 0;
        int draining = 0;
        for (WorkerProcess worker : fleet.alive()) {
            connections += counter(worker, false);
            draining += worker.state() == WorkerState.DRAINING ? 1 : 0;
        }
        int serving = fleet.servingCount();
        return serving + (serving == 1 ? " worker" : " workers")
                + ", generation " + (installed == null ? 0 : installed.number())
                + ", " + connections + (connections == 1 ? " connection" : " connections")
                + (draining == 0 ? "" : ", " + draining + " draining");
    }

    /** Whether what drains has a limit of its own. */
    boolean drainingEnds() {
        Generation installed = fleet.installed();
        return installed != null && installed.config().main().workerShutdownTimeoutMs() > 0;
    }

    /** 0 for a file that cannot be read: it is about to be removed, or the stall watch tells. */
    private long counter(WorkerProcess worker, boolean heartbeat) {
        try {
            return heartbeat
                    ? CounterReader.heartbeatMs(worker.counters())
                    : CounterReader.read(worker.counters()).value(CounterId.CONNECTIONS_ACTIVE);
        } catch (IOException unreadable) {
            log.log(Level.DEBUG, worker + ": " + unreadable.getMessage());
            return 0;
        }
    }
}
