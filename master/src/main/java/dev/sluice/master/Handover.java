package dev.sluice.master;

import dev.sluice.common.log.Level;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.command.Reply;
import dev.sluice.master.listen.ListenTable;
import dev.sluice.master.loop.Timers;
import dev.sluice.master.notify.SystemdNotify;
import dev.sluice.master.reload.Reloads;
import dev.sluice.master.signal.MasterSignal;
import dev.sluice.master.system.Posix;
import dev.sluice.master.upgrade.Forwards;
import dev.sluice.master.upgrade.NewProgram;
import dev.sluice.master.upgrade.Upgrade;
import dev.sluice.master.worker.Fleet;
import dev.sluice.master.worker.Generation;
import dev.sluice.master.worker.Lanes;
import dev.sluice.master.worker.WorkerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/** What of a master goes to the next one, and comes back. Owner: master loop. */
final class Handover implements Upgrade.Host {

    /** What of the master's course this decides. */
    interface Course {
        void become(MasterState next);

        void reload(Reply reply);

        void signalled(MasterSignal signal);
    }

    /** The parts of the master that are handed over, or take over. */
    record Inside(
            Fleet fleet,
            ListenTable listeners,
            Lanes lanes,
            Reloads reloads,
            Counted counted,
            SystemdNotify systemd,
            Timers timers) {}

    private final Master.Parts parts;
    private final Inside inside;
    private final Course course;
    private final Takeover takeover;
    private final NewProgram program;
    private final Upgrade upgrade;
    private final Forwards forwards;
    private final Executor loop;

    /** Who asked for a reload while it was not known whose it would be. */
    private final List<Reply> reloads = new ArrayList<>();

    private int offered;
    private Path totals;

    Handover(
            Master.Parts parts, Inside inside, Executor loop, Course course, Takeover takeover) {
        this.parts = parts;
        this.inside = inside;
        this.loop = loop;
        this.course = course;
        this.takeover = takeover;
        this.program =
                new NewProgram(parts.program(), parts.run().root().resolve("upgrade.out"), loop);
        this.forwards = new Forwards(program::send);
        this.upgrade =
                new Upgrade(this, program, inside.timers(), parts.clock(), parts.log());
    }

    /** Whether this process has to stay although it has no workers. */
    boolean unfinished() {
        return upgrade.unanswered() || forwards.waiting();
    }

    /**
     * Takes a reload that is not this master's to do, or not yet: one that is asked for while the
     * program changes is done by whoever is the master after that.
     *
     * @return false when it is this master's own
     */
    boolean reload(MasterState state, Reply reply) {
        if (state == MasterState.UPGRADING) {
            parts.log().log(Level.NOTICE, "the reload waits for the end of the upgrade");
            reply.line("the program is upgraded, the reload follows");
            reloads.add(reply);
            return true;
        }
        if (upgrade.given() && program.running()) {
            forwards.reload(reply);
            return true;
        }
        return false;
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
        return takeover.lives()
                ? "while the master before this one (pid " + takeover.pid() + ") drains"
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
        course.become(MasterState.UPGRADING);
    }

    @Override
    public void give(long pid) {
        parts.station().giveUp();
        totals = parts.run().countersDirectory().resolve("totals-" + pid + ".ctr");
        inside.counted().handOver(totals, forwards,
                line -> loop.execute(() -> send(pid, line)));
    }

    /** Written by another thread, and perhaps too late. */
    private void send(long pid, List<String> yours) {
        if (upgrade.giving(pid)) {
            program.send(yours);
        }
    }

    @Override
    public void handOver(long pid, Set<String> keys) {
        inside.systemd().handOver(pid);
        List<String> removed = inside.listeners().handOver(keys);
        course.become(MasterState.DRAINING);
        inside.fleet().drainAll(removed);
        reloads.forEach(forwards::reload);
        reloads.clear();
    }

    @Override
    public void rolledBack(Upgrade.Phase from, String what) {
        if (from != Upgrade.Phase.STARTING) {
            takeBack();
        }
        if (from == Upgrade.Phase.GIVING) {
            takePidFileBack();
        }
        try {
            parts.run().forget(offered);
        } catch (IOException left) {
            parts.log().log(Level.WARN, "files of the new program stay: " + left.getMessage());
        }
        inside.systemd().trouble(what);
        course.become(MasterState.RUNNING);
        List<Reply> waiting = List.copyOf(reloads);
        reloads.clear();
        waiting.forEach(course::reload);
    }

    /** The new master may have put its command socket in the place of this one's. */
    private void takeBack() {
        try {
            parts.station().publish();
        } catch (IOException failed) {
            parts.log().log(Level.ERROR, "no command socket: " + failed.getMessage());
        }
    }

    private void takePidFileBack() {
        inside.counted().takeBack(totals, forwards);
        new PidFileTurn(parts.station(), inside.timers()).take(
                () -> parts.log().log(Level.DEBUG, "the pid file is taken back"),
                failed -> parts.log().log(Level.ERROR, "no pid file: " + failed.getMessage()));
    }

    @Override
    public void signal(int number) {
        course.signalled(number == Upgrade.SIGINT ? MasterSignal.INT : MasterSignal.TERM);
    }

    @Override
    public void said(List<String> words) {
        forwards.said(words);
    }

    @Override
    public void successorEnded() {
        forwards.ended();
        program.close();
    }
}
