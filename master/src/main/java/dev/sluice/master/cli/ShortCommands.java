package dev.sluice.master.cli;

import dev.sluice.common.config.ConfigError;
import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.config.MainConfig;
import dev.sluice.common.module.ModuleTrial;
import dev.sluice.master.command.Command;
import dev.sluice.master.command.CommandClient;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.jvm.JvmCheck;
import dev.sluice.master.system.CacheFolderCheck;
import dev.sluice.master.system.RunDirectory;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The commands that end without starting a master. None of them links the C library, opens a
 * log or binds an address. Owner: the main thread.
 */
public final class ShortCommands {

    /** A reload: reading, starting, thirty seconds for a worker to be ready, and some more. */
    private static final Duration RELOAD_LIMIT = Duration.ofSeconds(60);

    /** What the master gives the new program, and some more. */
    private static final Duration UPGRADE_LIMIT = Duration.ofSeconds(90);

    private static final Duration QUICK_LIMIT = Duration.ofSeconds(20);

    private final Arguments arguments;
    private final PrintStream out;
    private final PrintStream err;

    public ShortCommands(Arguments arguments, PrintStream out, PrintStream err) {
        this.arguments = arguments;
        this.out = out;
        this.err = err;
    }

    public ExitCode version(boolean all) {
        out.println(all ? VersionText.all() : VersionText.sluice());
        if (all && Files.isReadable(arguments.configFile())) {
            LoadedConfig loaded = read();
            if (loaded.config() != null) {
                loaded.config().modules().forEach(module ->
                        out.println("module " + module.jar().title()));
            }
        }
        return ExitCode.DONE;
    }

    /** Loads the configuration; prints errors, and warnings unless quiet. */
    public LoadedConfig load() {
        return report(JvmCheck.of(CacheFolderCheck.of(read())));
    }

    private LoadedConfig read() {
        return ConfigLoader.load(
                arguments.configFile(), arguments.prefix(), arguments.overrides());
    }

    private LoadedConfig report(LoadedConfig loaded) {
        for (ConfigError error : loaded.errors()) {
            err.println(error.asError());
        }
        if (!arguments.quiet()) {
            for (ConfigError warning : loaded.warnings()) {
                err.println(warning.asWarning());
            }
        }
        return loaded;
    }

    /** {@code -t} and {@code -T}. */
    public ExitCode test(boolean dump) {
        LoadedConfig loaded = report(
                ModuleTrial.of(JvmCheck.of(CacheFolderCheck.of(read()))));
        boolean good = loaded.config() != null;
        if (dump && good) {
            out.print(loaded.shownText());
            out.flush();
        }
        if (!good || !arguments.quiet()) {
            err.println(
                    "sluice: configuration file " + arguments.configFile() + " test "
                            + (good ? "is successful" : "failed"));
        }
        return good ? ExitCode.DONE : ExitCode.FAILED;
    }

    /**
     * {@code -s}. The configuration is loaded to learn where the master's socket is; whether the
     * rest of it is good is for the master to say, and does not matter to the other commands.
     */
    public ExitCode ask() throws InterruptedException {
        LoadedConfig loaded = report(read());
        if (loaded.config() == null) {
            err.println("sluice: nothing was asked: the configuration tells where the master is");
            return ExitCode.FAILED;
        }
        Path run = Path.of(loaded.config().main().runDirectory());
        Command command = arguments.ask();
        boolean quiet = arguments.quiet();
        ExitCode code =
                CommandClient.ask(
                        RunDirectory.commandSocket(run),
                        command,
                        limit(command, loaded.config().main()),
                        line -> {
                            if (!quiet) {
                                out.println(line);
                            }
                        });
        out.flush();
        return code;
    }

    private static Duration limit(Command command, MainConfig main) {
        return switch (command) {
            case RELOAD -> RELOAD_LIMIT.plusMillis(main.canaryMs());
            case UPGRADE -> UPGRADE_LIMIT;
            case QUIT ->
                    main.workerShutdownTimeoutMs() == 0
                            ? Duration.ZERO
                            : QUICK_LIMIT.plusMillis(main.workerShutdownTimeoutMs());
            case STOP, REOPEN, STATUS -> QUICK_LIMIT;
        };
    }
}
