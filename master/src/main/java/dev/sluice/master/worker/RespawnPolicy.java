package dev.sluice.master.worker;

import dev.sluice.common.clock.Clock;

/**
 * When the worker of one slot may be started again. A worker that lived for a while is replaced at
 * once; one that keeps dying quickly is replaced at once, then after 250 ms, and after twice as
 * long each time up to 30 s while another worker serves its connections, and up to a second while
 * none does. It never gives up: the cause may be outside, and a slot without a worker costs one
 * start in 30 s.
 *
 * <p>Owner: master loop.
 */
public final class RespawnPolicy {

    /** A worker that lived this long did not die of its start. */
    static final long QUICK_DEATH_MS = 10_000;

    static final long FIRST_DELAY_MS = 250;
    static final long DELAY_MS_MAX = 30_000;

    /** When clients wait for it. */
    static final long DELAY_UNSERVED_MS_MAX = 1_000;

    private static final long NS_PER_MS = 1_000_000;

    private final Clock clock;
    private long startedNs;
    private int quickDeaths;

    public RespawnPolicy(Clock clock) {
        this.clock = clock;
        this.startedNs = clock.nowNs();
    }

    /** A worker of this slot was started, or the attempt was made. */
    public void started() {
        startedNs = clock.nowNs();
    }

    /**
     * It is gone.
     *
     * @param served whether another worker serves meanwhile
     * @return how long to wait before the next start, in milliseconds
     */
    public long delayAfterExitMs(boolean served) {
        long livedMs = (clock.nowNs() - startedNs) / NS_PER_MS;
        assert livedMs >= 0 : livedMs;
        if (livedMs >= QUICK_DEATH_MS) {
            quickDeaths = 0;
            return 0;
        }
        quickDeaths++;
        if (quickDeaths == 1) {
            return 0;
        }
        // 250 ms << 7 is above the limit already; the bound keeps the shift from overflowing.
        int doublings = Math.min(quickDeaths - 2, 7);
        return Math.min(FIRST_DELAY_MS << doublings,
                served ? DELAY_MS_MAX : DELAY_UNSERVED_MS_MAX);
    }
}
