package dev.sluice.master.watch;

import dev.sluice.master.command.CommandClient;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.command.OptionWords;
import dev.sluice.master.system.RunDirectory;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** How a command asks the workers of the master that a configuration names. Stateless. */
final class Asking {

    private Asking() {
    }

    /** Words of a filter go over a line of the socket: none may hold a space or a control. */
    static String filter(List<String> words) {
        for (String word : words) {
            if (word.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw new IllegalArgumentException("\"" + word + "\" has a space, or no ASCII");
            }
        }
        return words.isEmpty() ? "" : " " + String.join(" ", words);
    }

    /**
     * @param limit zero waits for ever
     * @param screen is given each line, which begins with slot and generation
     */
    static ExitCode ask(OptionWords options, Path defaultConfig, String question, Duration limit,
            PrintStream err, Consumer<String> screen) throws InterruptedException {
        Path run = options.runDirectory(defaultConfig, err);
        if (run == null) {
            return ExitCode.FAILED;
        }
        return CommandClient.ask(RunDirectory.commandSocket(run), "ask " + question, limit,
                screen);
    }
}
