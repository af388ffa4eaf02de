package dev.sluice.master;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.log.Level;
import dev.sluice.master.command.Command;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.command.Reply;
import dev.sluice.master.listen.KeptSockets;
import dev.sluice.master.listen.ListenTable;
import dev.sluice.master.loop.MasterLoop;
import dev.sluice.master.loop.Timers;
import dev.sluice.master.notify.SystemdNotify;
import dev.sluice.master.reload.Reloads;
import dev.sluice.master.signal.MasterSignal;
import dev.sluice.master.system.RunDirectory;
import dev.sluice.master.system.Spawner;
import dev.sluice.master.system.HoldTables;
import dev.sluice.master.system.PeerRows;
import dev.sluice.master.system.TicketStore;
import dev.sluice.master.system.ZoneFiles;
import dev.sluice.master.upgrade.Predecessor;
import dev.sluice.master.upgrade.Upgrade;
import dev.sluice.master.worker.Fleet;
import dev.sluice.master.worker.Generation;
import dev.sluice.master.worker.Lanes;
import dev.sluice.master.worker.WorkerCommand;
import dev.sluice.master.worker.WorkerEvent;
import dev.sluice.master.worker.WorkerProcess;
import dev.sluice.master.worker.WorkerStarter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The master: events come in through one loop, and everything is decided here, on its thread.
 * Owner: master loop, except {@link #tell}.
 */
final class Master {

    /**
     * What the master works with.
     *
     * @param predecessor whose place it takes, or null
     * @param program the words that start this program anew; none when that is not possible
     * @param environment of this process, as far as it is the master's
     */
    record Parts(
            Supplier<LoadedConfig> configFile,
            RunDirectory run,
            WorkerCommand workerCommand,
            MasterLog log,
            Clock clock,
            Consumer<String> screen,
            boolean onTerminal,
            Station station,
            Predecessor predecessor,
            List<String> program,
            String runDirectory,
            String pidFile,
            Map<String, String> environment) {}

    private final Parts parts;
    private final MasterLog log;
    private final MasterLoop<MasterEvent> loop;
    private final CompletableFuture<Void> serves = new CompletableFuture<>();
    private final ListenTable listeners;
    private final Fleet fleet;
    private final Reloads reloads;
    private final OldGenerations oldGenerations;
    private final Scrapes scrapes;
    private final Counted counted;
    final Observed observed;
    private final LogKeeper logKeeper;
    private final Handover handover;
    private final Takeover takeover;
    private final SystemdNotify systemd;
    private final List<Reply> awaitingEnd = new ArrayList<>();
    private MasterState state = MasterState.STARTING;
    private ExitCode exitCode = ExitCode.DONE;

    Master(Parts parts) {
        this.parts = parts;
        this.log = parts.log();
        this.loop = new MasterLoop<>(parts.clock(), log);
        Timers timers = loop.timers();
        this.listeners = new ListenTable(parts.predecessor() == null
                ? KeptSockets.of(parts.environment(), ProcessHandle.current().pid())
                : KeptSockets.handedDown(parts.predecessor().sockets()));
        this.scrapes = new Scrapes(log);
        ZoneFiles zones = new ZoneFiles(parts.run().zonesDirectory(), parts.clock());
        this.counted = new Counted(scrapes, zones);
        PeerRows peerRows = new PeerRows(zones);
        Lanes lanes = new Lanes();
        lanes.onFreed(peerRows::clearLane);
        lanes.onFreed(new HoldTables(zones)::clearLane);
        WorkerStarter starter =
                new WorkerStarter(
                        new Spawner(parts.environment()),
                        parts.workerCommand(),
                        parts.run(),
                        listeners,
                        lanes,
                        new TicketStore(parts.run(), parts.clock(), timers),
                        parts.clock(),
                        event -> tell(new MasterEvent.OfWorker(event)));
        this.observed = new Observed(counted, parts);
        this.fleet = new Fleet(starter, listeners, timers, parts.clock(), log,
                observed, parts.run());
        this.oldGenerations = new OldGenerations(parts.run(), zones, fleet, log);
        this.systemd =
                new SystemdNotify(
                        parts.environment(), fleet, listeners, timers, parts.clock(), log);
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
        counted.of(fleet, reloads);
        observed.of(fleet, timers);
        Handover.Inside inside = new Handover.Inside(
                fleet, listeners, lanes, reloads, counted, systemd, timers);
        Executor onLoop = action -> tell(new MasterEvent.Told(action));
        this.takeover = new Takeover(parts, inside, onLoop, new Course());
        this.logKeeper = new LogKeeper(fleet, log, timers, parts.clock(),
                () -> takeover.hasAll() && !counted.given());
        this.handover = new Handover(parts, inside, onLoop, new Course(), takeover);
    }

    /** Any thread tells the loop something. */
    void tell(MasterEvent event) {
        loop.tell(event);
    }

    /** Completes when the first generation serves; any thread. */
    CompletableFuture<Void> serves() {
        return serves;
    }

    /** The port of an address that is listened at, 0 for another. On the loop. */
    int portOf(String address) {
        return listeners.portOf(address);
    }

    /** Runs until the last worker is gone. @return what the process ends with */
    ExitCode run(LoadedConfig loaded) throws InterruptedException {
        fleet.watch(action -> tell(new MasterEvent.Told(action)));
        loop.guarded(() -> takeover.begin(loaded));
        if (!takeover.wanted()) {
            scrapes.start();
            loop.guarded(systemd::start);
        }
        while (state != MasterState.STOPPED) {
            loop.turn(this::on);
            if (state.ending() && fleet.alive().isEmpty() && !handover.unfinished()
                    && !takeover.unfinished()) {
                become(MasterState.STOPPED);
            }
        }
        log.log(Level.NOTICE, "the master ends");
        forgetOldGenerations();
        if (fleet.installed() != null && !counted.given()) {
            parts.run().removeConfig(fleet.installed().number());
        }
        parts.station().leave();
        awaitingEnd.forEach(reply -> reply.end(ExitCode.DONE));
        return exitCode;
    }

    /** Another master that has taken over cleans up itself. */
    private void forgetOldGenerations() {
        if (!counted.given()) {
            oldGenerations.forget();
        }
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
                    forgetOldGenerations();
                }
            }
            case MasterEvent.Asked asked -> asked(asked.command(), asked.reply());
            case MasterEvent.Told told -> told.action().run();
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
            case UPGRADE -> handover.ask(state, reply);
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
        ModuleLines.tell(now, reply);
        takeover.status(reply::line);
    }

    private void reload(Reply reply) {
        if (handover.reload(state, reply)) {
            return;
        }
        if (state.ending()) {
            reply.line("sluice: no reload while the master ends");
            log.log(Level.NOTICE, "no reload while the master ends");
            reply.end(ExitCode.FAILED);
            return;
        }
        // While the first generation starts, this waits for its end as for that of any other.
        reloads.ask(reply);
    }

    private void reopenLogs() {
        logKeeper.reopen();
        takeover.reopenLogs();
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
        } else if (!state.ending() && handover.cancel(Upgrade.SIGTERM)) {
            become(MasterState.DRAINING);
            reloads.cancel("the master ends");
            fleet.drainAll(closeListeners());
        }
    }

    private void stop() {
        if (state == MasterState.STOPPING || state == MasterState.STOPPED
                || !handover.cancel(Upgrade.SIGINT)) {
            return;
        }
        become(MasterState.STOPPING);
        reloads.cancel("the master ends");
        closeListeners();
        fleet.stopAll();
        takeover.stopPredecessor();
    }

    /** Those of a master before this one stay its own until it has handed over. */
    private List<String> closeListeners() {
        return takeover.hasAll() ? listeners.closeAll()
                : listeners.handOver(listeners.all().keySet());
    }

    private final class Course implements Handover.Course {
        @Override
        public void become(MasterState next) {
            Master.this.become(next);
        }

        @Override
        public void reload(Reply reply) {
            Master.this.reload(reply);
        }

        @Override
        public void signalled(MasterSignal signal) {
            Master.this.signalled(signal);
        }
    }

    private final class ReloadHost implements Reloads.Host {
        @Override
        public void load() {
            Loading.start(parts.configFile(), Master.this::tell);
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
                logKeeper.serves();
            }
            if (first) {
                takeover.serving();
                announce();
            }
        }
    }

    private void startFailed(String what) {
        if (!log.isStderr()) {
            System.err.println("sluice: [error] " + what);
        }
        exitCode = ExitCode.FAILED;
        takeover.failed(what);
        reloads.cancel(what);
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
        serves.complete(null);
    }
}
