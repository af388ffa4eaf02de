package dev.sluice.common.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The caches, and how locations use them. Owner: the loading thread. */
final class CacheCheck {

    private static final long MS_PER_S = 1000;

    private final Problems problems;
    private final Map<String, CacheConfig> caches = new LinkedHashMap<>();

    CacheCheck(Problems problems) {
        this.problems = problems;
    }

    void add(Scope scope) {
        if (scope.name.equals(CacheKeys.OFF)) {
            problems.error(scope.at, "a cache cannot be named \"off\"", "choose another name");
        }
        String path = scope.ownValue(CacheKeys.PATH);
        if (!scope.has(CacheKeys.PATH)) {
            problems.error(scope.at, scope.title() + " has no path",
                    "add path = /var/cache/sluice/" + scope.name);
        }
        checkPath(scope, path);
        for (CacheConfig other : caches.values()) {
            if (path != null && path.equals(other.path())) {
                problems.error(scope.own(CacheKeys.PATH).getFirst().value().at(),
                        "[cache " + other.name() + "] has the path \"" + path + "\", too",
                        "each cache has a folder of its own");
            }
        }
        int keys = scope.value(CacheKeys.KEYS);
        int power = Integer.highestOneBit(keys);
        caches.put(scope.name, new CacheConfig(scope.at, scope.name, path == null ? "" : path,
                scope.value(CacheKeys.MAX_SIZE),
                scope.value(CacheKeys.INACTIVE),
                power == keys ? keys : power << 1,
                scope.value(CacheKeys.MEMORY),
                scope.value(CacheKeys.MAX_OBJECT_SIZE)));
    }

    /** A folder that is not there yet is made; the warm-up's own cache has none. */
    private void checkPath(Scope scope, String path) {
        boolean warmUp = scope.name.equals(WarmUpConfig.UPSTREAM)
                && CacheConfig.IN_MEMORY.equals(path);
        if (path != null && !warmUp && Files.exists(Path.of(path))
                && !Files.isDirectory(Path.of(path))) {
            problems.error(scope.own(CacheKeys.PATH).getFirst().value().at(),
                    "\"path\": \"" + path + "\" is not a directory",
                    "name a folder, or one that can be made: /var/cache/sluice/" + scope.name);
        }
    }

    /** Checks what one section itself says. */
    void checkName(Scope scope) {
        for (Setting<String> setting : scope.own(CacheKeys.PROXY_CACHE)) {
            String name = setting.parsed();
            if (name != null && !name.equals(CacheKeys.OFF) && !caches.containsKey(name)) {
                String nearest = Spelling.nearest(name, caches.keySet());
                problems.error(setting.value().at(), "unknown cache \"" + name + "\"",
                        nearest == null ? "add [cache " + name + "]"
                                : "did you mean \"" + nearest + "\"?");
            }
        }
    }

    /** How a location uses a cache; null when it uses none. */
    CacheUse check(Scope scope) {
        checkName(scope);
        String name = scope.value(CacheKeys.PROXY_CACHE);
        if (!caches.containsKey(name)) {
            return null;
        }
        return new CacheUse(name,
                scope.given(CacheKeys.PROXY_CACHE_KEY),
                valid(scope),
                list(scope, CacheKeys.PROXY_CACHE_BYPASS),
                list(scope, CacheKeys.PROXY_NO_CACHE),
                scope.value(CacheKeys.PROXY_CACHE_USE_STALE),
                scope.value(CacheKeys.PROXY_CACHE_MIN_USES),
                scope.value(CacheKeys.PROXY_CACHE_METHODS).contains("head"),
                scope.value(CacheKeys.PROXY_CACHE_HEURISTIC),
                scope.value(CacheKeys.PROXY_CACHE_BACKGROUND_UPDATE),
                scope.value(CacheKeys.PROXY_CACHE_REVALIDATE),
                scope.value(CacheKeys.PROXY_CACHE_LOCK),
                scope.value(CacheKeys.PROXY_CACHE_LOCK_TIMEOUT),
                Math.max(MS_PER_S, scope.value(CacheKeys.PROXY_CACHE_LOCK_AGE)),
                scope.value(CacheKeys.PROXY_CACHE_CLIENT_CONTROL),
                list(scope, CacheKeys.PROXY_IGNORE_HEADERS),
                list(scope, CacheKeys.PROXY_CACHE_PURGE),
                scope.value(CacheKeys.PROXY_CACHE_STATUS),
                scope.has(CacheKeys.SLICE) ? scope.value(CacheKeys.SLICE) : 0);
    }

    private static List<CacheUse.Valid> valid(Scope scope) {
        Scope holder = scope.nearest(CacheKeys.PROXY_CACHE_VALID);
        return holder == null ? List.of() : holder.ownValues(CacheKeys.PROXY_CACHE_VALID);
    }

    private static List<String> list(Scope scope, ConfigKey<List<String>> key) {
        List<String> given = scope.given(key);
        return given == null ? List.of() : given;
    }

    List<CacheConfig> all() {
        return List.copyOf(caches.values());
    }
}
