package dev.sluice.master.top;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.command.OptionWords;
import dev.sluice.master.metrics.FleetReader;
import dev.sluice.master.metrics.FleetReader.Look;
import dev.sluice.master.top.TopScreen.Order;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The command {@code sluice top}: rates of routes, servers and peers in a terminal. It reads the
 * counters where the workers write them, so it asks nobody and works while a master hangs.
 */
public final class TopCommand {

    private static final double NS_PER_SECOND = 1e9;
    private static final int WIDTH = 100;
    private static final int HEIGHT = 40;
    private static final String KEYS =
            "r rate  e errors  t time  n name  q ends: each with Enter; now by ";
    private static final int LOOKS_MAX = 1_000_000;
    private static final String HELP = """
            sluice top [-c FILE] [-p PREFIX] [-d SECONDS] [-n TIMES] [--sort rate|errors|time|name]
                       [--once] [--json]

            Shows requests per second, errors and times of routes, servers and peers, most first.
            Of caches it shows how many of the requests since the last look were answered without a
            body from a peer. Times are bounds that 99 of 100 kept. In a terminal, each with
            Enter: r e t n sort, q ends.

              -d SECONDS  between two looks, 2 by default
              -n TIMES    so many screens, then end
              --once      one screen of the rates of one interval, without control characters
              --json      the counts of one look as JSON; the names are those of /status.json
            """;

    private final Clock clock;
    private final PrintStream out;
    private final PrintStream err;
    private final Path defaultConfig;
    private double seconds;
    private int looks;
    private boolean once;
    private boolean json;
    private Order order;

    /** @param defaultConfig the configuration that is used when none is named */
    public TopCommand(Path defaultConfig, Clock clock, PrintStream out, PrintStream err) {
        this.defaultConfig = defaultConfig;
        this.clock = clock;
        this.out = out;
        this.err = err;
    }

    /** @param words behind {@code top} */
    public ExitCode run(List<String> words, InputStream keys) {
        OptionWords options;
        try {
            options = OptionWords.of(words, List.of("-c", "-p", "-d", "-n", "--sort"),
                    List.of("--once", "--json"));
            if (options.asksForHelp()) {
                out.print(HELP);
                return ExitCode.DONE;
            }
            read(options);
        } catch (IllegalArgumentException wrong) {
            err.println("sluice: " + wrong.getMessage() + " (sluice top --help tells more)");
            return ExitCode.USAGE;
        }
        SluiceConfig config = options.config(defaultConfig, err);
        if (config == null) {
            return ExitCode.FAILED;
        }
        Path run = Path.of(config.main().runDirectory());
        try {
            return show(new FleetReader(run.resolve("counters"), config.caches()), run, keys);
        } catch (IOException e) {
            err.println("sluice: [error] " + e.getMessage());
            return ExitCode.FAILED;
        }
    }

    private ExitCode show(FleetReader reader, Path run, InputStream keys) throws IOException {
        Look before = reader.look();
        long beforeNs = clock.nowNs();
        if (before == null) {
            err.println("sluice: no worker runs with " + run);
            return ExitCode.NOT_RUNNING;
        }
        if (json) {
            out.println(FleetReader.json(before));
            return ExitCode.DONE;
        }
        Terminal terminal = once ? null : Terminal.ofThisProcess(WIDTH, HEIGHT);
        for (int i = 0; i < looks; i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos((long) (seconds * 1000)));
            if (!once && ends(keys)) {
                return ExitCode.DONE;
            }
            Look now = reader.look();
            long nowNs = clock.nowNs();
            if (now == null) {
                err.println("sluice: the last worker has ended");
                return ExitCode.NOT_RUNNING;
            }
            List<String> lines = TopScreen.lines(before, now, (nowNs - beforeNs) / NS_PER_SECOND,
                    order, once ? WIDTH : terminal.width());
            if (!once) {
                // Home, and clear what is below.
                out.print("\u001b[H\u001b[J");
                lines = lines.subList(0, Math.min(lines.size(), terminal.height() - 2));
            }
            lines.forEach(out::println);
            if (!once) {
                out.print(KEYS + order.name().toLowerCase(Locale.ROOT));
            }
            out.flush();
            before = now;
            beforeNs = nowNs;
        }
        return ExitCode.DONE;
    }

    /** What was typed meanwhile. */
    private boolean ends(InputStream keys) throws IOException {
        while (keys.available() > 0) {
            switch (keys.read()) {
                case 'q' -> {
                    return true;
                }
                case 'r' -> order = Order.RATE;
                case 'e' -> order = Order.ERRORS;
                case 't' -> order = Order.TIME;
                case 'n' -> order = Order.NAME;
                default -> { }
            }
        }
        return false;
    }

    private void read(OptionWords options) {
        options.noMore(0);
        once = options.has("--once");
        json = options.has("--json");
        seconds = number(options.text("-d", "2"), 0.1, 3600);
        looks = once ? 1 : options.number("-n", 1, LOOKS_MAX, LOOKS_MAX);
        order = order(options.text("--sort", "rate"));
    }

    private static double number(String text, double least, double most) {
        if (!text.matches("[0-9]{1,7}(\\.[0-9]{1,3})?") || Double.parseDouble(text) < least
                || Double.parseDouble(text) > most) {
            throw new IllegalArgumentException("\"" + text + "\" is not from " + least + " to "
                    + most);
        }
        return Double.parseDouble(text);
    }

    private static Order order(String word) {
        for (Order one : Order.values()) {
            if (one.name().toLowerCase(Locale.ROOT).equals(word)) {
                return one;
            }
        }
        throw new IllegalArgumentException("\"" + word + "\" is none of rate, errors, time, name");
    }
}
