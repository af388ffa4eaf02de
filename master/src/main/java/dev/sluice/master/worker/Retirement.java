package dev.sluice.master.worker;

import dev.sluice.common.control.ControlMessage;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.master.loop.Timers;
import java.util.Collection;
import java.util.List;

/** How workers end that the master does not want any more. Owner: master loop. */
final class Retirement {

    /** What a worker is given beyond its own drain timeout, and after Stop, before it is killed. */
    private static final long DRAIN_GRACE_MS = 5_000;

    /** What is left to a generation that has to make room. */
    private static final long HURRY_MS = 1_000;

    private static final long STOP_GRACE_MS = 2_000;

    private final Timers timers;
    private final ErrorLog log;

    Retirement(Timers timers, ErrorLog log) {
        this.timers = timers;
        this.log = log;
    }

    /** Its work is done: it finishes what runs, or ends when nothing can run. */
    void retire(WorkerProcess worker, List<String> closing) {
        if (worker == null) {
            return;
        }
        if (worker.state() != WorkerState.SERVING) {
            stop(worker);
            return;
        }
        long timeoutMs = worker.generation().shutdownTimeoutMs();
        worker.become(WorkerState.DRAINING);
        worker.send(new ControlMessage.Drain(timeoutMs, closing));
        if (timeoutMs > 0) {
            worker.deadline(
                    timers.afterMs(
                            timeoutMs + DRAIN_GRACE_MS,
                            () -> worker.kill("it had not drained in time")));
        }
    }

    /** Ends a worker now: it serves nothing that anybody waits for, or nobody may wait. */
    void stop(WorkerProcess worker) {
        if (worker.alive() && !worker.askedToStop()) {
            worker.askToStop();
            worker.send(new ControlMessage.Stop());
            worker.deadline(
                    timers.afterMs(STOP_GRACE_MS, () -> worker.kill("it did not stop when told")));
        }
    }

    /** Ends what is beyond {@code max_generations}. */
    void limit(Collection<WorkerProcess> alive, Generation installed) {
        GenerationLimit.beyond(alive, installed, 0, log).forEach(this::stop);
    }

    /** Another generation is about to start: the oldest ones finish within a second. */
    void makeRoom(Collection<WorkerProcess> alive, Generation installed) {
        for (WorkerProcess worker : GenerationLimit.beyond(alive, installed, 1, log)) {
            worker.send(new ControlMessage.Drain(HURRY_MS, List.of()));
        }
    }
}
