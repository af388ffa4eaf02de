package dev.sluice.worker.proxy;

/**
 * What one response may move in one turn of the loop: one fast peer and one fast client must not
 * hold up everybody else.
 *
 * <p>Owner: event loop.
 */
final class TurnShare {

    private static final int BYTES_MAX = 1024 * 1024;
    private static final int READS_MAX = 16;

    private long turnNs;
    private int reads;
    private int bytes;

    boolean mayGoOn(long nowNs) {
        if (nowNs != turnNs) {
            turnNs = nowNs;
            newTurn();
        }
        return reads < READS_MAX && bytes < BYTES_MAX;
    }

    /** The next turn has begun, even if the clock has not moved. */
    void newTurn() {
        reads = 0;
        bytes = 0;
    }

    void used(int count) {
        reads++;
        bytes += count;
    }
}
