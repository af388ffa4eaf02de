package dev.sluice.common.config;

/**
 * A cache: where it lies and how large it may be. Written at boot, then read-only.
 *
 * @param path its folder
 * @param sizeMax bytes on disk; a sweep each second keeps to it
 * @param inactiveMs how long an answer is kept that nobody asks for
 * @param keys answers it can hold; a power of two
 * @param memory bytes that each worker keeps at hand
 * @param objectMax bytes of the longest body that is stored
 */
public record CacheConfig(
        SourceLine at,
        String name,
        String path,
        long sizeMax,
        long inactiveMs,
        int keys,
        long memory,
        long objectMax) {

    /** The path of a cache without a folder, which one worker has for itself: the warm-up's. */
    public static final String IN_MEMORY = "/dev/null";
}
