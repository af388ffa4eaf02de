package dev.sluice.master;

import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.log.Level;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.command.Reply;
import dev.sluice.master.upgrade.Predecessor;
import dev.sluice.master.worker.Generation;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What a master has from the one before it, and what it does in its place. Owner: master loop.
 *
 * <p>When the old one is killed on the way, this one is alone and serves; when this one cannot take
 * the pid file while the old one lives, it gives everything back.
 */
final class Takeover implements Predecessor.Requests {

    /** Workers whose master was killed end by themselves within this time. */
    private static final long WORKERS_END_MS = 1_500;

    private final Master.Parts parts;
    private final Handover.Inside inside;
    private final Executor loop;
    private final Handover.Course course;

    /** The master before this one; null for one that was started by hand or by systemd. */
    private final Predecessor predecessor;

    private boolean inherited;
    private boolean told;

    Takeover(Master.Parts parts, Handover.Inside inside, Executor loop, Handover.Course course) {
        this.parts = parts;
        this.inside = inside;
        this.loop = loop;
        this.course = course;
        this.predecessor = parts.predecessor();
    }

    /** The first generation, as a new start or in the place of another master's. */
    void begin(LoadedConfig loaded) {
        if (predecessor == null) {
            inside.reloads().first(loaded);
            return;
        }
        predecessor.lanes().forEach(inside.lanes()::reserve);
        predecessor.start(loop, this);
        inside.reloads().takeOver(
                loaded, predecessor.generation(), predecessor.configs(), predecessor::ready);
    }

    boolean wanted() {
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
        new PidFileTurn(parts.station(), inside.timers()).take(
                () -> finish(legacy),
                failed -> {
                    String what = "no pid file: " + failed.getMessage();
                    parts.log().log(Level.ERROR, what);
                    if (lives()) {
                        giveBack(what);
                    } else {
                        // Better a master without a pid file than none.
                        finish(legacy);
                    }
                });
    }

    private void finish(Predecessor.Legacy legacy) {
        inherited = true;
        inside.counted().inherit(legacy, parts.run().countersUpTo(predecessor.generation()));
        predecessor.done();
        parts.station().takeOutput(predecessor.output());
        parts.log().log(Level.NOTICE, "taken over from the master with pid " + predecessor.pid()
                + (lives() ? "" : ", which has ended"));
        if (!lives()) {
            alone();
        }
    }

    /** The old one serves on: what runs here is finished. */
    private void giveBack(String what) {
        predecessor.failed(ExitCode.ROLLED_BACK, what);
        parts.station().giveUp();
        inside.counted().giveBack();
        course.become(MasterState.DRAINING);
        inside.listeners().handOver(Set.copyOf(inside.listeners().all().keySet()));
        inside.fleet().drainAll(List.of());
    }

    @Override
    public void metrics(String id) {
        inside.counted().answer(text -> predecessor.scraped(id, text));
    }

    @Override
    public void reload(Reply reply) {
        course.reload(reply);
    }

    @Override
    public void alone() {
        if (!told) {
            told = true;
            inside.systemd().takeOver();
        }
    }

    @Override
    public void ended() {
        if (inherited) {
            alone();
        }
        inside.timers().afterMs(WORKERS_END_MS, () -> {
            inside.counted().retireInherited();
            predecessor.lanes().forEach(inside.lanes()::free);
            inside.reloads().alone();
        });
    }

    /** The start failed; the old master is told before this process ends. */
    void failed(String what) {
        if (predecessor != null) {
            predecessor.failed(ExitCode.ROLLED_BACK, what);
        }
    }

    /** Whether nobody else has a claim to what this master has. */
    boolean hasAll() {
        return predecessor == null || inherited;
    }

    /** Whether the master before this one lives. */
    boolean lives() {
        return predecessor != null && predecessor.lives();
    }

    /** Whether this process has to wait for the one before it: that it drains, or serves on. */
    boolean unfinished() {
        return lives() && inherited;
    }

    long pid() {
        return predecessor.pid();
    }

    /** @param screen takes a line about the master before this one */
    void status(Consumer<String> screen) {
        if (lives()) {
            screen.accept("the master before it, pid " + pid() + ", drains");
        }
    }

    void stopPredecessor() {
        if (predecessor != null && inherited) {
            predecessor.stop();
        }
    }

    void reopenLogs() {
        if (predecessor != null) {
            predecessor.reopenLogs();
        }
    }
}
