package dev.sluice.master.cli;

import dev.sluice.master.command.Command;
import java.nio.file.Path;
import java.util.List;

/**
 * What the words of the command line ask for.
 *
 * @param prefix where relative paths of the configuration start, or null for its own folder
 * @param overrides {@code key=value} of {@code -g}
 * @param ask the command of {@code -s}, or null
 */
public record Arguments(
        Action action,
        Path configFile,
        Path prefix,
        List<String> overrides,
        Command ask,
        boolean quiet) {

    /** What to do. */
    public enum Action {
        RUN, TEST, DUMP, ASK, VERSION, VERSIONS, HELP
    }

    public Arguments {
        overrides = List.copyOf(overrides);
    }
}
