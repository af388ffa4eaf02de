package dev.sluice.master;

import dev.sluice.common.aot.AotFlag;
import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.config.ConfigError;
import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.config.MainConfig;
import dev.sluice.common.linux.CLibrary;
import dev.sluice.common.log.Level;
import dev.sluice.common.log.NettyLog;
import dev.sluice.common.zones.ZonePlan;
import dev.sluice.master.certificate.CertificateCommand;
import dev.sluice.master.cli.ArgumentReader;
import dev.sluice.master.cli.Arguments;
import dev.sluice.master.cli.PurgeCommand;
import dev.sluice.master.cli.ShortCommands;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.convert.ConvertCommand;
import dev.sluice.master.flight.FlightCommand;
import dev.sluice.master.jfr.JfrCommand;
import dev.sluice.master.jvm.JvmCheck;
import dev.sluice.master.listen.ListenTable;
import dev.sluice.master.signal.MasterSignal;
import dev.sluice.master.signal.SignalInbox;
import dev.sluice.master.system.Account;
import dev.sluice.master.system.CacheFolderCheck;
import dev.sluice.master.system.LogFiles;
import dev.sluice.master.system.Posix;
import dev.sluice.master.system.RunDirectory;
import dev.sluice.master.top.TopCommand;
import dev.sluice.master.upgrade.Predecessor;
import dev.sluice.master.watch.ConnsCommand;
import dev.sluice.master.watch.TapCommand;
import dev.sluice.master.worker.WorkerCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command {@code sluice}: words to action. The main thread becomes the master loop. */
public final class MasterMain {

    private static final NettyLog.Factory NETTY_LOG = NettyLog.install();

    private MasterMain() {}

    public static void main(String[] words) {
        ExitCode code;
        try {
            code = run(words, Predecessor.of(System.getenv()));
        } catch (InterruptedException ended) {
            code = ExitCode.FAILED;
        } catch (IOException noOffer) {
            System.err.println("sluice: [error] " + words(noOffer));
            code = ExitCode.FAILED;
        }
        System.out.flush();
        // Not a return: threads of the JDK and of a JVM that handles TERM itself would keep it
        // alive.
        System.exit(code.number());
    }

    private static ExitCode run(String[] words, Predecessor predecessor)
            throws InterruptedException {
        if (words.length > 0 && words[0].equals("cert")) {
            return new CertificateCommand(Path.of(""), SystemClock.INSTANCE, System.out,
                    System.err).run(List.of(words).subList(1, words.length));
        }
        if (words.length > 0 && words[0].equals("convert")) {
            return new ConvertCommand(System.out, System.err)
                    .run(List.of(words).subList(1, words.length));
        }
        if (words.length > 0 && words[0].equals("top")) {
            return new TopCommand(Path.of(ArgumentReader.DEFAULT_CONFIG), SystemClock.INSTANCE,
                    System.out, System.err).run(List.of(words).subList(1, words.length), System.in);
        }
        if (words.length > 0 && words[0].equals("flight")) {
            return new FlightCommand(Path.of(ArgumentReader.DEFAULT_CONFIG), System.out,
                    System.err).run(List.of(words).subList(1, words.length));
        }
        if (words.length > 0 && words[0].equals("conns")) {
            return new ConnsCommand(Path.of(ArgumentReader.DEFAULT_CONFIG), System.out,
                    System.err).run(List.of(words).subList(1, words.length));
        }
        if (words.length > 0 && words[0].equals("tap")) {
            return new TapCommand(Path.of(ArgumentReader.DEFAULT_CONFIG), System.out,
                    System.err).run(List.of(words).subList(1, words.length));
        }
        if (words.length > 0 && words[0].equals("jfr")) {
            return new JfrCommand(Path.of(ArgumentReader.DEFAULT_CONFIG), SystemClock.INSTANCE,
                    System.out, System.err).run(List.of(words).subList(1, words.length));
        }
        if (words.length > 0 && words[0].equals("purge")) {
            return new PurgeCommand(Path.of(ArgumentReader.DEFAULT_CONFIG), System.out, System.err)
                    .run(List.of(words).subList(1, words.length));
        }
        ArgumentReader reader = new ArgumentReader();
        Arguments arguments;
        try {
            arguments = reader.read(words);
        } catch (IllegalArgumentException wrong) {
            System.err.println("sluice: " + wrong.getMessage() + " (sluice -h tells more)");
            return ExitCode.USAGE;
        }
        ShortCommands commands = new ShortCommands(arguments, System.out, System.err);
        return switch (arguments.action()) {
            case HELP -> {
                System.out.print(reader.help());
                yield ExitCode.DONE;
            }
            case VERSION -> commands.version(false);
            case VERSIONS -> commands.version(true);
            case TEST -> commands.test(false);
            case DUMP -> commands.test(true);
            case ASK -> commands.ask();
            case RUN -> {
                prepare();
                LoadedConfig loaded = commands.load().withoutText();
                yield loaded.config() == null
                        ? refused(predecessor, "the configuration is bad")
                        : start(new Job(arguments, loaded, predecessor, List.of(words)));
            }
        };
    }

    /**
     * What takes long and needs nothing of the configuration: 70 ms of a start are done by other
     * threads while that is read.
     */
    private static void prepare() {
        aside("transport", ListenTable::prepare);
        aside("link", CLibrary::prepare);
    }

    private static void aside(String name, Runnable work) {
        Thread.ofPlatform().daemon().name(name).start(work);
    }

    /** What a master starts with. */
    private record Job(
            Arguments arguments,
            LoadedConfig loaded,
            Predecessor predecessor,
            List<String> words) {

        /** The words that start the program anew as it is on disk then; none without a launcher. */
        List<String> program() {
            String launcher = System.getProperty("sluice.launcher");
            if (launcher == null) {
                return List.of();
            }
            List<String> all = new ArrayList<>(List.of(launcher));
            all.addAll(words);
            return all;
        }
    }

    private static ExitCode refused(Predecessor predecessor, String why) {
        if (predecessor != null) {
            predecessor.failed(ExitCode.FAILED, why);
        }
        return ExitCode.FAILED;
    }

    private static ExitCode start(Job job) throws InterruptedException {
        MainConfig main = job.loaded().config().main();
        String refusal = job.predecessor() == null ? null
                : job.predecessor().refusal(main.runDirectory(), main.pidFile());
        if (refusal != null) {
            return refused(job.predecessor(), refusal);
        }
        MasterStation station = new MasterStation(main);
        try {
            return supervise(job, station);
        } catch (IOException failed) {
            System.err.println("sluice: [error] " + words(failed));
            if (job.predecessor() != null) {
                job.predecessor().failed(ExitCode.ROLLED_BACK, words(failed));
            }
            return ExitCode.FAILED;
        } finally {
            station.close();
        }
    }

    /** The JDK's message of a file error is often the path alone; the class tells what it was. */
    private static String words(IOException failed) {
        return failed.getClass() == IOException.class
                ? failed.getMessage()
                : failed.getClass().getSimpleName() + ": " + failed.getMessage();
    }

    private static ExitCode supervise(Job job, MasterStation station)
            throws IOException, InterruptedException {
        Thread.currentThread().setName("master");
        LoadedConfig loaded = job.loaded();
        MainConfig main = loaded.config().main();
        Account workers = Account.ofWorkers(main.user());
        RunDirectory run = new RunDirectory(Path.of(main.runDirectory()));
        if (job.predecessor() == null) {
            station.takePidFile();
            run.prepare(workers, ZonePlan.of(loaded.config()));
        } else {
            run.join(workers);
        }
        List<String> failures = LogFiles.prepare(LogFiles.of(loaded.config()), workers);
        MasterLog log = new MasterLog(main.errorLog());
        NETTY_LOG.sayTo(log);
        failures.forEach(failure -> log.log(Level.WARN, failure));
        if (!log.isStderr()) {
            // On standard error they stand already.
            for (ConfigError warning : loaded.warnings()) {
                log.log(Level.WARN, warning.at() + ": " + warning.message());
            }
        }
        warnOfUser(main, log);
        String slow = AotFlag.complaint();
        if (slow != null) {
            log.log(Level.WARN, slow);
        }
        return supervise(job, station, run, log);
    }

    private static void warnOfUser(MainConfig main, MasterLog log) {
        boolean alreadySo = main.user().equals(System.getProperty("user.name"));
        if (!main.user().isEmpty() && !Posix.isRoot() && !alreadySo) {
            log.log(Level.WARN, "user = " + main.user() + " is ignored: not started as root");
        } else if (main.user().isEmpty() && Posix.isRoot()) {
            log.log(Level.WARN, "the workers run as root: no user is configured");
        }
    }

    private static ExitCode supervise(
            Job job, MasterStation station, RunDirectory run, MasterLog log)
            throws IOException, InterruptedException {
        Arguments arguments = job.arguments();
        MainConfig main = job.loaded().config().main();
        Master master =
                new Master(
                        new Master.Parts(
                                () ->
                                        JvmCheck.of(
                                                CacheFolderCheck.of(ConfigLoader.load(
                                                        arguments.configFile(),
                                                        arguments.prefix(),
                                                        arguments.overrides()))),
                                run,
                                WorkerCommand.ofInstallation(run.crashDirectory()),
                                log,
                                SystemClock.INSTANCE,
                                line -> print(arguments, line),
                                Posix.onTerminal(),
                                station,
                                job.predecessor(),
                                job.program(),
                                main.runDirectory(),
                                main.pidFile(),
                                System.getenv()));
        station.serves(log, new Commands(master));
        if (job.predecessor() == null) {
            station.open();
        }
        for (MasterSignal signal : MasterSignal.values()) {
            Posix.heed(signal.number());
        }
        SignalInbox.install(signal -> master.tell(new MasterEvent.Signalled(signal)));
        return master.run(job.loaded());
    }

    private static void print(Arguments arguments, String line) {
        if (!arguments.quiet()) {
            System.out.println(line);
        }
    }
}
