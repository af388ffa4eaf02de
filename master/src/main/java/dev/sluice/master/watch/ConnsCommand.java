package dev.sluice.master.watch;

import dev.sluice.master.command.ExitCode;
import dev.sluice.master.command.OptionWords;
import dev.sluice.master.metrics.JsonText;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The command {@code sluice conns}: connections that are open, the oldest first. */
public final class ConnsCommand {

    private static final int ROWS_MAX = 1000;
    private static final int COLUMNS = 12;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final double MS_PER_SECOND = 1e3;
    private static final String HELP = """
            sluice conns [-c FILE] [-p PREFIX] [-n COUNT] [--json] [FILTER...]

            Shows connections of clients, the oldest first: worker and generation, seconds since
            they were accepted, seconds in their state, state, client, server and location,
            upstream peer, bytes received and sent (inside TLS), requests so far, open streams of
            HTTP/2, and the request, parameters of secret names without their values. Workers are
            asked, each looks through its own in slices that its clients do not notice.

            A filter is one or more of these words, all of which must hold:
              state=STATE        opening (what it speaks is not known yet), opening-proxy,
                                 opening-tls, idle, reading, routing, gate, body, queued,
                                 connecting, sending-request, waiting (for the head of a peer),
                                 sending, tunnel, discarding, closing; http2-idle, or http2- and
                                 the state of its oldest request; stream, stream-opening, udp
              client=NETWORK     such as 10.0.0.7 or 10.0.0.0/8,::1
              server=NAME        of a [server] or [stream]
              location=LABEL     as in the file, such as /api/
              path=PREFIX        of the path that is served
              upstream=TEXT      part of the peer's address

              -n COUNT  so many, 1000 at most and by default
              --json    an object, its rows under "connections"

            Exit codes: 0 done, 1 the configuration is bad, 2 a worker does not answer, 4 no
            master runs with this run_directory, 64 the words are wrong.
            """;

    private final Path defaultConfig;
    private final PrintStream out;
    private final PrintStream err;
    private final List<Row> rows = new ArrayList<>();
    private final Set<String> complaints = new LinkedHashSet<>();
    private final List<String> notes = new ArrayList<>();
    private long matching;

    /** One connection; the columns are those that workers write. */
    private record Row(String slot, String generation, String[] columns) {

        long number(int column) {
            return Long.parseLong(columns[column]);
        }
    }

    public ConnsCommand(Path defaultConfig, PrintStream out, PrintStream err) {
        this.defaultConfig = defaultConfig;
        this.out = out;
        this.err = err;
    }

    /** @param words behind {@code conns} */
    public ExitCode run(List<String> words) throws InterruptedException {
        OptionWords options;
        ExitCode code;
        int count;
        try {
            options = OptionWords.of(words, List.of("-c", "-p", "-n"), List.of("--json"));
            if (options.asksForHelp()) {
                out.print(HELP);
                return ExitCode.DONE;
            }
            count = options.number("-n", 1, ROWS_MAX, ROWS_MAX);
            code = Asking.ask(options, defaultConfig, "conns" + Asking.filter(options.rest()),
                    LIMIT, err, this::take);
        } catch (IllegalArgumentException wrong) {
            err.println("sluice: " + wrong.getMessage() + " (sluice conns --help tells more)");
            return ExitCode.USAGE;
        }
        notes.forEach(note -> err.println("sluice: " + note));
        if (!complaints.isEmpty()) {
            complaints.forEach(one ->
                    err.println("sluice: " + one + " (sluice conns --help tells more)"));
            return ExitCode.USAGE;
        }
        if (code == ExitCode.DONE) {
            rows.sort(Comparator.comparingLong((Row row) -> row.number(0)).reversed());
            List<Row> shown = rows.subList(0, Math.min(count, rows.size()));
            if (options.has("--json")) {
                out.println(json(shown));
            } else {
                print(shown);
            }
        }
        return code;
    }

    /** A line is of a worker, or of the client's end of the socket. */
    private void take(String line) {
        String[] parts = line.split(" ", 3);
        if (parts.length < 3 || !parts[0].matches("[0-9]+")) {
            (line.startsWith("? ") ? complaints : notes).add(line);
        } else if (parts[2].startsWith("? ")) {
            complaints.add(parts[2].substring(2));
        } else if (parts[2].startsWith("+\t")) {
            matching += Long.parseLong(parts[2].substring(2));
        } else {
            String[] columns = parts[2].split("\t", -1);
            if (columns.length == COLUMNS) {
                rows.add(new Row(parts[0], parts[1], columns));
            }
        }
    }

    private void print(List<Row> shown) {
        out.printf(Locale.ROOT, "%-8s %9s %9s %-18s %-28s %-24s %-21s %9s %9s %5s %4s  %s%n",
                "worker", "age", "in state", "state", "client", "server location", "upstream",
                "in", "out", "reqs", "strm", "request");
        for (Row row : shown) {
            String[] c = row.columns();
            out.printf(Locale.ROOT,
                    "%-8s %9.3f %9.3f %-18s %-28s %-24s %-21s %9s %9s %5s %4s  %s%n",
                    row.slot() + "/" + row.generation(), row.number(0) / MS_PER_SECOND,
                    row.number(1) / MS_PER_SECOND, c[2], c[3], (c[4] + " " + c[5]).strip(), c[6],
                    c[7], c[8], c[9], c[10], c[11]);
        }
        if (matching > shown.size()) {
            out.println("and " + (matching - shown.size()) + " more");
        }
    }

    private String json(List<Row> shown) {
        JsonText json = new JsonText().open('{').number("matching", matching)
                .key("connections").open('[');
        for (Row row : shown) {
            String[] c = row.columns();
            json.open('{').number("worker", Long.parseLong(row.slot()))
                    .number("generation", Long.parseLong(row.generation()))
                    .number("age_ms", row.number(0)).number("state_ms", row.number(1))
                    .text("state", c[2]).text("client", c[3]).text("server", c[4])
                    .text("location", c[5]).text("upstream", c[6])
                    .number("bytes_in", row.number(7)).number("bytes_out", row.number(8))
                    .number("requests", row.number(9)).number("streams", row.number(10))
                    .text("request", c[11]).close('}');
        }
        return json.close(']').close('}').toString();
    }
}
