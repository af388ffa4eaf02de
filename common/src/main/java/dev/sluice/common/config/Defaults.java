package dev.sluice.common.config;

import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * What keys mean where nothing gives them, in one loading: each default is parsed once, however
 * many sections ask, and shared by their records. Relative paths start at the directory. Owner:
 * the loading thread.
 */
final class Defaults {

    private static final Object NONE = new Object();

    private final Path directory;
    private final Map<ConfigKey<?>, Object> parsed = new IdentityHashMap<>();

    Defaults(Path directory) {
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    /** Null for a key without a default. */
    @SuppressWarnings("unchecked")
    <T> T value(ConfigKey<T> key) {
        Object known = parsed.get(key);
        if (known == null) {
            T made = key.defaultValue(directory);
            // What cannot change is not copied by the records that share it.
            known = made == null ? NONE : made instanceof List<?> list ? List.copyOf(list) : made;
            parsed.put(key, known);
        }
        return known == NONE ? null : (T) known;
    }

    /** How many were parsed: for tests that count work. */
    int parsedCount() {
        return parsed.size();
    }
}
