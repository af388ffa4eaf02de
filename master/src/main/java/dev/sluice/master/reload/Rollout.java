package dev.sluice.master.reload;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.master.listen.ListenTable;
import dev.sluice.master.worker.Fleet;
import dev.sluice.master.worker.Generation;
import dev.sluice.master.worker.WorkerProcess;
import dev.sluice.master.worker.WorkerState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One generation on its way into service: sockets bound, a worker per slot started, all of them
 * ready, then slot by slot into service. Until that last step nothing of the old generation is
 * touched, so going back means to stop what was started. Owner: master loop.
 *
 * <p>It ends exactly once, through {@link Ending}.
 */
final class Rollout implements Fleet.Newcomers {

    /** How it ended. */
    interface Ending {
        /** The generation serves. */
        void inService(String what);

        /** Everything is as before. */
        void rolledBack(String why);
    }

    private static final long NS_PER_MS = 1_000_000;

    private final Generation next;
    private final Fleet fleet;
    private final ListenTable listeners;
    private final Clock clock;
    private final ErrorLog log;
    private final Ending ending;
    private final List<WorkerProcess> started = new ArrayList<>();
    private final long beganNs;
    private boolean ended;

    Rollout(
            Generation next,
            Fleet fleet,
            ListenTable listeners,
            Clock clock,
            ErrorLog log,
            Ending ending) {
        this.next = next;
        this.fleet = fleet;
        this.listeners = listeners;
        this.clock = clock;
        this.log = log;
        this.ending = ending;
        this.beganNs = clock.nowNs();
    }

    Generation generation() {
        return next;
    }

    /** Starts all workers. The sockets are prepared already. */
    void begin() {
        fleet.newcomers(this);
        try {
            for (int slot = 0; slot < next.workerCount(); slot++) {
                started.add(fleet.start(next, slot));
            }
        } catch (IOException failed) {
            rollBack("a worker cannot be started: " + failed.getMessage());
        }
    }

    @Override
    public void ready(WorkerProcess worker) {
        if (ended || !started.contains(worker)) {
            return;
        }
        for (WorkerProcess other : started) {
            if (other.state() != WorkerState.READY) {
                return;
            }
        }
        putIntoService();
    }

    private void putIntoService() {
        try {
            listeners.listenPrepared();
        } catch (IOException failed) {
            rollBack(failed.getMessage());
            return;
        }
        ended = true;
        List<String> removed = listeners.commit();
        int before = fleet.alive().size() - started.size();
        fleet.install(next, started, removed);
        long tookMs = (clock.nowNs() - beganNs) / NS_PER_MS;
        String drain = before == 0 ? "" : ", " + before + " from before it drain";
        ending.inService(
                "generation " + next.number() + " serves: " + started.size()
                        + (started.size() == 1 ? " worker" : " workers") + " ready after " + tookMs
                        + " ms" + drain);
    }

    @Override
    public void failed(WorkerProcess worker, String why) {
        if (!ended && started.contains(worker)) {
            rollBack(why);
        }
    }

    /** Ends it without success; the workers that were started are told to stop. */
    void rollBack(String why) {
        if (ended) {
            return;
        }
        ended = true;
        fleet.newcomers(null);
        started.forEach(fleet::stop);
        listeners.rollBack();
        log.log(Level.ERROR, "generation " + next.number() + " is rolled back: " + why);
        ending.rolledBack(why);
    }
}
