package dev.sluice.worker.downstream;

/**
 * Progress-based patience with a client: no deadline for a whole transfer, one between two steps
 * of it, and a minimum rate once a grace has passed. Only time spent waiting for the client
 * counts, so a slow upstream does not make a client look slow.
 *
 * <p>Owner: event loop.
 */
final class Pace {

    /** {@link #deadlineNs}: not waiting. */
    static final long NEVER = Long.MAX_VALUE;
    private static final long GRACE_NS = 20_000_000_000L;
    private static final long NS_PER_S = 1_000_000_000L;

    private long waitedNs;
    private long waitingSinceNs = NEVER;
    private long deadlineNs = NEVER;
    private long bytes;

    void reset() {
        waitedNs = 0;
        waitingSinceNs = NEVER;
        deadlineNs = NEVER;
        bytes = 0;
    }

    /** The client has to do something now: nothing more happens without it. */
    void waitFrom(long nowNs, long timeoutMs, int minRateBytesPerSecond) {
        stopWaiting(nowNs);
        waitingSinceNs = nowNs;
        long idle = nowNs + timeoutMs * 1_000_000L;
        if (minRateBytesPerSecond > 0) {
            long allowed = GRACE_NS + bytes / minRateBytesPerSecond * NS_PER_S
                    + bytes % minRateBytesPerSecond * NS_PER_S / minRateBytesPerSecond;
            idle = Math.min(idle, nowNs + Math.max(0, allowed - waitedNs));
        }
        deadlineNs = idle;
    }

    /** The client has done something, or it is not its turn any more. */
    void stopWaiting(long nowNs) {
        if (waitingSinceNs != NEVER) {
            waitedNs += nowNs - waitingSinceNs;
            waitingSinceNs = NEVER;
            deadlineNs = NEVER;
        }
    }

    void moved(long count) {
        bytes += count;
    }

    /** When the patience ends; {@link #NEVER} while it is not the client's turn. */
    long deadlineNs() {
        return deadlineNs;
    }
}
