package dev.sluice.master;

import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.log.Level;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.command.Reply;
import dev.sluice.master.listen.ListenTable;
import dev.sluice.master.loop.Timers;
import dev.sluice.master.notify.SystemdNotify;
import dev.sluice.master.reload.Reloads;
import dev.sluice.master.system.Posix;
import dev.sluice.master.upgrade.NewProgram;
import dev.sluice.master.upgrade.Predecessor;
import dev.sluice.master.upgrade.Upgrade;
import dev.sluice.master.worker.Fleet;
import dev.sluice.master.worker.Generation;
import dev.sluice.master.worker.Lanes;
import dev.sluice.master.worker.WorkerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What of a master goes to the next one, and what it has from the one before. Owner: master loop.
 */
final class Handover implements Upgrade.Host {

    /** The parts of the master that are handed over, or take over. */
    record Inside(
            Fleet fleet,
            ListenTable listeners,
            Lanes lanes,
            Reloads reloads,
            Counted counted,
            SystemdNotify systemd,
            Timers timers) {}

    /** Workers whose master was killed end by themselves within this time. */
    private static final long WORKERS_END_MS = 1_500;

    private final Master.Parts parts;
    private final Inside inside;
    private final Consumer<MasterState> become;
    private final Executor loop;
    private final NewProgram program;
    private final Upgrade upgrade;

    /** The master before this one; null for one that was started by hand or by systemd. */
    private final Predecessor predecessor;

    private int offered;

    Handover(
            Master.Parts parts, Inside inside, Executor loop, Consumer<MasterState> become) {
        this.parts = parts;
        this.inside = inside;
        this.loop = loop;
        this.become = become;
        this.predecessor = parts.predecessor();
        this.program =
                new NewProgram(parts.program(), parts.run().root().resolve("upgrade.out"), loop);
        this.upgrade =
                new Upgrade(this, program, inside.timers(), parts.clock(), parts.log());
    }

    /** The first generation, as a new start or in the place of another master's. */
    void begin(LoadedConfig loaded) {
        if (predecessor == null) {
            inside.reloads().first(loaded);
            return;
        }
        predecessor.lanes().forEach(inside.lanes()::reserve);
        predecessor.onEnd(
                () -> inside.timers().afterMs(WORKERS_END_MS, this::predecessorIsGone));
        predecessor.start(loop);
        inside.reloads().takeOver(
                loaded, predecessor.generation(), predecessor.configs(), predecessor::ready);
    }

    boolean takesOver() {
        return predecessor != null;
    }

    /** The first generation serves. */
    void serving() {
        if (predecessor == null) {
            return;
        }
        try {
            parts.station().publish();
        } catch (IOException failed) {
            parts.log().log(Level.ERROR, "no command socket: " + failed.getMessage());
        }
        Generation now = inside.fleet().installed();
        predecessor.serving("generation " + now.number() + " serves", now.listenKeys(),
                this::inherit);
    }

    private void inherit(Predecessor.Legacy legacy) {
        try {
            parts.station().takePidFile();
        } catch (IOException failed) {
            parts.log().log(Level.ERROR, "no pid file: " + failed.getMessage());
        }
        inside.counted().inherit(legacy);
        inside.systemd().takeOver();
        predecessor.done();
        parts.log().log(Level.NOTICE, "taken over from the master with pid " + predecessor.pid());
    }

    private void predecessorIsGone() {
        inside.counted().retireInherited();
        predecessor.lanes().forEach(inside.lanes()::free);
        inside.reloads().alone();
    }

    /** The start failed; the old master is told before this process ends. */
    void failed(String what) {
        if (predecessor != null) {
            predecessor.failed(ExitCode.ROLLED_BACK, what);
        }
    }

    /** Whether this process has to stay although it has no workers. */
    boolean unfinished() {
        return predecessorLives() || upgrade.unanswered();
    }

    /** Whether a master before this one still drains. */
    boolean predecessorLives() {
        return predecessor != null && predecessor.lives();
    }

    void status(Reply reply) {
        if (predecessorLives()) {
            reply.line("the master before it, pid " + predecessor.pid() + ", drains");
        }
    }

    void stopPredecessor() {
        if (predecessor != null) {
            predecessor.stop();
        }
    }

    void reopenLogs() {
        if (predecessor != null) {
            predecessor.reopenLogs();
        }
    }

    /** {@code -s upgrade}. @param state of the master */
    void ask(MasterState state, Reply reply) {
        String refusal = refusal(state);
        if (refusal != null) {
            reply.line("sluice: no upgrade " + refusal);
            reply.end(ExitCode.FAILED);
        } else {
            upgrade.ask(reply);
        }
    }

    private String refusal(MasterState state) {
        if (state != MasterState.RUNNING) {
            return "while the master starts, reloads, rests, is upgraded or ends";
        }
        if (parts.program().isEmpty()) {
            return "of a master that was not started by the launcher";
        }
        if (Posix.pid() == 1) {
            return "of pid 1: its container ends with it";
        }
        return predecessorLives()
                ? "while the master before this one (pid " + predecessor.pid() + ") drains"
                : null;
    }

    /** @return false when the signal goes to the new master, which serves already */
    boolean cancel(int signal) {
        return upgrade.cancel(signal);
    }

    @Override
    public List<List<String>> offer() {
        offered = inside.reloads().skipNumber();
        List<List<String>> lines = new ArrayList<>();
        Generation now = inside.fleet().installed();
        lines.add(List.of("OFFER", Integer.toString(Posix.pid()), Integer.toString(offered - 1),
                parts.runDirectory(), parts.pidFile(),
                parts.run().root().resolve("upgrade.out").toString()));
        Set<String> configs = new LinkedHashSet<>(Set.of(now.file().toString()));
        for (WorkerProcess worker : inside.fleet().alive()) {
            lines.add(List.of("LANE", Integer.toString(worker.lane())));
            configs.add(worker.generation().file().toString());
        }
        configs.forEach(file -> lines.add(List.of("CONFIG", file)));
        lines.addAll(program.hand(inside.listeners().all()));
        lines.add(List.of("END"));
        return lines;
    }

    @Override
    public void begins() {
        become.accept(MasterState.UPGRADING);
    }

    @Override
    public void rolledBack(String what) {
        try {
            parts.run().forget(offered);
        } catch (IOException left) {
            parts.log().log(Level.WARN, "files of the new program stay: " + left.getMessage());
        }
        inside.systemd().trouble(what);
        become.accept(MasterState.RUNNING);
    }

    @Override
    public void handOver(long pid, Set<String> keys) {
        inside.systemd().handOver(pid);
        parts.station().giveUp();
        List<String> removed = inside.listeners().handOver(keys);
        become.accept(MasterState.DRAINING);
        inside.fleet().drainAll(removed);
        inside.counted().handOver(
                parts.run().countersDirectory().resolve("totals-" + pid + ".ctr"),
                line -> loop.execute(() -> program.send(line)));
    }
}
