package dev.sluice.worker.balance;

/**
 * Weighted round robin that interleaves: with weights 5, 1, 1 it chooses a a b a c a a and not
 * a a a a a b c. Each choice gives every usable candidate its weight as credit and takes the sum
 * of these weights from the chosen one, which is the one with the most credit. It is the
 * algorithm of nginx.
 *
 * <p>Owner: event loop.
 */
public final class SmoothRoundRobin implements Balancer {

    private final long[] credit;

    public SmoothRoundRobin(int count) {
        credit = new long[count];
    }

    @Override
    public int pick(Candidates among, long key) {
        assert among.count() == credit.length;
        int best = NONE;
        long total = 0;
        for (int i = 0; i < credit.length; i++) {
            if (!among.usable(i)) {
                continue;
            }
            int weight = among.weight(i);
            credit[i] += weight;
            total += weight;
            if (best == NONE || credit[i] > credit[best]) {
                best = i;
            }
        }
        if (best != NONE) {
            credit[best] -= total;
        }
        return best;
    }
}
