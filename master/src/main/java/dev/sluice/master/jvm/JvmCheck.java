package dev.sluice.master.jvm;

import dev.sluice.common.aot.AotFlag;
import dev.sluice.common.config.ConfigError;
import dev.sluice.common.config.JvmOptions;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.master.aot.AotCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Starts a JVM that does nothing with the operator's flags: only a JVM knows what it takes. It
 * costs some 50 ms, and nothing while the file has no flag. Stateless.
 *
 * <p>A JVM that cannot place the objects of its AOT cache in its heap does not do without: it ends
 * ({@code -Xmn16m} beside {@code -Xms16m} is such a case). Flags that it takes without the cache
 * get one that switches the cache off.
 */
public final class JvmCheck {

    private static final String HOME = System.getProperty("sluice.home");
    private static final long LIMIT_S = 10;
    /** As the launcher adds it for the master. */
    private static final String NO_CACHE = "-XX:AOTMode=off";

    private final List<ConfigError> errors = new ArrayList<>();
    private final List<ConfigError> warnings;

    private JvmCheck(List<ConfigError> warnings) {
        this.warnings = new ArrayList<>(warnings);
    }

    /** The same configuration, without its good part when a JVM refuses a flag. */
    public static LoadedConfig of(LoadedConfig loaded) {
        if (HOME == null || loaded.config() == null) {
            return loaded;
        }
        JvmCheck check = new JvmCheck(loaded.warnings());
        try {
            check.flags("master", loaded.jvm().master());
            JvmOptions jvm = new JvmOptions(loaded.jvm().file(), loaded.jvm().master(),
                    check.flags("worker", loaded.jvm().worker()));
            return new LoadedConfig(check.errors.isEmpty() ? loaded.config() : null, check.errors,
                    check.warnings, loaded.effective(), jvm, loaded.files(),
                    loaded.variables(), loaded.secrets());
        } catch (IOException | InterruptedException e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return loaded;
        }
    }

    /** @return the flags to start with */
    private List<JvmOptions.Flag> flags(String part, List<JvmOptions.Flag> flags)
            throws IOException, InterruptedException {
        if (flags.isEmpty() || refusal(part, flags, true) == null) {
            return flags;
        }
        String refusal = refusal(part, flags, false);
        if (refusal == null) {
            return withoutCache(part, flags);
        }
        int before = errors.size();
        for (JvmOptions.Flag flag : flags) {
            String one = refusal(part, List.of(flag), false);
            if (one != null) {
                errors.add(new ConfigError(flag.at(),
                        "the JVM of a " + part + " does not take \"" + flag.text() + "\"", one));
            }
        }
        if (errors.size() == before) {
            errors.add(new ConfigError(flags.getFirst().at(),
                    "the JVM of a " + part + " does not take the flags of this section together",
                    refusal));
        }
        return flags;
    }

    private List<JvmOptions.Flag> withoutCache(String part, List<JvmOptions.Flag> flags)
            throws IOException, InterruptedException {
        JvmOptions.Flag blamed = flags.getFirst();
        for (JvmOptions.Flag flag : flags) {
            if (refusal(part, List.of(flag), true) != null) {
                blamed = flag;
                break;
            }
        }
        warnings.add(new ConfigError(blamed.at(), "with \"" + blamed.text() + "\" the JVM of a "
                + part + " cannot use the AOT cache, so starting takes longer",
                "the cache needs room in the heap: -Xms at least 4 MB above -Xmn"));
        List<JvmOptions.Flag> all = new ArrayList<>(flags);
        all.add(new JvmOptions.Flag(blamed.at(), NO_CACHE));
        return all;
    }

    /** What the JVM says, in one line; null when it starts. */
    private static String refusal(String part, List<JvmOptions.Flag> flags, boolean cached)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(HOME, "runtime", "bin", "java").toString());
        AotCache cache = new AotCache(Path.of(HOME), part);
        words.addAll(cache.arguments());
        if (cached && cache.fit() == AotCache.Fit.FITS) {
            words.addAll(AotFlag.of(cache.file()));
        }
        words.addAll(JvmOptions.words(flags));
        words.add("-version");
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes());
        if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return "java does not end";
        }
        return process.exitValue() == 0 ? null : "java says: " + said.lines()
                .filter(line -> !line.startsWith("NOTE: ") && !line.isBlank()
                        && !line.contains("Could not create the Java Virtual Machine")
                        && !line.contains("A fatal exception has occurred"))
                .findFirst().orElse("exit code " + process.exitValue());
    }
}
