package dev.sluice.master.jvm;

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
 */
public final class JvmCheck {

    private static final String HOME = System.getProperty("sluice.home");
    private static final long LIMIT_S = 10;

    private JvmCheck() {}

    /** The same configuration, without its good part when a JVM refuses a flag. */
    public static LoadedConfig of(LoadedConfig loaded) {
        if (HOME == null || loaded.config() == null) {
            return loaded;
        }
        List<ConfigError> errors = new ArrayList<>();
        try {
            check("master", loaded.jvm().master(), errors);
            check("worker", loaded.jvm().worker(), errors);
        } catch (IOException | InterruptedException e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return loaded;
        }
        return errors.isEmpty() ? loaded : new LoadedConfig(
                null, errors, loaded.warnings(), loaded.effectiveText(), loaded.jvm(),
                loaded.files());
    }

    private static void check(String part, List<JvmOptions.Flag> flags, List<ConfigError> errors)
            throws IOException, InterruptedException {
        if (flags.isEmpty()) {
            return;
        }
        String refusal = refusal(part, flags);
        if (refusal == null) {
            return;
        }
        int before = errors.size();
        for (JvmOptions.Flag flag : flags) {
            String one = refusal(part, List.of(flag));
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
    }

    /** What the JVM says, in one line; null when it starts. */
    private static String refusal(String part, List<JvmOptions.Flag> flags)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(HOME, "runtime", "bin", "java").toString());
        words.addAll(new AotCache(Path.of(HOME), part).arguments());
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
