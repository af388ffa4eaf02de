package dev.sluice.master.cli;

import dev.sluice.common.cache.CacheFolder;
import dev.sluice.common.cache.CacheIndex;
import dev.sluice.common.cache.CachePurge;
import dev.sluice.common.config.CacheConfig;
import dev.sluice.common.config.ConfigError;
import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.master.command.ExitCode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The command {@code sluice purge}: removes answers from a cache, whoever serves it meanwhile. What
 * is stored is shared by all processes, so no master is asked.
 */
public final class PurgeCommand {

    private static final String HELP = """
            sluice purge [-c FILE] CACHE [-k KEY | -p PREFIX | -t TAG | -a]

            Removes answers from [cache CACHE]: the one with this key, those whose keys begin so,
            those with this Cache-Tag or Surrogate-Key, or all. A key looks like
            "https://example.org:443/path?query upstream" unless proxy_cache_key says otherwise.
            Without a choice it tells what the cache holds.

            Exit codes: 0 done, 1 the configuration or the cache cannot be read, 64 the words are
            wrong.
            """;

    private final Path defaultConfig;
    private final PrintStream out;
    private final PrintStream err;
    private Path config;
    private String cache;
    private CachePurge.By by;
    private String word = "";

    public PurgeCommand(Path defaultConfig, PrintStream out, PrintStream err) {
        this.defaultConfig = defaultConfig;
        this.out = out;
        this.err = err;
    }

    /** @param words behind {@code purge} */
    public ExitCode run(List<String> words) {
        config = defaultConfig;
        for (int i = 0; i < words.size(); i++) {
            String next = i + 1 < words.size() ? words.get(i + 1) : null;
            switch (words.get(i)) {
                case "-h", "--help" -> {
                    out.print(HELP);
                    return ExitCode.DONE;
                }
                case "-a", "-k", "-p", "-t" -> {
                    if (by != null) {
                        return wrong("of -k, -p, -t and -a it takes one");
                    }
                    by = choice(words.get(i));
                    if (by != CachePurge.By.ALL) {
                        if (next == null) {
                            return wrong(takesOneMore(words.get(i)));
                        }
                        word = next;
                        i++;
                    }
                }
                case "-c" -> {
                    if (next == null) {
                        return wrong(takesOneMore("-c"));
                    }
                    config = Path.of(next);
                    i++;
                }
                default -> {
                    if (cache != null || words.get(i).startsWith("-")) {
                        return wrong("unexpected \"" + words.get(i) + "\"");
                    }
                    cache = words.get(i);
                }
            }
        }
        return cache == null ? wrong("which cache?") : purge();
    }

    private static CachePurge.By choice(String option) {
        return switch (option) {
            case "-k" -> CachePurge.By.KEY;
            case "-p" -> CachePurge.By.PREFIX;
            case "-t" -> CachePurge.By.TAG;
            default -> CachePurge.By.ALL;
        };
    }

    private static String takesOneMore(String option) {
        return "\"" + option + "\" takes one more word";
    }

    private ExitCode wrong(String what) {
        err.println("sluice: " + what + " (sluice purge --help tells more)");
        return ExitCode.USAGE;
    }

    private ExitCode purge() {
        LoadedConfig loaded = ConfigLoader.load(config, null, List.of());
        if (loaded.config() == null) {
            for (ConfigError error : loaded.errors()) {
                err.println(error.asError());
            }
            return ExitCode.FAILED;
        }
        for (CacheConfig one : loaded.config().caches()) {
            if (one.name().equals(cache)) {
                return purge(one);
            }
        }
        err.println("sluice: there is no [cache " + cache + "] in " + config);
        return ExitCode.FAILED;
    }

    private ExitCode purge(CacheConfig of) {
        try {
            CacheFolder folder =
                    CacheFolder.existing(Path.of(of.path()), of.name(), of.keys());
            if (by == null) {
                tell(folder.index());
            } else {
                out.println("purged " + new CachePurge(folder).run(by, word));
            }
            out.flush();
            return ExitCode.DONE;
        } catch (IOException e) {
            err.println("sluice: [error] [cache " + of.name() + "]: " + why(Path.of(of.path()), e));
            return ExitCode.FAILED;
        }
    }

    private static String why(Path folder, IOException e) {
        if (e.getCause() instanceof NoSuchFileException) {
            return "\"" + folder + "\" " + (Files.isDirectory(folder)
                    ? "has no index: no worker has used it yet"
                    : "is not there: workers make it when they can, so nothing is stored yet");
        }
        return "\"" + folder + "\" cannot be used: " + e.getMessage();
    }

    private void tell(CacheIndex index) {
        long answers = 0;
        long kb = 0;
        for (long place = index.firstPlace(); place < index.placesEnd();
                place = index.nextPlace(place)) {
            if (index.serial(place) != 0) {
                answers++;
                kb += index.sizeKb(place);
            }
        }
        out.println("answers " + answers);
        out.println("KiB " + kb);
        for (CacheIndex.Count what : CacheIndex.Count.values()) {
            out.println(what.name().toLowerCase(Locale.ROOT) + " "
                    + index.counted(what));
        }
    }
}
