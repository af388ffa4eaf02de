package dev.sluice.master.watch;

import dev.sluice.master.command.ExitCode;
import dev.sluice.master.command.OptionWords;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The command {@code sluice tap}: heads of requests and answers as exchanges end. */
public final class TapCommand {

    private static final int COUNT_MAX = 100_000;
    private static final int COUNT = 1000;
    private static final int SECONDS_MAX = 3600;
    private static final int SECONDS = 60;
    private static final int GRACE_SECONDS = 30;
    private static final String HELP = """
            sluice tap [-c FILE] [-p PREFIX] [--count N] [--seconds N] [FILTER...]

            Shows exchanges as they end: time (UTC), status, seconds, why it ended, client, server,
            location, peer, the request line, then the fields of the request (>) and of the answer
            (<). Values of fields and parameters whose names tell of secrets (Authorization,
            Cookie, Set-Cookie, and what has key, token, secret, password, session or signature in
            its name) are ***. A worker shows 500 a second; what is more is counted and told at the
            end. Requests never wait for it. It ends by --count (1000), by --seconds (60), or when
            this command is interrupted.

            A filter is one or more of these words, all of which must hold:
              client=NETWORK     such as 10.0.0.7 or 10.0.0.0/8,::1
              server=NAME        of a [server]
              location=LABEL     as in the file, such as /api/
              path=PREFIX        of the path that was served
              status=404 or 4xx
              upstream=TEXT      part of the peer's address

            Exit codes: 0 done, 1 the configuration is bad, 2 no end, 4 no master runs with this
            run_directory, 64 the words are wrong.
            """;

    private final Path defaultConfig;
    private final PrintStream out;
    private final PrintStream err;
    private final Set<String> complaints = new HashSet<>();
    private int count;
    private int shown;

    public TapCommand(Path defaultConfig, PrintStream out, PrintStream err) {
        this.defaultConfig = defaultConfig;
        this.out = out;
        this.err = err;
    }

    /** @param words behind {@code tap} */
    public ExitCode run(List<String> words) throws InterruptedException {
        ExitCode code;
        try {
            OptionWords options = OptionWords.of(words,
                    List.of("-c", "-p", "--count", "--seconds"), List.of());
            if (options.asksForHelp()) {
                out.print(HELP);
                return ExitCode.DONE;
            }
            count = options.number("--count", 1, COUNT_MAX, COUNT);
            int seconds = options.number("--seconds", 1, SECONDS_MAX, SECONDS);
            code = Asking.ask(options, defaultConfig,
                    "tap " + count + " " + seconds + Asking.filter(options.rest()),
                    Duration.ofSeconds(seconds + GRACE_SECONDS), err, this::take);
        } catch (Enough seen) {
            return ExitCode.DONE;
        } catch (IllegalArgumentException wrong) {
            err.println("sluice: " + wrong.getMessage() + " (sluice tap --help tells more)");
            return ExitCode.USAGE;
        }
        return complaints.isEmpty() ? code : ExitCode.USAGE;
    }

    /** As many as were asked for, of all workers, have been shown. */
    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1;

        Enough() {
            super("enough", null, false, false);
        }
    }

    private void take(String line) {
        String[] parts = line.split(" ", 3);
        if (parts.length < 3 || !parts[0].matches("[0-9]+")) {
            err.println("sluice: " + line);
            return;
        }
        String text = parts[2];
        if (text.startsWith("? ")) {
            if (complaints.add(text)) {
                err.println("sluice: " + text.substring(2) + " (sluice tap --help tells more)");
            }
        } else if (text.startsWith("! ")) {
            err.println("sluice: " + text.substring(2));
        } else if (text.startsWith("  ")) {
            out.println(text);
        } else if (++shown > count) {
            throw new Enough();
        } else {
            out.println("worker" + parts[0] + "/gen" + parts[1] + " " + text);
        }
        out.flush();
    }
}
