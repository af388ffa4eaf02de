package dev.sluice.worker.balance;

/**
 * The candidate whose answer is to be expected first: time an answer takes, times the requests it
 * would then have under way, for its weight. One that has not answered yet counts as the mean of
 * the others, so that it gets its share and no flood.
 *
 * <p>Owner: event loop.
 */
public final class LeastTime implements Balancer {

    /** Where the search begins, so that equals take turns. */
    private int start;

    @Override
    public int pick(Candidates among, long key) {
        int count = among.count();
        double unknownNs = meanNs(among);
        int best = NONE;
        double least = 0;
        start = start + 1 < count ? start + 1 : 0;
        for (int k = 0; k < count; k++) {
            int i = start + k < count ? start + k : start + k - count;
            if (!among.usable(i)) {
                continue;
            }
            long knownNs = among.latencyNs(i);
            double expected = (knownNs > 0 ? knownNs : unknownNs)
                    * (among.inFlight(i) + 1) / among.weight(i);
            if (best == NONE || expected < least) {
                best = i;
                least = expected;
            }
        }
        return best;
    }

    private static double meanNs(Candidates among) {
        double sum = 0;
        int known = 0;
        for (int i = 0; i < among.count(); i++) {
            long latencyNs = among.latencyNs(i);
            if (latencyNs > 0 && among.usable(i)) {
                sum += latencyNs;
                known++;
            }
        }
        return known == 0 ? 1 : sum / known;
    }
}
