package dev.sluice.master.worker;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.config.HandedFiles;
import dev.sluice.common.control.ControlMessage;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.master.listen.ListenTable;
import dev.sluice.master.loop.Timers;
import dev.sluice.master.system.AnswerStore;
import dev.sluice.master.system.ExitStatus;
import dev.sluice.master.system.RunDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * All workers: which slot each serves, who replaces it, how it ends. Owner: master loop.
 *
 * <p>A worker of a generation that is not installed yet belongs to its {@link Newcomers}, who are
 * told what becomes of it; from {@link #install} on it is the worker of its slot.
 */
public final class Fleet implements FileWatch.Host {

    /** Whoever waits for workers that do not have a slot yet. */
    public interface Newcomers {
        void ready(WorkerProcess worker);

        void failed(WorkerProcess worker, String why);
    }

    /** What workers say for operators, and the files they leave; must not block the loop. */
    public interface Ears {
        /** What the fleet itself does not act on. */
        void said(WorkerProcess worker, ControlMessage.FromWorker message);

        /** This worker has exited, wanted or not; its files do not change any more. */
        void gone(WorkerProcess worker, boolean wanted);
    }

    /** A worker that is not ready by then has failed. */
    public static final long READY_TIMEOUT_MS = 30_000;

    private static final long HUNG_UP_GRACE_MS = 1_000;
    private static final int WARNINGS_PER_TICK_MAX = 20;
    private static final long NS_PER_MS = 1_000_000;

    private final WorkerStarter starter;
    private final Timers timers;
    private final Clock clock;
    private final ErrorLog log;
    private final Neighbours neighbours;
    private final StallWatch stallWatch;
    private final Retirement retirement;
    private final Ears ears;
    private final Set<WorkerProcess> alive = new LinkedHashSet<>();
    private final List<Slot> slots = new ArrayList<>();
    private final AnswerStore answers;
    private FileWatch files;
    private Generation installed;
    private Newcomers newcomers;
    private long respawnCount;

    public Fleet(
            WorkerStarter starter,
            ListenTable listeners,
            Timers timers,
            Clock clock,
            ErrorLog log,
            Ears ears,
            RunDirectory run) {
        this.starter = starter;
        this.timers = timers;
        this.clock = clock;
        this.log = log;
        this.ears = ears;
        this.answers = new AnswerStore(run, log);
        this.neighbours = new Neighbours(listeners, log);
        this.stallWatch = new StallWatch(timers, clock, log);
        this.retirement = new Retirement(timers, log);
    }

    /**
     * Starts the watches over workers and their files; once.
     *
     * @param onLoop brings what another thread has found to the loop
     */
    public void watch(Executor onLoop) {
        timers.afterMs(StallWatch.TICK_MS, this::tick);
        files = new FileWatch(this, timers, clock, log, answers, FileWatch::onThread, onLoop);
        files.start();
    }

    /** Files of its generation have changed; whoever starts from now on gets them. */
    @Override
    public void renewed(Generation next, List<HandedFiles> parts) {
        installed = next;
        for (WorkerProcess worker : alive) {
            if (worker.generation().number() == next.number()) {
                parts.forEach(part -> worker.send(new ControlMessage.Renew(part.packed())));
            }
        }
    }

    private void tick() {
        timers.afterMs(StallWatch.TICK_MS, this::tick);
        alive.forEach(this::reportDroppedWarnings);
        stallWatch.tick(alive);
    }

    private void reportDroppedWarnings(WorkerProcess worker) {
        int dropped = worker.nextTick() - WARNINGS_PER_TICK_MAX;
        if (dropped > 0) {
            log.log(Level.WARN, worker + ": " + dropped + " more warnings dropped");
        }
    }

    /**
     * Starts a worker that {@link #newcomers} waits for.
     *
     * @throws IOException it could not be started
     */
    public WorkerProcess start(Generation generation, int slot) throws IOException {
        return start(generation, slot, true);
    }

    /** Starts one with the first slot's sockets that listen already, to serve beside its worker. */
    public WorkerProcess startBeside(Generation generation) throws IOException {
        return start(generation, 0, false);
    }

    private WorkerProcess start(Generation generation, int slot, boolean newcomer)
            throws IOException {
        WorkerProcess worker = starter.start(
                generation, slot, new WorkerStarter.Manner(newcomer, anyServes()));
        alive.add(worker);
        worker.deadline(timers.afterMs(READY_TIMEOUT_MS,
                () -> worker.kill("it was not ready after " + READY_TIMEOUT_MS + " ms")));
        return worker;
    }

    /** Who is told about workers without a slot; null when there are none. */
    public void newcomers(Newcomers next) {
        newcomers = next;
    }

    /** What a worker did; from the master's queue. */
    public void on(WorkerEvent event) {
        switch (event) {
            case WorkerEvent.Said said -> {
                try {
                    said(said.worker(), said.message());
                } finally {
                    said.worker().link().handled();
                }
            }
            case WorkerEvent.HungUp hungUp -> hungUp(hungUp.worker(), hungUp.reason());
            case WorkerEvent.Exited exited -> exited(exited.worker(), exited.status());
        }
    }

    private void said(WorkerProcess worker, ControlMessage.FromWorker message) {
        switch (message) {
            case ControlMessage.Ready ready -> ready(worker);
            case ControlMessage.Drained drained -> log.log(Level.INFO, worker + " has drained");
            case ControlMessage.MetricsRequest _, ControlMessage.Burst _,
                    ControlMessage.Answer _ -> ears.said(worker, message);
            case ControlMessage.Staple staple -> files.stapled(worker.generation(), staple);
            case ControlMessage.Warning warning -> {
                if (worker.warned(warning.text()) <= WARNINGS_PER_TICK_MAX) {
                    log.log(Level.WARN, worker + ": " + warning.text());
                }
            }
        }
    }

    private void ready(WorkerProcess worker) {
        if (worker.state() != WorkerState.WARMING || worker.exitWanted()) {
            return;
        }
        worker.deadline(null);
        worker.become(WorkerState.READY);
        log.log(Level.INFO, worker + " is ready after " + ageMs(worker) + " ms");
        Slot slot = slotOf(worker);
        if (slot != null) {
            serve(slot);
            neighbours.guardAll(slots);
        } else if (newcomers != null) {
            newcomers.ready(worker);
        }
    }

    private void serve(Slot slot) {
        serve(slot.current);
        neighbours.release(slot);
    }

    /** Lets it poll what it has: the worker of a slot, or one beside it. */
    public void serve(WorkerProcess worker) {
        worker.become(WorkerState.SERVING);
        worker.forgiveStall(clock.nowNs());
        worker.send(new ControlMessage.Serve());
    }

    private void hungUp(WorkerProcess worker, String reason) {
        worker.link().close();
        // One that ends as it should may leave a last word of ours unread, which resets the socket.
        if (reason != null && !worker.exitWanted()) {
            log.log(Level.ERROR, worker + " is no longer listened to: " + reason);
        }
        if (worker.alive()) {
            // Usually its exit follows at once: it sees the other end of the same socket.
            String because = "its control socket was closed";
            timers.afterMs(HUNG_UP_GRACE_MS, () -> worker.kill(because));
        }
    }

    private void exited(WorkerProcess worker, ExitStatus status) {
        WorkerState before = worker.state();
        boolean wanted = worker.exitWanted();
        worker.deadline(null);
        worker.become(WorkerState.EXITED);
        worker.link().close();
        alive.remove(worker);
        starter.gone(worker);
        ears.gone(worker, wanted);
        reportDroppedWarnings(worker);
        neighbours.gone(worker, slots);
        String what = worker + " " + status.words();
        if (worker.killedBecause() != null) {
            what += " because " + worker.killedBecause();
        }
        what += " while " + before.phrase() + ", " + ageMs(worker) + " ms after its start"
                + worker.lastWords(before);
        Slot slot = slotOf(worker);
        if (wanted) {
            log.log(status.clean() ? Level.NOTICE : Level.WARN, what);
            if (slot != null) {
                slot.current = null;
            }
        } else if (slot != null) {
            respawn(slot, what);
        } else {
            log.log(Level.ERROR, what);
            if (newcomers != null) {
                newcomers.failed(worker, what);
            }
        }
        neighbours.guardAll(slots);
    }

    private void respawn(Slot slot, String what) {
        slot.current = null;
        long delayMs = slot.policy.delayAfterExitMs(anyServes());
        String next =
                delayMs == 0 ? "the next one starts now" : "the next starts in " + delayMs + " ms";
        log.log(Level.ERROR, what + "; " + next);
        // The neighbour first: starting a process takes a millisecond that a client would notice.
        neighbours.guardAll(slots);
        if (delayMs == 0) {
            startIn(slot);
        } else {
            slot.respawn = timers.afterMs(delayMs, () -> startIn(slot));
        }
    }

    private boolean anyServes() {
        return slots.stream().anyMatch(Slot::served);
    }

    private void startIn(Slot slot) {
        slot.respawn = null;
        slot.policy.started();
        respawnCount++;
        try {
            slot.current = start(installed, slot.index, false);
        } catch (IOException failed) {
            long delayMs = Math.max(
                    RespawnPolicy.FIRST_DELAY_MS, slot.policy.delayAfterExitMs(anyServes()));
            log.log(
                    Level.ERROR,
                    "worker " + slot.index + " cannot be started: " + failed.getMessage()
                            + "; tried again in " + delayMs + " ms");
            slot.respawn = timers.afterMs(delayMs, () -> startIn(slot));
        }
    }

    /**
     * Puts a generation into service: slot by slot the new worker begins to serve and the old one
     * is told to drain, so that at no moment nobody polls a socket.
     *
     * @param fresh one worker per slot, all ready
     * @param closing addresses that the new generation does not have
     */
    public void install(Generation next, List<WorkerProcess> fresh, List<String> closing) {
        assert fresh.size() == next.workerCount();
        installed = next;
        newcomers = null;
        List<Slot> before = List.copyOf(slots);
        while (slots.size() < fresh.size()) {
            slots.add(new Slot(slots.size(), new RespawnPolicy(clock)));
        }
        for (int i = 0; i < fresh.size(); i++) {
            Slot slot = slots.get(i);
            WorkerProcess old = slot.current;
            slot.cancelRespawn();
            slot.policy.started();
            slot.guardian = null;
            slot.current = fresh.get(i);
            serve(slot);
            retire(old, closing);
        }
        for (Slot slot : before.subList(Math.min(fresh.size(), before.size()), before.size())) {
            slot.cancelRespawn();
            retire(slot.current, closing);
            slots.removeLast();
        }
        retirement.limit(alive, installed);
    }

    /** Its work is done: it finishes what runs, or ends when nothing can run. */
    public void retire(WorkerProcess worker, List<String> closing) {
        retirement.retire(worker, closing);
    }

    /** Another generation is about to start: the oldest ones finish within a second. */
    public void makeRoom() {
        retirement.makeRoom(alive, installed);
    }

    /** Ends a worker now: it serves nothing that anybody waits for, or nobody may wait. */
    public void stop(WorkerProcess worker) {
        retirement.stop(worker);
    }

    /** No slot is served from now on; the workers finish what runs. */
    public void drainAll(List<String> closing) {
        for (Slot slot : slots) {
            slot.cancelRespawn();
            slot.guardian = null;
            WorkerProcess worker = slot.current;
            slot.current = null;
            retire(worker, closing);
        }
        slots.clear();
    }

    /** Ends every worker, draining or not. */
    public void stopAll() {
        drainAll(List.of());
        List.copyOf(alive).forEach(this::stop);
    }

    public void reopenLogs() {
        alive.forEach(worker -> worker.send(new ControlMessage.ReopenLogs()));
    }

    /** Everything that has not exited, in order of start. */
    public Collection<WorkerProcess> alive() {
        return alive;
    }

    /** The generation that has the slots; null before the first. */
    @Override
    public Generation installed() {
        return installed;
    }

    /** How many slots there are, and with that how many workers should serve. */
    public int slotCount() {
        return slots.size();
    }

    /** How many workers serve now. */
    public int servingCount() {
        return (int) slots.stream().filter(Slot::served).count();
    }

    /** How many workers were started to replace one that died, since the master started. */
    public long respawnCount() {
        return respawnCount;
    }

    private Slot slotOf(WorkerProcess worker) {
        for (Slot slot : slots) {
            if (slot.current == worker) {
                return slot;
            }
        }
        return null;
    }

    private long ageMs(WorkerProcess worker) {
        return (clock.nowNs() - worker.startedNs()) / NS_PER_MS;
    }
}
