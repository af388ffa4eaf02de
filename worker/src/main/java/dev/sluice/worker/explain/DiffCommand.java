package dev.sluice.worker.explain;

import dev.sluice.common.config.ConfigDifference;
import dev.sluice.common.config.ConfigError;
import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.ListenConfig;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.config.MainConfig;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.ServerNameConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.log.SecretNames;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command {@code sluice diff}: what another file would mean, and for which requests. */
final class DiffCommand {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 64;
    private static final int TOLD_MAX = 20;
    private static final String HELP = """
            sluice diff [-p PREFIX] [--log FILE] [--host NAME] [--listen ADDRESS] OLD NEW

            Tells what changes in meaning from one configuration to another, what a reload cannot
            change, and, given an access log, which of its requests would go elsewhere.

              -p PREFIX         where relative paths of both start
              --log FILE        an access log: combined, or JSON with request, remote_addr, host
              --host NAME       of requests whose line names none; the first name of OLD by default
              --listen ADDRESS  the listener they came to; the first of OLD by default

            Exit codes: 0 told, 1 a file is bad or cannot be read, 64 the words are wrong.
            """;

    private Path prefix;
    private Path log;
    private String host;
    private String listen;
    private Path before;
    private Path after;

    private DiffCommand() {
    }

    static int run(List<String> words, PrintStream out, PrintStream err) {
        DiffCommand command = new DiffCommand();
        try {
            if (!command.read(words)) {
                out.print(HELP);
                return DONE;
            }
        } catch (IllegalArgumentException wrong) {
            err.println("sluice: " + wrong.getMessage() + " (sluice diff --help tells more)");
            return USAGE;
        }
        LoadedConfig old = command.load(command.before, err);
        LoadedConfig now = command.load(command.after, err);
        if (old.config() == null || now.config() == null) {
            return FAILED;
        }
        ListenConfig at = command.listener(old.config());
        if (command.log != null && at == null) {
            err.println("sluice: nothing listens at " + (command.listen == null ? "all"
                    : command.listen) + " in " + command.before);
            return USAGE;
        }
        tell(old, now, out);
        return command.log == null || command.replay(old, now, at, out, err) ? DONE : FAILED;
    }

    private boolean read(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("-h") || word.equals("-?") || word.equals("--help")) {
                return false;
            } else if (word.startsWith("-")) {
                if (i + 1 == words.size()) {
                    throw new IllegalArgumentException("\"" + word + "\" has no value");
                }
                set(word, words.get(++i));
            } else if (before == null) {
                before = Path.of(word);
            } else if (after == null) {
                after = Path.of(word);
            } else {
                throw new IllegalArgumentException("unexpected \"" + word + "\"");
            }
        }
        if (after == null) {
            throw new IllegalArgumentException("two configurations are compared");
        }
        return true;
    }

    private void set(String word, String value) {
        switch (word) {
            case "-p" -> prefix = Path.of(value);
            case "--log" -> log = Path.of(value);
            case "--host" -> host = value;
            case "--listen" -> listen = value;
            default -> throw new IllegalArgumentException("unexpected \"" + word + "\"");
        }
    }

    private LoadedConfig load(Path file, PrintStream err) {
        LoadedConfig loaded = ConfigLoader.load(file, prefix, List.of());
        loaded.errors().stream().map(ConfigError::asError).forEach(err::println);
        return loaded;
    }

    private static void tell(LoadedConfig old, LoadedConfig now, PrintStream out) {
        List<String> lines = ConfigDifference.inParts(old, now);
        lines.forEach(out::println);
        MainConfig was = old.config().main();
        MainConfig is = now.config().main();
        boolean restart = !was.runDirectory().equals(is.runDirectory())
                || !was.pidFile().equals(is.pidFile());
        out.println(lines.isEmpty() ? "Both mean the same."
                : restart ? "run_directory and pid change with a restart only, the rest with a"
                        + " reload." : "All of this changes with a reload.");
    }

    /** False when the access log cannot be read. */
    private boolean replay(LoadedConfig old, LoadedConfig now, ListenConfig at, PrintStream out,
            PrintStream err) {
        String key = at.key();
        String name = host == null ? firstName(old.config()) : host;
        Explainer first = new Explainer(old.config(), old.variables());
        Explainer second = new Explainer(now.config(), now.variables());
        Map<String, Moved> moved = new LinkedHashMap<>();
        long all = 0;
        long others = 0;
        long unread = 0;
        try (BufferedReader lines = Files.newBufferedReader(log, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Asked asked = LoggedRequest.of(line, name, at.ssl(), key);
                if (asked == null) {
                    unread++;
                    continue;
                }
                all++;
                Explanation was = first.follow(asked);
                Explanation is = second.follow(asked);
                if (!was.brief().equals(is.brief())) {
                    others++;
                    moved.computeIfAbsent(was.place() + " -> " + is.place(),
                            k -> new Moved(asked.title(), was.brief(), is.brief())).count++;
                }
            }
        } catch (NoSuchFileException absent) {
            err.println("sluice: [error] cannot read " + log + ": there is no such file");
            return false;
        } catch (AccessDeniedException denied) {
            err.println("sluice: [error] cannot read " + log + ": permission denied");
            return false;
        } catch (IOException e) {
            err.println("sluice: [error] cannot read " + log + ": " + e.getMessage());
            return false;
        }
        tell(moved, all, others, unread, out);
        return true;
    }

    private static void tell(Map<String, Moved> moved, long all, long others, long unread,
            PrintStream out) {
        out.println();
        out.printf("%d of %d requests (%.2f %%) would go elsewhere%s%n", others, all,
                all == 0 ? 0.0 : 100.0 * others / all,
                unread == 0 ? "" : "; " + unread + " lines hold no request that can be read");
        moved.entrySet().stream()
                .sorted((a, b) -> Long.compare(b.getValue().count, a.getValue().count))
                .limit(TOLD_MAX).forEach(entry -> {
                    Moved one = entry.getValue();
                    out.printf("%8d  %s%n          %s: %s -> %s%n", one.count, entry.getKey(),
                            SecretNames.hideIn(one.example), SecretNames.hideIn(one.was),
                            SecretNames.hideIn(one.is));
                });
    }

    /** Null when there is none. */
    private ListenConfig listener(SluiceConfig old) {
        for (ListenConfig one : old.listenAddresses()) {
            if (listen == null || one.key().equals(listen)) {
                return one;
            }
        }
        return null;
    }

    private static String firstName(SluiceConfig old) {
        for (ServerConfig server : old.servers()) {
            for (ServerNameConfig name : server.names()) {
                if (name.kind() == ServerNameConfig.Kind.EXACT) {
                    return name.text();
                }
            }
        }
        return "localhost";
    }

    /** Requests that moved between the same two places, with the first of them. */
    private static final class Moved {
        private final String example;
        private final String was;
        private final String is;
        private long count;

        private Moved(String example, String was, String is) {
            this.example = example;
            this.was = was;
            this.is = is;
        }
    }
}
