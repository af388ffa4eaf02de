package dev.sluice.master.flight;

import dev.sluice.common.flight.FlightReader;
import dev.sluice.common.flight.FlightRecord;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.command.OptionWords;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command {@code sluice flight}: the last requests of all workers, from where they write them.
 * It asks nobody, and works while a worker or the master hangs.
 */
public final class FlightCommand {

    private static final Pattern NAME = Pattern.compile("slot([0-9]+)-gen([0-9]+)-.*\\.flight");
    private static final int SHOWN = 50;
    private static final String HELP = """
            sluice flight [-c FILE] [-p PREFIX] [-w WORKER] [-n COUNT] [--errors] [--under-way]

            Shows the last requests of all workers, in the order in which they began: time (UTC),
            seconds it took, status, why it ended, client, server, location, method and path
            without its query, peer, seconds to connect to it, to its head and to its end, bytes
            received and sent. What is under way has no times yet. [main] flight_recorder says how
            many each worker keeps. What a dead worker has left, and what was written at a burst
            of 5xx, lies in run_directory/flight.

              -w WORKER    of this worker alone, from 0
              -n COUNT     so many, 50 by default
              --errors     what ended otherwise than with a whole answer below 500
              --under-way  what has not ended

            Exit codes: 0 done, 1 the configuration or a file cannot be read, 4 nothing runs with
            this run_directory, 64 the words are wrong.
            """;

    private final Path defaultConfig;
    private final PrintStream out;
    private final PrintStream err;

    /** A record and whose it is. */
    private record Row(String worker, FlightRecord record) {
    }

    public FlightCommand(Path defaultConfig, PrintStream out, PrintStream err) {
        this.defaultConfig = defaultConfig;
        this.out = out;
        this.err = err;
    }

    /** @param words behind {@code flight} */
    public ExitCode run(List<String> words) {
        OptionWords options;
        try {
            options = OptionWords.of(words, List.of("-c", "-p", "-w", "-n"),
                    List.of("--errors", "--under-way"));
            if (options.asksForHelp()) {
                out.print(HELP);
                return ExitCode.DONE;
            }
            options.noMore(0);
            return run(options, options.number("-n", 1, 1_000_000, SHOWN),
                    options.number("-w", 0, 255, -1));
        } catch (IllegalArgumentException wrong) {
            err.println("sluice: " + wrong.getMessage() + " (sluice flight --help tells more)");
            return ExitCode.USAGE;
        } catch (IOException unreadable) {
            err.println("sluice: [error] " + unreadable.getMessage());
            return ExitCode.FAILED;
        }
    }

    private ExitCode run(OptionWords options, int count, int slot) throws IOException {
        Path run = options.runDirectory(defaultConfig, err);
        if (run == null) {
            return ExitCode.FAILED;
        }
        List<Row> rows = new ArrayList<>();
        if (!collect(run.resolve("counters"), slot, rows)) {
            err.println("sluice: no flight recorder of a worker in " + run);
            return ExitCode.NOT_RUNNING;
        }
        List<Row> chosen = rows.stream()
                .filter(row -> !options.has("--under-way") || row.record().underWay())
                .filter(row -> !options.has("--errors") || failed(row.record()))
                .sorted(Comparator.comparingLong(row -> row.record().startMs())).toList();
        chosen.subList(Math.max(0, chosen.size() - count), chosen.size())
                .forEach(row -> out.println(row.worker() + " " + row.record().line()));
        return ExitCode.DONE;
    }

    private static boolean failed(FlightRecord record) {
        return !record.underWay() && (record.status() >= 500 || !record.why().equals("done"));
    }

    /** @return whether there was a file */
    private static boolean collect(Path folder, int slot, List<Row> rows) throws IOException {
        boolean any = false;
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.flight")) {
            for (Path file : files) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches() && (slot < 0 || Integer.parseInt(name.group(1)) == slot)) {
                    String worker = "worker" + name.group(1) + "/gen" + name.group(2);
                    try {
                        FlightReader.read(file)
                                .forEach(record -> rows.add(new Row(worker, record)));
                        any = true;
                    } catch (NoSuchFileException ended) {
                        // A worker that ends takes its file along.
                        continue;
                    }
                }
            }
        }
        return any;
    }
}
