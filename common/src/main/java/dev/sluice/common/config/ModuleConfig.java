package dev.sluice.common.config;

/**
 * A drop-in module and {@code [module NAME]}. Written at boot, then read-only.
 *
 * @param at its section, or the line that names its jar
 * @param settings its own keys of that section
 * @param timeoutMs how long a blocking hook may take
 * @param maxConcurrent how many blocking hooks may run at once in a worker
 */
public record ModuleConfig(
        SourceLine at,
        ModuleJar jar,
        ModuleSettings settings,
        OnError onError,
        long timeoutMs,
        int maxConcurrent) {

    /** The same with its jar elsewhere. */
    ModuleConfig with(ModuleJar other) {
        return new ModuleConfig(at, other, settings, onError, timeoutMs, maxConcurrent);
    }

    /** What becomes of a request whose hook fails. */
    public enum OnError {
        /** It is answered with 500. */
        FAIL_CLOSED,
        /** It goes on as if there were no hook. */
        FAIL_OPEN,
        /** It is answered with 503. */
        UNAVAILABLE
    }
}
