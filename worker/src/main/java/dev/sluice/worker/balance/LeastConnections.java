package dev.sluice.worker.balance;

/**
 * The candidate with the fewest requests under way for its weight; those that are equal take turns
 * by {@link SmoothRoundRobin}, so that an idle group is not served by its first peer alone.
 *
 * <p>Owner: event loop.
 */
public final class LeastConnections implements Balancer {

    private final SmoothRoundRobin turns;
    private final Equals equals = new Equals();

    public LeastConnections(int count) {
        turns = new SmoothRoundRobin(count);
    }

    @Override
    public int pick(Candidates among, long key) {
        int best = NONE;
        int equalCount = 0;
        for (int i = 0; i < among.count(); i++) {
            if (!among.usable(i)) {
                continue;
            }
            int order = best == NONE ? -1 : compareLoad(among, i, best);
            if (order < 0) {
                best = i;
                equalCount = 1;
            } else if (order == 0) {
                equalCount++;
            }
        }
        return equalCount > 1 ? equals.pick(among, best) : best;
    }

    /** Compares a's and b's requests per weight without dividing. */
    static int compareLoad(Candidates among, int a, int b) {
        return Long.compare(
                (long) among.inFlight(a) * among.weight(b),
                (long) among.inFlight(b) * among.weight(a));
    }

    /** The candidates as round robin sees them: only those as little loaded as the best. */
    private final class Equals implements Candidates {
        private Candidates all;
        private int best;

        int pick(Candidates among, int least) {
            all = among;
            best = least;
            return turns.pick(this, 0);
        }

        @Override
        public int count() {
            return all.count();
        }

        @Override
        public int weight(int index) {
            return all.weight(index);
        }

        @Override
        public int inFlight(int index) {
            return all.inFlight(index);
        }

        @Override
        public long latencyNs(int index) {
            return all.latencyNs(index);
        }

        @Override
        public String name(int index) {
            return all.name(index);
        }

        @Override
        public boolean usable(int index) {
            return all.usable(index) && compareLoad(all, index, best) == 0;
        }
    }
}
