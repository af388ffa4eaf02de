package dev.sluice.master.cli;

import dev.sluice.master.command.Command;
import dev.sluice.master.command.ExitCode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/**
 * Reads the words of the command line: nginx's letters.
 *
 * <p>Owner: the main thread.
 */
public final class ArgumentReader {

    public static final String DEFAULT_CONFIG = "/etc/sluice/sluice.ini";

    private static final int PAGE_COLUMNS = 90;
    private static final String INDENT = " ".repeat(19);

    private final Options options = new Options()
            .addOption(text("c", "FILE", "the configuration, " + DEFAULT_CONFIG + " by default"))
            .addOption(text("p", "PREFIX", "where relative paths of the configuration start"))
            .addOption(flag("t", "test the configuration and end"))
            .addOption(flag("T", "the same, and print it with every default and include"))
            .addOption(flag("q", "print errors only"))
            .addOption(text("s", "COMMAND",
                    "ask the running master and wait: " + commandWords()))
            .addOption(flag("v", "print the version"))
            .addOption(flag("V", "print the versions of everything inside"))
            .addOption(text("g", "KEY=VALUE",
                    "set a key of [main], over the one of the file; repeatable"))
            .addOption(Option.builder("h").longOpt("help").desc("print this page").get())
            .addOption(flag("?", "the same"));

    private static Option text(String letter, String label, String sentence) {
        return Option.builder(letter).hasArg().argName(label).desc(sentence).get();
    }

    private static Option flag(String letter, String sentence) {
        return Option.builder(letter).desc(sentence).get();
    }

    private static String commandWords() {
        return Arrays.stream(Command.values())
                .map(Command::word)
                .collect(Collectors.joining(", "));
    }

    /**
     * @throws IllegalArgumentException the words are wrong; the message says which
     */
    public Arguments read(String[] words) {
        CommandLine found;
        try {
            found = DefaultParser.builder().setAllowPartialMatching(false)
                    .setStripLeadingAndTrailingQuotes(false).get().parse(options, words);
        } catch (ParseException wrong) {
            throw new IllegalArgumentException(message(wrong), wrong);
        }
        check(found);
        String word = found.getOptionValue("s");
        Command ask = word == null ? null : Command.of(word);
        if (word != null && ask == null) {
            throw new IllegalArgumentException(
                    "unknown command \"" + word + "\" of -s (expected: " + commandWords() + ")");
        }
        String prefix = found.getOptionValue("p");
        String[] overrides = found.getOptionValues("g");
        return new Arguments(
                action(found),
                Path.of(found.getOptionValue("c", DEFAULT_CONFIG)),
                prefix == null ? null : Path.of(prefix),
                overrides == null ? List.of() : List.of(overrides),
                ask,
                found.hasOption("q"));
    }

    private static String message(ParseException wrong) {
        if (wrong instanceof MissingArgumentException missing) {
            return "-" + missing.getOption().getOpt() + " needs " + missing.getOption().getArgName()
                    + " behind it";
        }
        if (wrong instanceof UnrecognizedOptionException unknown) {
            return "unknown option \"" + unknown.getOption() + "\"";
        }
        return wrong.getMessage();
    }

    private static void check(CommandLine found) {
        if (!found.getArgList().isEmpty()) {
            throw new IllegalArgumentException(
                    "unknown word \"" + found.getArgList().getFirst() + "\"");
        }
        Set<String> seen = new HashSet<>();
        for (Option option : found.getOptions()) {
            if (!seen.add(option.getOpt()) && !option.getOpt().equals("g")) {
                throw new IllegalArgumentException("-" + option.getOpt() + " is given twice");
            }
        }
    }

    private static Arguments.Action action(CommandLine found) {
        if (found.hasOption("h") || found.hasOption("?")) {
            return Arguments.Action.HELP;
        }
        if (found.hasOption("V")) {
            return Arguments.Action.VERSIONS;
        }
        if (found.hasOption("v")) {
            return Arguments.Action.VERSION;
        }
        if (found.hasOption("T")) {
            return Arguments.Action.DUMP;
        }
        if (found.hasOption("t")) {
            return Arguments.Action.TEST;
        }
        return found.hasOption("s") ? Arguments.Action.ASK : Arguments.Action.RUN;
    }

    /** The page of {@code -h}. */
    public String help() {
        StringBuilder page = new StringBuilder("""
                A reverse proxy and static web server.
                Usage: sluice [-tTqvVh] [-c FILE] [-p PREFIX] [-s COMMAND] [-g KEY=VALUE]...
                """);
        for (Option option : options.getOptions()) {
            line(page, names(option), option.getDescription());
        }
        page.append("""

                sluice cert makes, shows and examines certificates: sluice cert --help
                sluice explain tells what becomes of a request: sluice explain --help
                sluice diff compares two configurations: sluice diff --help
                sluice top shows rates in a terminal: sluice top --help
                sluice conns shows connections: sluice conns --help
                sluice tap shows requests as they pass: sluice tap --help
                sluice jfr records the JVM of a worker: sluice jfr --help
                sluice flight shows the last requests: sluice flight --help
                sluice convert reads one of nginx: sluice convert --help
                sluice purge removes answers from a cache: sluice purge --help

                Exit codes:
                """);
        for (ExitCode code : ExitCode.values()) {
            page.append(String.format("  %2d  %s%n", code.number(), code.meaning()));
        }
        return page.toString();
    }

    private static String names(Option option) {
        return "-" + option.getOpt()
                + (option.hasArg() ? " " + option.getArgName() : "")
                + (option.hasLongOpt() ? ", --" + option.getLongOpt() : "");
    }

    /** Broken between words where it would be too long. */
    private static void line(StringBuilder page, String names, String sentence) {
        StringBuilder line = new StringBuilder("  ").append(names)
                .append(INDENT, names.length() + 2, INDENT.length());
        for (String word : sentence.split(" ")) {
            if (line.length() + word.length() > PAGE_COLUMNS) {
                page.append(line.toString().stripTrailing()).append('\n');
                line.setLength(0);
                line.append(INDENT).append("  ");
            }
            line.append(word).append(' ');
        }
        page.append(line.toString().stripTrailing()).append('\n');
    }
}
