package dev.sluice.worker.upstream;

import dev.sluice.common.zones.PeerTable;
import dev.sluice.worker.balance.LeastTime;

/**
 * What all workers know of one peer, as this worker sees and changes it: requests under way and
 * the time of answers.
 *
 * <p>Owner: event loop; the words behind it are shared.
 */
final class PeerRow {

    /** How long a measured time counts: after this it is worth half. */
    private static final long DECAY_NS = 10_000_000_000L;
    /** Two workers that ask for the last place at once both step back: they ask again. */
    private static final int RESERVE_TRIES = 3;

    private final PeerTable table;
    private final int row;
    private final int lane;
    /** Of this worker. */
    private int own;

    PeerRow(PeerTable table, int row, int lane) {
        this.table = table;
        this.row = row;
        this.lane = lane;
    }

    long get(int word) {
        return table.get(row, word);
    }

    void set(int word, long value) {
        table.set(row, word, value);
    }

    boolean compareAndSet(int word, long expected, long value) {
        return table.compareAndSet(row, word, expected, value);
    }

    /** Another address has taken this place: what was learned of the one before is void. */
    void forget(long nowMs) {
        table.set(row, PeerTable.HEALTH, 0);
        table.set(row, PeerTable.LATENCY_NS, 0);
        table.set(row, PeerTable.CHECK, 0);
        table.set(row, PeerTable.CHECK_AT_MS, 0);
        table.set(row, PeerTable.UP_SINCE_MS, nowMs);
    }

    /** Requests of all workers under way. */
    int inFlight() {
        return table.sum(row);
    }

    /** Requests of this worker under way. */
    int own() {
        return own;
    }

    /**
     * One more request.
     *
     * @param max 0 for no limit
     * @return false when there are as many already; never are there more, whoever else asks
     */
    boolean reserve(int max) {
        if (max == 0) {
            table.setCount(row, lane, ++own);
            return true;
        }
        for (int i = 0; i < RESERVE_TRIES; i++) {
            // Of two that add and then count at least one sees both.
            table.addCount(row, lane, 1);
            if (table.sum(row) <= max) {
                own++;
                return true;
            }
            table.addCount(row, lane, -1);
            if (table.sum(row) >= max) {
                return false;
            }
        }
        return false;
    }

    void release() {
        assert own > 0;
        table.setCount(row, lane, --own);
    }

    /**
     * How long answers take now: a slow answer shows at once, a fast one bit by bit (peak EWMA),
     * and without any it fades, so that a peer that was slow is tried again. 0 when not known.
     *
     * @see LeastTime
     */
    long latencyNs(long nowNs) {
        long latencyNs = table.get(row, PeerTable.LATENCY_NS);
        if (latencyNs == 0) {
            return 0;
        }
        return 1 + (long) (latencyNs * keep(nowNs - table.get(row, PeerTable.LATENCY_AT_NS)));
    }

    /** An answer took this long. Workers that measure at once may lose one: a mean bears it. */
    void measured(long tookNs, long nowNs) {
        long before = table.get(row, PeerTable.LATENCY_NS);
        double weight = keep(nowNs - table.get(row, PeerTable.LATENCY_AT_NS));
        long now = before == 0 || tookNs >= before ? tookNs
                : (long) (before * weight + tookNs * (1 - weight));
        table.set(row, PeerTable.LATENCY_NS, Math.max(1, now));
        table.set(row, PeerTable.LATENCY_AT_NS, nowNs);
    }

    /** A failure is slow, however fast it came: it must not draw the requests of all. */
    void measuredFailure(long tookNs, long nowNs) {
        long before = table.get(row, PeerTable.LATENCY_NS);
        if (before != 0) {
            measured(Math.max(tookNs, before * 2), nowNs);
        }
    }

    private static double keep(long ageNs) {
        return ageNs <= 0 ? 1 : (double) DECAY_NS / (DECAY_NS + ageNs);
    }
}
