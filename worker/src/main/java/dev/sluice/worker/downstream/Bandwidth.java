package dev.sluice.worker.downstream;

/**
 * How fast one answer may be sent: a bucket that holds two seconds' worth at most, half full at
 * first, and what comes before the limit applies. A client that takes little for a while has no
 * more than that to catch up.
 *
 * <p>Owner: event loop.
 */
final class Bandwidth {

    /** {@link #resumeNs}: nothing waits. */
    static final long NEVER = Long.MAX_VALUE;
    /** One that is slower is not told from one that stands still. */
    static final long RATE_MAX = 1L << 30;
    private static final long NS_PER_S = 1_000_000_000L;
    /** The longest pause is a second, and timers are late: what they cost is caught up. */
    private static final long FULL_NS = 2 * NS_PER_S;
    /** What is sent at once is at least a fifth of a second's worth: few system calls. */
    private static final int STEPS_PER_SECOND = 5;

    /** Bytes a second; 0 when the answer is not limited. */
    private long rate;
    private long credit;
    private long beforeLimit;
    private long filledNs;
    private long resumeNs = NEVER;

    void off() {
        rate = 0;
        resumeNs = NEVER;
    }

    boolean isOn() {
        return rate > 0;
    }

    void begin(long bytesPerSecond, long after, long nowNs) {
        rate = Math.clamp(bytesPerSecond, 0, RATE_MAX);
        credit = rate;
        beforeLimit = after;
        filledNs = nowNs;
        resumeNs = NEVER;
    }

    /** Bytes that may be sent now; it is not paused any more. */
    long allowance(long nowNs) {
        resumeNs = NEVER;
        long passedNs = nowNs - filledNs;
        if (passedNs >= FULL_NS) {
            credit = rate * FULL_NS / NS_PER_S;
            filledNs = nowNs;
        } else {
            // At most 2^30 x 2 x 10^9: no overflow. Less than a byte stays for the next time.
            long bytes = passedNs * rate / NS_PER_S;
            credit = Math.min(rate * FULL_NS / NS_PER_S, credit + bytes);
            filledNs += bytes * NS_PER_S / rate;
        }
        return beforeLimit + credit;
    }

    void sent(long bytes) {
        long free = Math.min(bytes, beforeLimit);
        beforeLimit -= free;
        credit -= bytes - free;
        assert credit >= 0;
    }

    /** Nothing may be sent until {@link #resumeNs}. */
    void pause(long nowNs) {
        long wanted = Math.max(1, rate / STEPS_PER_SECOND);
        resumeNs = nowNs + Math.max(1, wanted - credit) * NS_PER_S / rate;
    }

    /** Whether the time has come to go on; it is told once. */
    boolean resumes(long nowNs) {
        boolean now = resumeNs != NEVER && nowNs - resumeNs >= 0;
        if (now) {
            resumeNs = NEVER;
        }
        return now;
    }

    long resumeNs() {
        return resumeNs;
    }
}
