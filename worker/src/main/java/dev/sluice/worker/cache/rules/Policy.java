package dev.sluice.worker.cache.rules;

/**
 * What an operator says about storing: times for answers that name none, fields of answers that do
 * not count, whether a guess may be made. Written at boot, then read-only.
 *
 * @param statuses of {@code proxy_cache_valid}, each with its time at the same place; 0 is any
 * @param seconds how long such an answer is fresh
 * @param heuristic whether an answer without a time, but with Last-Modified, is fresh for a tenth
 *     of its age (RFC 9111 §4.2.2)
 */
public record Policy(int[] statuses, long[] seconds, boolean heuristic, boolean ignoresAccelExpires,
        boolean ignoresExpires, boolean ignoresCacheControl, boolean ignoresSetCookie,
        boolean ignoresVary) {

    /** What nginx means by {@code proxy_cache_valid 10m}. */
    public static final int USUAL = -1;
    public static final int ANY = 0;

    /** Nothing but what RFC 9111 says. */
    public static final Policy PLAIN = new Policy(new int[0], new long[0], true, false, false,
            false, false, false);

    /** In seconds; below zero when nothing is said of the status. */
    long validFor(int status) {
        long any = -1;
        for (int i = 0; i < statuses.length; i++) {
            if (statuses[i] == status || statuses[i] == USUAL
                    && (status == 200 || status == 301 || status == 302)) {
                return seconds[i];
            }
            any = statuses[i] == ANY ? seconds[i] : any;
        }
        return any;
    }
}
