package dev.sluice.common.config;

import java.util.List;

/**
 * How a location uses a cache. Written at boot, then read-only.
 *
 * @param name of the {@code [cache]} section
 * @param key a template; null for scheme, host, port, path and query
 * @param valid how long answers are fresh that name no time themselves
 * @param bypass templates: the cache is not asked when one of them is neither empty nor 0
 * @param notStored templates: nothing is stored when one of them is neither empty nor 0
 * @param useStale failures of the peer for which a stale answer is given
 * @param lockTimeoutMs how long a request waits for the fetch of another worker
 * @param lockAgeMs how long a fetch keeps other workers waiting
 * @param clientDirectives whether Cache-Control and Pragma of requests count
 * @param ignoredFields of answers, in lower case
 * @param purgeFrom networks of clients that may purge
 * @param sliceBytes of what is asked for and stored at once; 0 for the whole
 */
public record CacheUse(
        String name,
        String key,
        List<Valid> valid,
        List<String> bypass,
        List<String> notStored,
        List<String> useStale,
        int minUses,
        boolean head,
        boolean heuristic,
        boolean backgroundUpdate,
        boolean revalidate,
        boolean lock,
        long lockTimeoutMs,
        long lockAgeMs,
        boolean clientDirectives,
        List<String> ignoredFields,
        List<String> purgeFrom,
        boolean statusField,
        long sliceBytes) {

    /** A status of {@link Valid}: 200, 301 and 302, as nginx has it. */
    public static final int USUAL = -1;
    /** A status of {@link Valid}: all others. */
    public static final int ANY = 0;

    /** One {@code proxy_cache_valid}. */
    public record Valid(List<Integer> statuses, long timeMs) {

        public Valid {
            statuses = List.copyOf(statuses);
        }
    }

    public CacheUse {
        valid = List.copyOf(valid);
        bypass = List.copyOf(bypass);
        notStored = List.copyOf(notStored);
        useStale = List.copyOf(useStale);
        ignoredFields = List.copyOf(ignoredFields);
        purgeFrom = List.copyOf(purgeFrom);
    }
}
