package dev.sluice.master;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.config.ConfigError;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.config.MainConfig;
import dev.sluice.common.log.Level;
import dev.sluice.common.zones.ZonePlan;
import dev.sluice.master.command.Command;
import dev.sluice.master.command.CommandSocket;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.command.Reply;
import dev.sluice.master.system.Account;
import dev.sluice.master.system.LogFiles;
import dev.sluice.master.system.RunDirectory;
import dev.sluice.master.worker.WorkerCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * The master in a JVM of somebody else: the same supervision, the same worker processes, and a
 * configuration that was built in Java (see {@code SluiceConfig.builder}).
 *
 * <pre>
 *   LoadedConfig config = SluiceConfig.builder(folder)....load();
 *   try (EmbeddedMaster sluice = EmbeddedMaster.start(config, Path.of("/usr/lib/sluice"))) {
 *       int port = sluice.port("127.0.0.1:0");
 *       sluice.reload(SluiceConfig.builder(folder)....load());
 *   }
 * </pre>
 *
 * <p>It needs the folder of a distribution, which has the Java, the classes and the native
 * libraries of the workers. The JVM itself needs that folder's {@code lib/*.jar} on its class path,
 * {@code -Djava.library.path} with its {@code native}, and
 * {@code --enable-native-access=ALL-UNNAMED}.
 *
 * <p>What belongs to the process is left to its owner: no signal is handled, no pid file written,
 * nothing said to systemd, and there is no upgrade. {@code sluice -s} reaches it by its
 * {@code run_directory}, which no other master may use; a reload asked for there starts the
 * workers anew with the configuration that was given last. When the JVM ends without
 * {@link #close}, however it ends, the workers end too.
 *
 * <p>Methods may be called by any thread; each waits until what it asks for is done.
 */
public final class EmbeddedMaster implements AutoCloseable {

    private static final List<String> OF_THE_PROCESS =
            List.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID",
                    "LISTEN_FDNAMES");

    private final AtomicReference<LoadedConfig> next;
    private final MasterStation station;
    private final Master master;
    private final CompletableFuture<ExitCode> ended = new CompletableFuture<>();

    private EmbeddedMaster(LoadedConfig config, Path home) throws IOException {
        MainConfig main = config.config().main();
        next = new AtomicReference<>(config);
        station = new MasterStation(main);
        RunDirectory run = new RunDirectory(Path.of(main.runDirectory()));
        // Another master that answers there is found before its files are touched.
        CommandSocket.refuseOther(RunDirectory.commandSocket(run.root()));
        Account workers = Account.ofWorkers(main.user());
        run.prepare(workers, ZonePlan.of(config.config()));
        List<String> failures = LogFiles.prepare(LogFiles.of(config.config()), workers);
        MasterLog log = new MasterLog(main.errorLog());
        failures.forEach(failure -> log.log(Level.WARN, failure));
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.keySet().removeAll(OF_THE_PROCESS);
        master = new Master(new Master.Parts(next::get, run,
                WorkerCommand.of(home, run.crashDirectory()), log, SystemClock.INSTANCE,
                line -> { }, false, station, null, List.of(), main.runDirectory(),
                main.pidFile(), environment));
        station.serves(log, new Commands(master));
        station.open();
    }

    /**
     * Starts the workers and waits until they serve.
     *
     * @param home folder of the distribution, with {@code runtime}, {@code lib} and {@code native}
     * @throws IllegalArgumentException the configuration has errors, all of which are named
     * @throws IOException the start failed, or another master uses the {@code run_directory}
     */
    public static EmbeddedMaster start(LoadedConfig config, Path home) throws IOException {
        check(config);
        if (!Files.isExecutable(home.resolve("runtime/bin/java"))) {
            throw new IOException(home + " is no distribution: it has no runtime/bin/java");
        }
        EmbeddedMaster embedded = new EmbeddedMaster(config, home.toAbsolutePath());
        Thread.ofPlatform().name("sluice-master").start(() -> embedded.run(config));
        try {
            embedded.master.serves().join();
        } catch (CompletionException failed) {
            throw new IOException("the start failed: the reason is in the error log, "
                    + config.config().main().errorLog().path(), failed.getCause());
        }
        return embedded;
    }

    private static void check(LoadedConfig config) {
        if (config.config() == null) {
            throw new IllegalArgumentException(config.errors().stream()
                    .map(ConfigError::asError).collect(Collectors.joining("\n")));
        }
    }

    private void run(LoadedConfig first) {
        ExitCode code = ExitCode.FAILED;
        try {
            code = master.run(first);
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
        } finally {
            station.close();
            master.serves().completeExceptionally(new IOException("the master ended"));
            ended.complete(code);
        }
    }

    private void tell(MasterEvent event) {
        master.tell(event);
    }

    /**
     * The port of an address, which the kernel has chosen where the configuration says 0.
     *
     * @param address as it is configured, {@code 127.0.0.1:0}
     * @throws IllegalArgumentException nothing listens there
     */
    public int port(String address) {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        tell(new MasterEvent.Told(() -> answer.complete(master.portOf(address))));
        ended.thenRun(() -> answer.complete(0));
        int port = answer.join();
        if (port == 0) {
            throw new IllegalArgumentException("nothing listens at " + address);
        }
        return port;
    }

    /**
     * Puts another configuration into service, as {@code sluice -s reload} does: when it is bad or
     * its workers do not come up, the one before stays.
     *
     * @return what has changed, as lines for an operator
     * @throws IOException it was not put into service; the message says why
     */
    public List<String> reload(LoadedConfig config) throws IOException {
        check(config);
        LoadedConfig before = next.getAndSet(config);
        Answer answer = ask(Command.RELOAD);
        if (answer.code.join() != ExitCode.DONE) {
            next.compareAndSet(config, before);
            throw new IOException(String.join("\n", answer.lines));
        }
        return List.copyOf(answer.lines);
    }

    /** Lets the workers finish what runs, {@code worker_shutdown_timeout} at most, and ends. */
    public void quit() {
        ask(Command.QUIT);
        ended.join();
    }

    /** Ends now; requests that are under way are cut. Does nothing when all has ended. */
    @Override
    public void close() {
        ask(Command.STOP);
        ended.join();
    }

    private Answer ask(Command command) {
        Answer answer = new Answer();
        tell(new MasterEvent.Asked(command, answer));
        // Nobody answers any more behind the end of the loop.
        ended.thenAccept(answer::end);
        return answer;
    }

    /** Collects the lines of a reply. Written by the loop, read when the code is there. */
    private static final class Answer implements Reply {
        final List<String> lines = new CopyOnWriteArrayList<>();
        final CompletableFuture<ExitCode> code = new CompletableFuture<>();

        @Override
        public void line(String text) {
            lines.add(text);
        }

        @Override
        public void end(ExitCode how) {
            code.complete(how);
        }
    }
}
