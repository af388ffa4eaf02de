package dev.sluice.master.jfr;

import dev.sluice.common.clock.Clock;
import dev.sluice.master.command.Command;
import dev.sluice.master.command.CommandClient;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.command.OptionWords;
import dev.sluice.master.system.RunDirectory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command {@code sluice jfr}: starts, dumps and stops a recording in a worker's JVM. The worker
 * has no part in it: its JVM is asked by the JDK's own tool, so nothing of it is loaded, and
 * nothing is paid, before a recording is started.
 */
public final class JfrCommand {

    /** As {@code -s status} tells them. */
    private static final Pattern WORKER =
            Pattern.compile("worker ([0-9]+) \\(pid ([0-9]+), generation ([0-9]+)\\) .*");
    private static final List<String> WORDS = List.of("start", "dump", "stop");
    private static final DateTimeFormatter NAME = DateTimeFormatter
            .ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Duration STATUS_LIMIT = Duration.ofSeconds(10);
    private static final int MEGABYTES = 64;
    private static final String HELP = """
            sluice jfr start|dump|stop [-c FILE] [-p PREFIX] [-w WORKER] [-o FILE] [-m MEGABYTES]
                       [--profile]

            Records what the JVM of a worker does (JDK Flight Recorder): start begins, dump writes
            what there is, stop writes it and ends. Only who may signal the worker may do it: root,
            or the user it runs as. The file can be read by jfr, which lies beside java in the
            runtime folder, and by JDK Mission Control.

              -w WORKER     0 by default
              -o FILE       where to write to, by default a new one in run_directory/jfr; it must
                            not exist, and belongs to who runs this command
              -m MEGABYTES  start: how much is kept, 64 by default; the oldest goes first. It lies
                            in run_directory/crash meanwhile, and what a worker that ended before
                            the stop has recorded stays there, a folder for each process
              --profile     start: twice as much about threads and allocations

            Exit codes: 0 done, 1 it is not possible now, 4 no master runs with this run_directory,
            64 the words are wrong.
            """;

    private final Path defaultConfig;
    private final Clock clock;
    private final PrintStream out;
    private final PrintStream err;

    /** A worker as the master tells of it. */
    record Worker(int slot, long pid, int generation) {
    }

    public JfrCommand(Path defaultConfig, Clock clock, PrintStream out, PrintStream err) {
        this.defaultConfig = defaultConfig;
        this.clock = clock;
        this.out = out;
        this.err = err;
    }

    /** @param words behind {@code jfr} */
    public ExitCode run(List<String> words) throws InterruptedException {
        try {
            OptionWords options = OptionWords.of(words,
                    List.of("-c", "-p", "-w", "-o", "-m"), List.of("--profile"));
            if (options.asksForHelp()) {
                out.print(HELP);
                return ExitCode.DONE;
            }
            if (options.rest().isEmpty() || !WORDS.contains(options.rest().getFirst())) {
                throw new IllegalArgumentException("start, dump or stop?");
            }
            options.noMore(1);
            return run(options, options.number("-w", 0, 255, 0),
                    options.number("-m", 1, 10_000, MEGABYTES));
        } catch (IllegalArgumentException wrong) {
            err.println("sluice: " + wrong.getMessage() + " (sluice jfr --help tells more)");
            return ExitCode.USAGE;
        } catch (IOException failed) {
            err.println("sluice: [error] " + failed.getMessage());
            return ExitCode.FAILED;
        }
    }

    private ExitCode run(OptionWords options, int slot, int megabytes)
            throws IOException, InterruptedException {
        Path directory = options.runDirectory(defaultConfig, err);
        if (directory == null) {
            return ExitCode.FAILED;
        }
        RunDirectory run = new RunDirectory(directory.toAbsolutePath());
        List<String> status = new ArrayList<>();
        ExitCode told = CommandClient.ask(RunDirectory.commandSocket(run.root()), Command.STATUS,
                STATUS_LIMIT, status::add);
        if (told != ExitCode.DONE) {
            status.forEach(line -> err.println("sluice: " + line));
            return told;
        }
        Worker worker = find(status, slot);
        if (worker == null) {
            throw new IOException("there is no worker " + slot);
        }
        Recording recording = new Recording(worker, run.crashDirectory());
        if (options.rest().getFirst().equals("start")) {
            recording.start(megabytes, options.has("--profile"));
            out.println("worker " + slot + " (pid " + worker.pid() + ") is being recorded");
            return ExitCode.DONE;
        }
        Path to = options.path("-o", run.root().resolve("jfr").resolve("worker" + slot + "-gen"
                + worker.generation() + "-" + NAME.format(Instant.ofEpochMilli(clock.nowMs()))
                + ".jfr"));
        recording.write(to, options.rest().getFirst().equals("stop"));
        out.println(to);
        return ExitCode.DONE;
    }

    /** The one of the newest generation; null for none. */
    static Worker find(List<String> status, int slot) {
        Worker newest = null;
        for (String line : status) {
            Matcher one = WORKER.matcher(line);
            if (one.matches() && Integer.parseInt(one.group(1)) == slot) {
                Worker worker = new Worker(slot, Long.parseLong(one.group(2)),
                        Integer.parseInt(one.group(3)));
                newest = newest == null || worker.generation() > newest.generation() ? worker
                        : newest;
            }
        }
        return newest;
    }
}
