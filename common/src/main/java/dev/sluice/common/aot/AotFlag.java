package dev.sluice.common.aot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How whoever starts a JVM hands it a cache, and how that JVM learns whether it took it. A JVM
 * ignores a cache that does not fit and starts slower; it would say so in five lines on standard
 * output, which the argument files switch off. Stateless.
 */
public final class AotFlag {

    /** Path of the cache that this JVM was given, or {@link #CHANGED}. */
    private static final String PROPERTY = "sluice.aot";
    /** The value of the property when files have changed since the cache was made. */
    private static final String CHANGED = "changed";

    private static final Path OWN_MAPPINGS = Path.of("/proc/self/maps");

    private AotFlag() {}

    /** The words that give a JVM this cache. */
    public static List<String> of(Path cache) {
        return List.of("-XX:AOTCache=" + cache, "-D" + PROPERTY + "=" + cache);
    }

    /** The words that tell a JVM why it has none. */
    public static List<String> ofChanged() {
        return List.of("-D" + PROPERTY + "=" + CHANGED);
    }

    /** A line for the error log when this JVM runs without the cache it was to have, or null. */
    public static String complaint() {
        String cache = System.getProperty(PROPERTY);
        if (cache == null || !cache.equals(CHANGED) && isMapped(cache)) {
            return null;
        }
        return "no AOT cache is used, so starting takes longer: "
                + (cache.equals(CHANGED)
                        ? "files of the installation have changed since it was made"
                        : cache + " does not fit this Java or its options")
                + " (sluice --train makes a new one)";
    }

    private static boolean isMapped(String cache) {
        try {
            // The kernel shows no symbolic links, and lib may be behind one.
            String shown = Path.of(cache).toRealPath().toString();
            return Files.readString(OWN_MAPPINGS).contains(shown);
        } catch (IOException unreadable) {
            // Without /proc, or with a cache that was replaced since, nothing can be told.
            return true;
        }
    }
}
