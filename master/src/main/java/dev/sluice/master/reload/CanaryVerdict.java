package dev.sluice.master.reload;

import java.util.Locale;

/**
 * Whether a canary does worse than the old generation did in the same window. It does, when
 *
 * <ul>
 *   <li>it ended one exchange for a bug of the worker and the old ones none,
 *   <li>of at least {@value #REQUESTS_MIN} requests, at least {@value #ERRORS_MIN} got a 5xx, and
 *       their share is more than {@value #SHARE_WORSE} above that of the old generation,
 *   <li>the same of exchanges that ended badly through an upstream, a file or the worker,
 *   <li>of at least {@value #TIMED_MIN} requests on both sides, its p99 is certainly more than
 *       {@value #P99_FACTOR} times that of the old generation and more than 10 ms above it. The
 *       times are in buckets: the lower bound of its bucket stands against the upper one of theirs.
 * </ul>
 *
 * A canary that nobody asks is not worse. Stateless.
 */
final class CanaryVerdict {

    static final int REQUESTS_MIN = 20;
    static final int ERRORS_MIN = 3;
    static final double SHARE_WORSE = 0.01;
    static final int TIMED_MIN = 200;
    static final int P99_FACTOR = 2;
    static final long P99_WORSE_NS = 10_000_000;

    private static final double NS_PER_MS = 1e6;

    private CanaryVerdict() {}

    /** @return why it is worse, or null when it is not */
    static String worse(CanarySample old, CanarySample fresh) {
        if (fresh.bugs() > 0 && old.bugs() == 0) {
            return fresh.bugs() + " exchanges ended for a bug of the worker";
        }
        String share = worseShare("5xx", old.serverErrors(), old.requests(),
                fresh.serverErrors(), fresh.requests());
        if (share == null) {
            share = worseShare("bad ends", old.badEnds(), old.requests(),
                    fresh.badEnds(), fresh.requests());
        }
        return share != null ? share : slower(old, fresh);
    }

    private static String worseShare(
            String what, long oldBad, long oldAll, long freshBad, long freshAll) {
        if (freshAll < REQUESTS_MIN || freshBad < ERRORS_MIN) {
            return null;
        }
        double oldShare = oldAll == 0 ? 0 : (double) oldBad / oldAll;
        double freshShare = (double) freshBad / freshAll;
        if (freshShare <= oldShare + SHARE_WORSE) {
            return null;
        }
        return String.format(Locale.ROOT, "%s %.1f %% of %d requests, old %.1f %% of %d",
                what, freshShare * 100, freshAll, oldShare * 100, oldAll);
    }

    private static String slower(CanarySample old, CanarySample fresh) {
        if (old.timed() < TIMED_MIN || fresh.timed() < TIMED_MIN) {
            return null;
        }
        long oldNs = old.p99AtMostNs();
        long freshNs = fresh.p99AtLeastNs();
        if (freshNs / P99_FACTOR <= oldNs || freshNs - oldNs <= P99_WORSE_NS) {
            return null;
        }
        return String.format(Locale.ROOT, "p99 over %.1f ms, old at most %.1f ms",
                freshNs / NS_PER_MS, oldNs / NS_PER_MS);
    }
}
