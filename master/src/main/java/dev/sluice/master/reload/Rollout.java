package dev.sluice.master.reload;

import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.master.listen.ListenFailure;
import dev.sluice.master.listen.ListenTable;
import dev.sluice.master.loop.Timers;
import dev.sluice.master.worker.Fleet;
import dev.sluice.master.worker.Generation;
import dev.sluice.master.worker.WorkerProcess;
import dev.sluice.master.worker.WorkerState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One generation on its way into service: sockets bound, perhaps a canary, a worker per slot
 * started, all of them ready, then slot by slot into service. Until that last step nothing of the
 * old generation is touched, so going back means to stop what was started. Owner: master loop.
 *
 * <p>It ends exactly once, through {@link Ending}.
 */
public final class Rollout implements Fleet.Newcomers {

    /** How it ended. */
    interface Ending {
        /** The generation serves. */
        void inService(String what);

        /** Everything is as before. */
        void rolledBack(String why);
    }

    /** What a rollout works with. */
    record Parts(Fleet fleet, ListenTable listeners, Timers timers, ErrorLog log, Gate gate) {}

    /** Who decides when workers that stand ready begin to serve. */
    public interface Gate {
        Gate OPEN = (what, next) -> next.run();

        /** They stand ready. @param next puts them into service */
        void ready(String what, Runnable next);
    }

    private final Generation next;
    private final Parts parts;
    private final Fleet fleet;
    private final ReloadReport report;
    private final Ending ending;
    private final List<WorkerProcess> started = new ArrayList<>();

    /** Null when there is none, which is the rule. */
    private CanaryWatch canary;

    private boolean ended;

    Rollout(Generation next, Parts parts, ReloadReport report, Ending ending) {
        this.next = next;
        this.parts = parts;
        this.fleet = parts.fleet();
        this.report = report;
        this.ending = ending;
    }

    /** Starts the canary, or all workers. The sockets are prepared already. */
    void begin() {
        fleet.newcomers(this);
        fleet.makeRoom();
        long canaryMs = next.config().main().canaryMs();
        if (canaryMs == 0 || fleet.servingCount() == 0) {
            startAll();
            return;
        }
        try {
            canary = new CanaryWatch(fleet.startBeside(next), fleet, canaryMs);
        } catch (IOException failed) {
            rollBack("the canary cannot be started: " + failed.getMessage());
        }
    }

    private void startAll() {
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
        if (ended) {
            return;
        }
        if (canary != null && canary.worker() == worker) {
            release();
        } else if (started.contains(worker)
                && started.stream().allMatch(w -> w.state() == WorkerState.READY)) {
            report.step("ready", count(started.size()));
            parts.gate().ready(count(started.size()), this::putIntoService);
        }
    }

    /** Lets the canary serve, beside the worker of the first slot. */
    private void release() {
        report.step("spawn", "canary " + canary.worker());
        canary.serve();
        parts.timers().afterMs(canary.settleMs(), canary::settled);
        parts.timers().afterMs(canary.windowMs(), this::judge);
    }

    private void judge() {
        if (ended) {
            return;
        }
        String worse = canary.judge();
        report.step("canary", canary.seen());
        if (worse != null) {
            rollBack("the canary did worse: " + worse);
        } else {
            startAll();
        }
    }

    private void putIntoService() {
        if (ended) {
            return;
        }
        try {
            parts.listeners().listenPrepared();
        } catch (ListenFailure failed) {
            rollBack(failed.getMessage());
            return;
        }
        ended = true;
        List<String> removed = parts.listeners().commit();
        int before = fleet.alive().size() - started.size();
        fleet.install(next, started, removed);
        if (canary != null) {
            fleet.retire(canary.worker(), List.of());
        }
        report.step("switch");
        String drain = before == 0 ? "" : ", " + before + " from before it drain";
        if (before > 0) {
            long limitMs = next.shutdownTimeoutMs();
            report.line("drain", count(before)
                    + (limitMs == 0 ? "" : ", at most " + limitMs + " ms"));
        }
        ending.inService(
                "generation " + next.number() + " serves: " + count(started.size())
                        + " ready after " + report.tookMs() + " ms" + drain);
    }

    private static String count(int workers) {
        return workers + (workers == 1 ? " worker" : " workers");
    }

    @Override
    public void failed(WorkerProcess worker, String why) {
        if (ended) {
            return;
        }
        if (canary != null && canary.worker() == worker) {
            rollBack("the canary failed: " + why);
        } else if (started.contains(worker)) {
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
        if (canary != null && canary.worker().state() != WorkerState.EXITED) {
            // It may be answering somebody.
            fleet.retire(canary.worker(), List.of());
        }
        parts.listeners().rollBack();
        parts.log().log(Level.ERROR,
                "generation " + next.number() + " is rolled back: " + why);
        ending.rolledBack(why);
    }
}
