package dev.sluice.master.cli;

import dev.sluice.master.command.Command;
import dev.sluice.master.command.ExitCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Reads the words of the command line: nginx's letters. The options are declared by calls and not
 * by annotations, which picocli would have to look for by reflection in every short command.
 *
 * <p>Owner: the main thread.
 */
public final class ArgumentReader {

    public static final String DEFAULT_CONFIG = "/etc/sluice/sluice.ini";

    private final CommandLine line;

    public ArgumentReader() {
        CommandSpec spec = CommandSpec.create().name("sluice");
        spec.usageMessage()
                .header("A reverse proxy and static web server.")
                .footer(exitCodes())
                .sortOptions(false)
                .width(90);
        spec.addOption(text("-c", "FILE", "the configuration, " + DEFAULT_CONFIG + " by default"));
        spec.addOption(text("-p", "PREFIX", "where relative paths of the configuration start"));
        spec.addOption(flag("-t", "test the configuration and end"));
        spec.addOption(flag("-T", "the same, and print it with every default and include"));
        spec.addOption(flag("-q", "print errors only"));
        spec.addOption(
                text("-s", "COMMAND", "ask the running master and wait: " + commandWords()));
        spec.addOption(flag("-v", "print the version"));
        spec.addOption(flag("-V", "print the versions of everything inside"));
        spec.addOption(
                OptionSpec.builder("-g")
                        .paramLabel("KEY=VALUE")
                        .description("set a key of [main], over the one of the file; repeatable")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .arity("1")
                        .build());
        spec.addOption(flag(new String[] {"-h", "-?", "--help"}, "print this page"));
        line = new CommandLine(spec);
        line.setUnmatchedArgumentsAllowed(false);
        line.setExpandAtFiles(false);
        line.setTrimQuotes(false);
    }

    private static OptionSpec text(String name, String label, String sentence) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .description(sentence)
                .type(String.class)
                .build();
    }

    private static OptionSpec flag(String name, String sentence) {
        return flag(new String[] {name}, sentence);
    }

    private static OptionSpec flag(String[] names, String sentence) {
        return OptionSpec.builder(names).description(sentence).arity("0").type(boolean.class)
                .build();
    }

    private static String commandWords() {
        return Arrays.stream(Command.values())
                .map(Command::word)
                .collect(Collectors.joining(", "));
    }

    private static String[] exitCodes() {
        List<String> lines = new ArrayList<>(List.of("",
                "sluice cert makes, shows and examines certificates: sluice cert --help",
                "sluice explain tells what becomes of a request: sluice explain --help",
                "sluice diff compares two configurations: sluice diff --help",
                "sluice top shows rates in a terminal: sluice top --help",
                "sluice conns shows connections: sluice conns --help",
                "sluice tap shows requests as they pass: sluice tap --help",
                "sluice jfr records the JVM of a worker: sluice jfr --help",
                "sluice flight shows the last requests: sluice flight --help",
                "sluice convert reads one of nginx: sluice convert --help",
                "sluice purge removes answers from a cache: sluice purge --help",
                "", "Exit codes:"));
        for (ExitCode code : ExitCode.values()) {
            lines.add(String.format("  %2d  %s", code.number(), code.meaning()));
        }
        return lines.toArray(String[]::new);
    }

    /**
     * @throws IllegalArgumentException the words are wrong; the message says which
     */
    public Arguments read(String[] words) {
        ParseResult found;
        try {
            found = line.parseArgs(words);
        } catch (ParameterException wrong) {
            throw new IllegalArgumentException(wrong.getMessage(), wrong);
        }
        String word = found.matchedOptionValue("-s", (String) null);
        Command ask = word == null ? null : Command.of(word);
        if (word != null && ask == null) {
            throw new IllegalArgumentException(
                    "unknown command \"" + word + "\" of -s (expected: " + commandWords() + ")");
        }
        String prefix = found.matchedOptionValue("-p", (String) null);
        return new Arguments(
                action(found),
                Path.of(found.matchedOptionValue("-c", DEFAULT_CONFIG)),
                prefix == null ? null : Path.of(prefix),
                found.matchedOptionValue("-g", List.of()),
                ask,
                found.hasMatchedOption("-q"));
    }

    private static Arguments.Action action(ParseResult found) {
        if (found.hasMatchedOption("-h")) {
            return Arguments.Action.HELP;
        }
        if (found.hasMatchedOption("-V")) {
            return Arguments.Action.VERSIONS;
        }
        if (found.hasMatchedOption("-v")) {
            return Arguments.Action.VERSION;
        }
        if (found.hasMatchedOption("-T")) {
            return Arguments.Action.DUMP;
        }
        if (found.hasMatchedOption("-t")) {
            return Arguments.Action.TEST;
        }
        return found.hasMatchedOption("-s") ? Arguments.Action.ASK : Arguments.Action.RUN;
    }

    /** The page of {@code -h}. */
    public String help() {
        return line.getUsageMessage(CommandLine.Help.Ansi.OFF);
    }
}
