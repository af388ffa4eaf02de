package dev.sluice.master.reload;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.config.ConfigDifference;
import dev.sluice.common.config.ConfigError;
import dev.sluice.common.config.HandedFiles;
import dev.sluice.common.config.JvmOptions;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.config.MainConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.command.Reply;
import dev.sluice.master.listen.ListenFailure;
import dev.sluice.master.listen.ListenTable;
import dev.sluice.master.loop.Timers;
import dev.sluice.master.system.Account;
import dev.sluice.master.system.AnswerStore;
import dev.sluice.master.system.LogFiles;
import dev.sluice.master.system.RunDirectory;
import dev.sluice.master.system.PeerRows;
import dev.sluice.master.system.ZoneFiles;
import dev.sluice.master.worker.Fleet;
import dev.sluice.master.worker.Generation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One reload at a time: reads the file off the loop, checks whether anything changed, and rolls a
 * new generation out. Whoever asks meanwhile is answered by one more reload after this one, which
 * sees the file as it is then. Owner: master loop.
 */
public final class Reloads {

    /** What the master provides, and is told. */
    public interface Host {
        /** Reads the configuration on another thread; {@link Reloads#loaded} is called after it. */
        void load();

        /** A generation is on its way. */
        void begins();

        /** Nothing is on its way any more, and this is how it ended. */
        void ended(ExitCode how, String what);

        /** No worker serves, on purpose: then an unchanged file is put into service as well. */
        boolean resting();
    }

    /** A predecessor that was killed leaves workers that hold its addresses for a moment. */
    private static final int BIND_ATTEMPTS = 10;

    private static final long BIND_RETRY_MS = 300;

    /** More than these stand only on the operator's screen. */
    private static final int CHANGES_LOGGED_MAX = 20;

    private final Host host;
    private final Fleet fleet;
    private final ListenTable listeners;
    private final RunDirectory run;
    private final ZoneFiles zones;
    private final PeerRows peerRows;
    private final Timers timers;
    private final Clock clock;
    private final ErrorLog log;
    private final Map<ExitCode, Long> counts = new EnumMap<>(ExitCode.class);
    private List<Reply> asking = new ArrayList<>();
    private List<Reply> waiting = new ArrayList<>();
    private boolean lastGood;
    private long lastGoodMs;
    private boolean running;
    private boolean again;
    private int lastNumber;
    private final Set<SluiceConfig> others = new HashSet<>();
    private Rollout.Gate gate = Rollout.Gate.OPEN;
    private Rollout rollout;
    private ReloadReport report;

    public Reloads(
            Host host,
            Fleet fleet,
            ListenTable listeners,
            RunDirectory run,
            ZoneFiles zones,
            PeerRows peerRows,
            Timers timers,
            Clock clock,
            ErrorLog log) {
        this.host = host;
        this.fleet = fleet;
        this.listeners = listeners;
        this.run = run;
        this.zones = zones;
        this.peerRows = peerRows;
        this.timers = timers;
        this.clock = clock;
        this.log = log;
    }

    /** The first generation: the file is loaded and good. */
    public void first(LoadedConfig loaded) {
        running = true;
        report = new ReloadReport(clock, this::tell);
        rollOut(loaded, BIND_ATTEMPTS);
    }

    /**
     * The first generation of a master that takes over from another.
     *
     * @param before the other's last number
     * @param living what its workers serve
     * @param gate is asked before the workers are put into service
     */
    public void takeOver(
            LoadedConfig loaded, int before, Collection<SluiceConfig> living, Rollout.Gate gate) {
        lastNumber = before;
        others.addAll(living);
        this.gate = gate;
        first(loaded);
    }

    /** The other master has ended. */
    public void alone() {
        others.clear();
    }

    /** Another master was to begin with the next number, which nobody uses from now on. */
    public int skipNumber() {
        return ++lastNumber;
    }

    /** The number of the last generation that was begun. */
    public int lastNumber() {
        return lastNumber;
    }

    /** Somebody wants the file to be loaded again. */
    public void ask(Reply reply) {
        if (running) {
            waiting.add(reply);
            again = true;
            reply.line("a reload is under way, another one follows it");
            return;
        }
        running = true;
        asking.add(reply);
        report = new ReloadReport(clock, this::tell);
        host.begins();
        host.load();
    }

    /** The outcome of {@link Host#load}. */
    public void loaded(LoadedConfig loaded) {
        if (!running) {
            return;
        }
        for (ConfigError warning : loaded.warnings()) {
            say(Level.WARN, warning.asWarning());
        }
        report.step("check");
        if (loaded.config() == null) {
            for (ConfigError error : loaded.errors()) {
                say(Level.ERROR, error.asError());
            }
            end(ExitCode.FAILED, "the configuration is bad; the old one serves on");
            return;
        }
        Generation now = fleet.installed();
        if (!host.resting() && isUnchanged(now, loaded)) {
            end(ExitCode.DONE, "the configuration has not changed; nothing to do");
            return;
        }
        List<String> changes = ConfigDifference.between(now.config(), loaded.config());
        report.changes(changes, ConfigDifference.summary(changes, CHANGES_LOGGED_MAX));
        warnOfFixed(now.config().main(), loaded.config().main());
        rollOut(loaded, 1);
    }

    private static boolean isUnchanged(Generation now, LoadedConfig loaded) {
        return now.config().equals(loaded.config())
                && now.files().equals(loaded.files())
                && now.jvmFlags().equals(JvmOptions.words(loaded.jvm().worker()));
    }

    /** Loading threw; a bug or a file system in trouble. */
    public void loadFailed(String why) {
        if (running) {
            say(Level.ERROR, "the configuration cannot be loaded: " + why);
            end(ExitCode.FAILED, "the old configuration serves on");
        }
    }

    /** What only a restart changes: the master lives in it. */
    private void warnOfFixed(MainConfig now, MainConfig next) {
        if (!now.runDirectory().equals(next.runDirectory())) {
            say(Level.WARN, "run_directory changes at the next start, not at a reload");
        }
        if (!now.pidFile().equals(next.pidFile())) {
            say(Level.WARN, "pid_file changes at the next start, not at a reload");
        }
    }

    private void rollOut(LoadedConfig loaded, int attempts) {
        if (!running) {
            return;
        }
        try {
            listeners.prepare(
                    loaded.config().listenAddresses(), loaded.config().main().workers());
            report.step("sockets");
            rollout = makeRollout(loaded);
            rollout.begin();
        } catch (ListenFailure failed) {
            listeners.rollBack();
            tryLater(loaded, attempts, failed);
        } catch (IOException failed) {
            listeners.rollBack();
            end(ExitCode.ROLLED_BACK, failed.getMessage());
        } catch (RuntimeException | Error bug) {
            // A bug of ours must not leave the master in the middle of a reload for ever.
            abandon("internal error: " + bug);
            throw bug;
        }
    }

    private void tryLater(LoadedConfig loaded, int attempts, ListenFailure failed) {
        if (attempts == 1 || !failed.mayPass()) {
            end(ExitCode.ROLLED_BACK, failed.told(fleet.installed() == null
                    ? "nothing is served" : "the old configuration serves on"));
            return;
        }
        if (attempts == BIND_ATTEMPTS) {
            log.log(Level.WARN, failed.getMessage() + "; trying again for "
                    + (BIND_ATTEMPTS - 1) * BIND_RETRY_MS + " ms");
        }
        timers.afterMs(BIND_RETRY_MS, () -> rollOut(loaded, attempts - 1));
    }

    private Rollout makeRollout(LoadedConfig loaded) throws IOException {
        lastNumber++;
        Account account = Account.ofWorkers(loaded.config().main().user());
        for (String failure : LogFiles.prepare(LogFiles.of(loaded.config()), account)) {
            say(Level.WARN, failure);
        }
        run.keepModules(loaded.config().modules(), livingModules(), account);
        Path file = run.writeConfig(lastNumber, loaded.config(), account);
        Generation next =
                new Generation(
                        lastNumber,
                        loaded.config(),
                        file,
                        withAnswers(loaded.files()),
                        JvmOptions.words(loaded.jvm().worker()),
                        account);
        for (String anew : zones.add(next.zones(), account)) {
            log.log(Level.WARN, anew);
            report.line("zones", anew);
        }
        peerRows.prepare(loaded.config(), livingConfigs());
        return new Rollout(
                next, new Rollout.Parts(fleet, listeners, timers, log, gate), report, new Ended());
    }

    /** What authorities have said before, also to a master before this one. */
    private HandedFiles withAnswers(HandedFiles files) {
        return files.isEmpty() ? files : files.withStaplesOf(fleet.installed() == null
                ? new AnswerStore(run, log).read() : fleet.installed().files());
    }

    private Set<String> livingModules() {
        Set<String> digests = new HashSet<>();
        for (SluiceConfig config : livingConfigs()) {
            config.modules().forEach(module -> digests.add(module.jar().sha256()));
        }
        return digests;
    }

    private Set<SluiceConfig> livingConfigs() {
        Set<SluiceConfig> living = new HashSet<>(others);
        if (fleet.installed() != null) {
            living.add(fleet.installed().config());
        }
        fleet.alive().forEach(worker -> living.add(worker.generation().config()));
        return living;
    }

    private void abandon(String why) {
        if (rollout != null) {
            rollout.rollBack(why);
        } else {
            listeners.rollBack();
            end(ExitCode.ROLLED_BACK, why);
        }
    }

    private final class Ended implements Rollout.Ending {
        @Override
        public void inService(String what) {
            end(ExitCode.DONE, what);
        }

        @Override
        public void rolledBack(String why) {
            end(ExitCode.ROLLED_BACK, why + "; rolled back");
        }
    }

    /** The master ends or rests: what is on its way goes back, who waits is told. */
    public void cancel(String why) {
        again = false;
        if (rollout != null) {
            rollout.rollBack(why);
        } else if (running) {
            end(ExitCode.ROLLED_BACK, why);
        }
        waiting.forEach(reply -> answer(reply, ExitCode.ROLLED_BACK, why));
        waiting.clear();
    }

    private void end(ExitCode how, String what) {
        gate = Rollout.Gate.OPEN;
        rollout = null;
        running = false;
        counts.merge(how, 1L, Long::sum);
        lastGood = how == ExitCode.DONE;
        lastGoodMs = lastGood ? clock.nowMs() : lastGoodMs;
        String steps = report.summary();
        log.log(
                how == ExitCode.DONE ? Level.NOTICE : Level.ERROR,
                onOneLine(what) + (steps.isEmpty() ? "" : "; " + steps));
        List<Reply> told = asking;
        asking = new ArrayList<>();
        told.forEach(reply -> answer(reply, how, what));
        host.ended(how, what);
        if (again) {
            again = false;
            List<Reply> next = waiting;
            waiting = new ArrayList<>();
            next.forEach(this::ask);
        }
    }

    private static void answer(Reply reply, ExitCode how, String what) {
        reply.line("sluice: " + what);
        reply.end(how);
    }

    private void say(Level level, String text) {
        log.log(level, onOneLine(text));
        tell(text);
    }

    private static String onOneLine(String text) {
        return text.replace("\n        help: ", "; help: ");
    }

    private void tell(String line) {
        asking.forEach(reply -> reply.line(line));
    }

    /** Whether the last one went well, and when the last that did ended, wall time. */
    public boolean lastGood() {
        return lastGood;
    }

    public long lastGoodMs() {
        return lastGoodMs;
    }

    /** How many ended this way, the first start included. */
    public long count(ExitCode how) {
        return counts.getOrDefault(how, 0L);
    }
}
