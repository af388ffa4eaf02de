package dev.sluice.worker.balance;

/**
 * Consistent hashing by highest random weight (Thaler and Ravishankar 1998): each candidate gets a
 * number from the key and its own name, and the highest wins. A candidate that comes or goes moves
 * its own keys and no other, whatever its place in the list; weights count exactly. A ring of
 * points needs a table and is even only on average; this needs none and one multiplication for
 * each candidate.
 *
 * <p>With a bound (Mirrokni, Thorup and Zadimoghaddam 2018) a candidate that has more requests
 * under way than that share of an even load passes its keys on to the next highest.
 *
 * <p>Owner: event loop.
 */
public final class Rendezvous implements Balancer {

    private static final double UNIT = 0x1.0p-53;

    private final long[] names;
    private final int boundPercent;

    /**
     * @param names a hash of each candidate's name, in their order
     * @param boundPercent above 100, or 0 for no bound
     */
    public Rendezvous(long[] names, int boundPercent) {
        assert boundPercent == 0 || boundPercent > 100;
        this.names = names.clone();
        this.boundPercent = boundPercent;
    }

    @Override
    public int pick(Candidates among, long key) {
        assert among.count() == names.length;
        long load = 1;
        long weights = 0;
        if (boundPercent != 0) {
            for (int i = 0; i < names.length; i++) {
                if (among.usable(i)) {
                    load += among.inFlight(i);
                    weights += among.weight(i);
                }
            }
        }
        int best = NONE;
        long bestNumber = 0;
        for (int i = 0; i < names.length; i++) {
            if (!among.usable(i) || weights != 0 && isFull(among, i, load, weights)) {
                continue;
            }
            long number = KeyHash.mix(key ^ names[i]) >>> 11;
            if (best == NONE || beats(number, among.weight(i), bestNumber, among.weight(best))) {
                best = i;
                bestNumber = number;
            }
        }
        return best;
    }

    /** Never true for all: what they may have is more than they have together. */
    private boolean isFull(Candidates among, int i, long load, long weights) {
        return among.inFlight(i) * 100L * weights >= boundPercent * load * among.weight(i);
    }

    /** Whether number a of 53 bits is the higher one when both are raised to 1 / weight. */
    private static boolean beats(long a, int aWeight, long b, int bWeight) {
        return aWeight == bWeight ? a > b
                : Math.log((a + 0.5) * UNIT) * bWeight > Math.log((b + 0.5) * UNIT) * aWeight;
    }
}
