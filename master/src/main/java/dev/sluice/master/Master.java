package dev.sluice.master;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.log.Level;
import dev.sluice.common.zones.LimitZone;
import dev.sluice.master.command.Command;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.command.Reply;
import dev.sluice.master.listen.KeptSockets;
import dev.sluice.master.listen.ListenTable;
import dev.sluice.master.loop.Timers;
import dev.sluice.master.metrics.LimitTotals;
import dev.sluice.master.notify.SystemdNotify;
import dev.sluice.master.reload.Reloads;
import dev.sluice.master.signal.MasterSignal;
import dev.sluice.master.system.LogFiles;
import dev.sluice.master.system.RunDirectory;
import dev.sluice.master.system.Spawner;
import dev.sluice.master.system.PeerRows;
import dev.sluice.master.system.ZoneFiles;
import dev.sluice.master.worker.Fleet;
import dev.sluice.master.worker.Generation;
import dev.sluice.master.worker.Lanes;
import dev.sluice.master.worker.WorkerCommand;
import dev.sluice.master.worker.WorkerEvent;
import dev.sluice.master.worker.WorkerProcess;
import dev.sluice.master.worker.WorkerStarter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The loop of the master: events come in through one queue, and everything is decided here, on one
 * thread. Nothing that an event causes ends the loop; what goes wrong is logged. Owner: master
 * loop, except {@link #tell}.
 */
final class Master {

    /** What the master works with. */
    record Parts(
            Supplier<LoadedConfig> configFile,
            RunDirectory run,
            WorkerCommand workerCommand,
            MasterLog log,
            Clock clock,
            Consumer<String> screen,
            boolean onTerminal) {}

    private static final long LONGEST_WAIT_NS = 3_600_000_000_000L;

    private final Parts parts;
    private final MasterLog log;
    private final LinkedBlockingQueue<MasterEvent> inbox = new LinkedBlockingQueue<>();
    private final Timers timers;
    private final ListenTable listeners =
            new ListenTable(KeptSockets.of(System.getenv(), ProcessHandle.current().pid()));
    private final ZoneFiles zones;
    private final Fleet fleet;
    private final Reloads reloads;
    private final OldGenerations oldGenerations;
    private final Scrapes scrapes;
    private final SystemdNotify systemd;
    private final List<Reply> awaitingEnd = new ArrayList<>();
    private MasterState state = MasterState.STARTING;
    private ExitCode exitCode = ExitCode.DONE;

    Master(Parts parts) {
        this.parts = parts;
        this.log = parts.log();
        this.timers = new Timers(parts.clock());
        this.scrapes = new Scrapes(log);
        this.zones = new ZoneFiles(parts.run().zonesDirectory(), parts.clock());
        PeerRows peerRows = new PeerRows(zones);
        Lanes lanes = new Lanes();
        lanes.onFreed(peerRows::clearLane);
        WorkerStarter starter =
                new WorkerStarter(
                        new Spawner(System.getenv()),
                        parts.workerCommand(),
                        parts.run(),
                        listeners,
                        lanes,
                        parts.clock(),
                        event -> tell(new MasterEvent.OfWorker(event)));
        this.fleet =
                new Fleet(starter, listeners, timers, parts.clock(), log, new FleetMetrics());
        this.oldGenerations = new OldGenerations(parts.run(), zones, fleet, log);
        this.systemd =
                new SystemdNotify(
                        System.getenv(), fleet, listeners, timers, parts.clock(), log);
        this.reloads =
                new Reloads(
                        new ReloadHost(),
                        fleet,
                        listeners,
                        parts.run(),
                        zones,
                        peerRows,
                        timers,
                        parts.clock(),
                        log);
    }

    /** Any thread tells the loop something. */
    void tell(MasterEvent event) {
        inbox.add(event);
    }

    /** Runs until the last worker is gone. @return what the process ends with */
    ExitCode run(LoadedConfig loaded) throws InterruptedException {
        scrapes.start();
        fleet.watch();
        guarded(() -> reloads.first(loaded));
        guarded(systemd::start);
        while (state != MasterState.STOPPED) {
            Runnable due = timers.takeDue();
            if (due != null) {
                guarded(due);
            } else {
                long waitNs = Math.min(timers.nextInNs(), LONGEST_WAIT_NS);
                MasterEvent event = inbox.poll(waitNs, TimeUnit.NANOSECONDS);
                if (event != null) {
                    guarded(() -> on(event));
                }
            }
            if (state.ending() && fleet.alive().isEmpty()) {
                become(MasterState.STOPPED);
            }
        }
        log.log(Level.NOTICE, "the master ends");
        oldGenerations.forget();
        if (fleet.installed() != null) {
            parts.run().removeConfig(fleet.installed().number());
        }
        awaitingEnd.forEach(reply -> reply.end(ExitCode.DONE));
        return exitCode;
    }

    /** The loop outlives whatever an event does, a full heap of the JVM included. */
    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (Exception | Error failed) {
            log.log(Level.ERROR, "internal error: " + failed + " at " + where(failed));
        }
    }

    private static String where(Throwable failed) {
        StackTraceElement[] trace = failed.getStackTrace();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(trace.length, 5); i++) {
            text.append(i == 0 ? "" : " < ").append(trace[i]);
        }
        return text.toString();
    }

    private void become(MasterState next) {
        assert state.mayBecome(next) : state + " -> " + next;
        log.log(Level.DEBUG, "master: " + state + " -> " + next);
        state = next;
        systemd.became(next.phase());
    }

    private void on(MasterEvent event) {
        switch (event) {
            case MasterEvent.Signalled signalled -> signalled(signalled.signal());
            case MasterEvent.OfWorker ofWorker -> {
                fleet.on(ofWorker.event());
                if (ofWorker.event() instanceof WorkerEvent.Exited) {
                    oldGenerations.forget();
                }
            }
            case MasterEvent.Asked asked -> asked(asked.command(), asked.reply());
            case MasterEvent.Loaded loaded -> reloads.loaded(loaded.config());
            case MasterEvent.LoadFailed failed -> reloads.loadFailed(failed.why());
        }
    }

    private void signalled(MasterSignal signal) {
        log.log(Level.NOTICE, "signal " + signal + " received");
        switch (signal) {
            case HUP -> reload(Reply.NOBODY);
            case TERM -> drain();
            case INT -> stop();
            case USR1 -> reopenLogs();
            case WINCH -> {
                if (parts.onTerminal()) {
                    log.log(Level.INFO, "signal WINCH ignored: a terminal sends it when resized");
                } else {
                    rest();
                }
            }
        }
    }

    private void asked(Command command, Reply reply) {
        if (command != Command.STATUS) {
            log.log(Level.NOTICE, "command " + command.word() + " received");
        }
        switch (command) {
            case RELOAD -> reload(reply);
            case STOP -> {
                awaitingEnd.add(reply);
                stop();
            }
            case QUIT -> {
                awaitingEnd.add(reply);
                drain();
            }
            case REOPEN -> {
                reopenLogs();
                reply.end(ExitCode.DONE);
            }
            case STATUS -> {
                status(reply);
                reply.end(ExitCode.DONE);
            }
        }
    }

    private void status(Reply reply) {
        Generation now = fleet.installed();
        reply.line("master " + state + ", generation " + (now == null ? 0 : now.number()));
        for (WorkerProcess worker : fleet.alive()) {
            reply.line(worker + " " + worker.state().phrase());
        }
    }

    private void reload(Reply reply) {
        if (state.ending() || state == MasterState.STARTING) {
            reply.line("sluice: no reload while the master starts or ends");
            reply.end(ExitCode.FAILED);
            return;
        }
        reloads.ask(reply);
    }

    /** Reads the file on a thread of its own: a folder that hangs must not stop the loop. */
    private void load() {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                tell(new MasterEvent.Loaded(parts.configFile().get()));
                            } catch (RuntimeException | StackOverflowError failed) {
                                tell(new MasterEvent.LoadFailed(failed.toString()));
                            }
                        },
                        "configuration");
        thread.setDaemon(true);
        thread.start();
    }

    private void reopenLogs() {
        Generation now = fleet.installed();
        if (now != null) {
            for (String failure : LogFiles.prepare(LogFiles.of(now.config()), now.account())) {
                log.log(Level.ERROR, failure);
            }
        }
        log.reopen();
        fleet.reopenLogs();
        log.log(Level.NOTICE, "logs reopened");
    }

    private void rest() {
        if (state != MasterState.RUNNING && state != MasterState.RELOADING) {
            return;
        }
        reloads.cancel("the workers are drained");
        become(MasterState.RESTING);
        fleet.drainAll(List.of());
    }

    private void drain() {
        if (state == MasterState.STARTING) {
            stop();
        } else if (!state.ending()) {
            become(MasterState.DRAINING);
            reloads.cancel("the master ends");
            fleet.drainAll(listeners.closeAll());
        }
    }

    private void stop() {
        if (state == MasterState.STOPPING || state == MasterState.STOPPED) {
            return;
        }
        become(MasterState.STOPPING);
        reloads.cancel("the master ends");
        listeners.closeAll();
        fleet.stopAll();
    }

    private final class ReloadHost implements Reloads.Host {
        @Override
        public void load() {
            Master.this.load();
        }

        @Override
        public void begins() {
            become(MasterState.RELOADING);
        }

        @Override
        public boolean resting() {
            return fleet.slotCount() == 0;
        }

        @Override
        public void ended(ExitCode how, String what) {
            if (state.ending()) {
                return;
            }
            systemd.trouble(how == ExitCode.DONE ? "" : what);
            if (state == MasterState.STARTING && how != ExitCode.DONE) {
                startFailed(what);
                return;
            }
            boolean first = state == MasterState.STARTING;
            become(resting() ? MasterState.RESTING : MasterState.RUNNING);
            if (how == ExitCode.DONE) {
                log.use(fleet.installed().config().main().errorLog());
            }
            if (first) {
                announce();
            }
        }
    }

    private void startFailed(String what) {
        if (!log.isStderr()) {
            System.err.println("sluice: [error] " + what);
        }
        exitCode = ExitCode.FAILED;
        become(MasterState.STOPPING);
        fleet.stopAll();
    }

    private void announce() {
        Generation now = fleet.installed();
        for (String line : ServesText.lines(now.config(), listeners::portOf)) {
            parts.screen().accept("sluice: " + line);
        }
        String ready =
                "ready, " + now.workerCount() + (now.workerCount() == 1 ? " worker" : " workers")
                        + ", pid " + ProcessHandle.current().pid();
        parts.screen().accept("sluice: " + ready);
        log.log(Level.NOTICE, ready);
    }

    private final class FleetMetrics implements Fleet.Metrics {
        @Override
        public void answer(WorkerProcess worker, long id) {
            scrapes.answer(worker, id, snapshot());
        }

        @Override
        public void gone(WorkerProcess worker) {
            scrapes.retire(worker.counters(), snapshot());
        }
    }

    private Scrapes.Snapshot snapshot() {
        Generation now = fleet.installed();
        // The first start counts among the ends of reloads; it is none.
        long done = Math.max(0, reloads.count(ExitCode.DONE) - 1);
        return new Scrapes.Snapshot(
                fleet.alive().stream().map(WorkerProcess::counters).toList(),
                fleet.servingCount(),
                now == null ? 0 : now.number(),
                fleet.respawnCount(),
                Map.of(
                        "done", done,
                        "rejected", reloads.count(ExitCode.FAILED),
                        "rolled_back", reloads.count(ExitCode.ROLLED_BACK)),
                limits());
    }

    /** One whose shape was changed by a reload has two zones for a while: the newer one counts. */
    private List<LimitTotals> limits() {
        Map<String, LimitTotals> byName = new LinkedHashMap<>();
        zones.forEach(LimitZone.KIND,
                zone -> byName.put(zone.spec().name(), LimitTotals.of(zone)));
        return List.copyOf(byName.values());
    }
}
