package dev.sluice.worker.explain;

import dev.sluice.common.config.ConfigError;
import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.log.SecretNames;
import dev.sluice.worker.match.AddressText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The command {@code sluice explain}. It opens no socket and needs no running Sluice. */
public final class ExplainMain {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int NOT_RUNNING = 4;
    private static final int USAGE = 64;
    private static final String HELP = """
            sluice explain [-c FILE] [-p PREFIX] [-g KEY=VALUE] [-H 'NAME: VALUE']... [--from IP]
                           [--listen ADDRESS] [--live] [--brief]
                           'GET https://host/path' | 'CONNECT host:port' | -

            Tells what a worker would do with a request, by the code that a worker runs:
            listener, server, rewrites, location, limits, access, modules, upstream, the head
            that a peer would get, and why other servers and locations were not taken.
            Limits and modules are told and let everybody in; files are looked for here.
            What -T hides is hidden here, too: values of fields such as Authorization.

              -c FILE           the configuration, /etc/sluice/sluice.ini by default
              -p PREFIX         where its relative paths start
              -g KEY=VALUE      set a key of [main]; repeatable
              -H 'NAME: VALUE'  a field of the request; repeatable
              --from IP         the client's address, 127.0.0.1 by default
              --listen ADDRESS  the listener, as in the file; else the one that the kernel gives
                                connections to the URL's address and port; of a name, whose
                                address nobody is asked for, the one of all addresses first
              --live            by the configuration that serves now, which is not always the
                                file; tells which peers are down and how busy they are
              --brief           one line: server "location" upstream target, or the status
              -                 requests from standard input, one a line
            """;

    private Path file = Path.of("/etc/sluice/sluice.ini");
    private Path prefix;
    private final List<String> overrides = new ArrayList<>();
    private final List<String> fields = new ArrayList<>();
    private String from = "127.0.0.1";
    private String listen;
    private boolean brief;
    private boolean live;
    private String request;

    private ExplainMain() {
    }

    public static void main(String[] words) throws IOException {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        int code;
        if (words.length > 0 && words[0].equals("diff")) {
            code = DiffCommand.run(List.of(words).subList(1, words.length), out, System.err);
        } else {
            code = new ExplainMain().run(List.of(words).subList(Math.min(1, words.length),
                    words.length), System.in, out, System.err);
        }
        out.flush();
        System.exit(code);
    }

    private int run(List<String> words, InputStream in, PrintStream out, PrintStream err)
            throws IOException {
        try {
            if (!read(words)) {
                out.print(HELP);
                return DONE;
            }
        } catch (IllegalArgumentException wrong) {
            err.println("sluice: " + wrong.getMessage() + " (sluice explain --help tells more)");
            return USAGE;
        }
        LoadedConfig loaded = ConfigLoader.load(file, prefix, overrides);
        loaded.errors().stream().map(ConfigError::asError).forEach(err::println);
        if (loaded.config() == null) {
            return FAILED;
        }
        Explainer explainer = live ? ofLive(loaded, out, err)
                : new Explainer(loaded.config(), loaded.variables());
        if (explainer == null) {
            return NOT_RUNNING;
        }
        if (!request.equals("-")) {
            return explain(explainer, request, out, err) ? DONE : FAILED;
        }
        BufferedReader lines = new BufferedReader(
                new InputStreamReader(in, StandardCharsets.UTF_8));
        boolean all = true;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            all &= line.isBlank() || explain(explainer, line, out, err);
        }
        return all ? DONE : FAILED;
    }

    /** Null when nothing serves, or what does cannot be read. */
    private Explainer ofLive(LoadedConfig loaded, PrintStream out, PrintStream err) {
        try {
            LiveFleet fleet = LiveFleet.of(Path.of(loaded.config().main().runDirectory()));
            Set<String> variables = new HashSet<>(loaded.variables());
            fleet.config().modules().forEach(one -> variables.addAll(one.jar().variables()));
            if (!brief) {
                out.println("generation " + fleet.generation());
            }
            return new Explainer(fleet.config(), variables, fleet.peers());
        } catch (IOException e) {
            err.println("sluice: [error] " + e.getMessage());
            return null;
        }
    }

    private boolean explain(Explainer explainer, String line, PrintStream out, PrintStream err) {
        Asked asked;
        try {
            asked = Asked.of(line, fields, from, listen);
        } catch (IllegalArgumentException wrong) {
            err.println("sluice: " + wrong.getMessage());
            return false;
        }
        Explanation told = explainer.explain(asked);
        if (told.unheard != null) {
            String[] wrong = told.unheard.split("\n");
            err.println("sluice: [error] " + wrong[0]);
            err.println("        help: " + wrong[1]);
        }
        if (brief) {
            out.println(SecretNames.hideIn(told.brief()));
        } else if (told.unheard == null) {
            out.println(SecretNames.hideIn(asked.title()) + " from " + from);
            out.println();
            told.lines().forEach(out::println);
        }
        return told.unheard == null;
    }

    /** False when help is asked for. */
    private boolean read(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            switch (word) {
                case "-h", "-?", "--help" -> {
                    return false;
                }
                case "-c" -> file = Path.of(next(words, ++i));
                case "-p" -> prefix = Path.of(next(words, ++i));
                case "-g" -> overrides.add(next(words, ++i));
                case "-H" -> fields.add(field(next(words, ++i)));
                case "--from" -> from = address(next(words, ++i));
                case "--listen" -> listen = next(words, ++i);
                case "--brief" -> brief = true;
                case "--live" -> live = true;
                default -> {
                    if (word.startsWith("-") && word.length() > 1 || request != null) {
                        throw new IllegalArgumentException("unexpected \"" + word + "\"");
                    }
                    request = word;
                }
            }
        }
        if (request == null) {
            throw new IllegalArgumentException("which request? 'GET https://host/path'");
        }
        return true;
    }

    private static String next(List<String> words, int at) {
        if (at >= words.size()) {
            throw new IllegalArgumentException("\"" + words.get(at - 1) + "\" has no value");
        }
        return words.get(at);
    }

    private static String address(String text) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        if (!text.equals("unix:") && !new AddressText().parse(bytes, 0, bytes.limit())) {
            throw new IllegalArgumentException("\"" + text + "\" is no address of a client:"
                    + " --from takes one such as 192.0.2.7, 2001:db8::7 or unix:");
        }
        return text;
    }

    private static String field(String text) {
        if (text.indexOf(':') < 1 || text.chars().anyMatch(c -> c == '\r' || c == '\n')) {
            throw new IllegalArgumentException("\"" + text + "\" is no field: 'NAME: VALUE'");
        }
        return text;
    }
}
