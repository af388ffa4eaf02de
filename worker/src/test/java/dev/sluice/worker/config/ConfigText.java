package dev.sluice.worker.config;

import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.SluiceConfig;
import java.nio.file.Path;

/**
 * Configurations of tests, made as an operator makes them: from the text of a file, so that each
 * has every default and passes every check, and a new setting concerns no test but its own.
 */
public final class ConfigText {

    private ConfigText() {
    }

    /** Loads the lines of a file. Directories that it names must be there. */
    public static SluiceConfig of(String... lines) {
        return load(lines).config();
    }

    /** The same, with the files it names. */
    public static LoadedConfig load(String... lines) {
        String text = String.join("\n", lines) + "\n";
        LoadedConfig loaded = ConfigLoader.loadText(text, Path.of("/"));
        if (loaded.config() == null) {
            throw new AssertionError(loaded.errors() + "\n" + text);
        }
        return loaded;
    }

    /** The keys of one location {@code [location www PATTERN]}, which may pass to "app". */
    public static LocationConfig location(String pattern, String... lines) {
        return of("[upstream app]", "server = 127.0.0.1:9", "[server www]", "listen = 80",
                "[location www " + pattern + "]", String.join("\n", lines))
                .servers().getFirst().locations().getFirst();
    }

    /** A word of a value that may hold spaces or the sign of a comment. */
    public static String quote(String word) {
        char quote = word.indexOf('"') < 0 ? '"' : '\'';
        return quote + word + quote;
    }
}
