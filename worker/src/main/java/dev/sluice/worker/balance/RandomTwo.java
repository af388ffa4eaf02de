package dev.sluice.worker.balance;

/**
 * Draws two candidates by weight and takes the one with fewer requests under way for its weight
 * (Mitzenmacher 2001). Where workers choose without seeing each other's loads they do not all
 * choose the same one.
 *
 * <p>Owner: event loop.
 */
public final class RandomTwo implements Balancer {

    private long state;

    /** @param seed any number; equal seeds draw alike */
    public RandomTwo(long seed) {
        state = seed;
    }

    @Override
    public int pick(Candidates among, long key) {
        long total = 0;
        for (int i = 0; i < among.count(); i++) {
            total += among.usable(i) ? among.weight(i) : 0;
        }
        if (total == 0) {
            return NONE;
        }
        int first = draw(among, total, NONE);
        long others = total - among.weight(first);
        if (others == 0) {
            return first;
        }
        int second = draw(among, others, first);
        return LeastConnections.compareLoad(among, second, first) < 0 ? second : first;
    }

    /** @param total of the weights of all that are usable without {@code without} */
    private int draw(Candidates among, long total, int without) {
        long left = Math.unsignedMultiplyHigh(next(), total);
        int last = NONE;
        for (int i = 0; i < among.count(); i++) {
            if (i != without && among.usable(i)) {
                last = i;
                left -= among.weight(i);
                if (left < 0) {
                    break;
                }
            }
        }
        return last;
    }

    private long next() {
        state += KeyHash.GOLDEN;
        return KeyHash.mix(state);
    }
}
