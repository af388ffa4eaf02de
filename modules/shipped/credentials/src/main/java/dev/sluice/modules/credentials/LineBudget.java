package dev.sluice.modules.credentials;

import java.time.InstantSource;

/**
 * Keeps those who guess from filling the error log: after some lines within a second there are no
 * more.
 *
 * <p>Owner: event loop.
 */
public final class LineBudget {

    private static final int LINES_MAX = 10;
    private static final long SECOND_MS = 1_000;

    private final InstantSource clock;
    private long sinceMs;
    private int count;

    public LineBudget(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether one more line may be written. */
    public boolean spend() {
        long nowMs = clock.millis();
        if (count == 0 || Math.abs(nowMs - sinceMs) >= SECOND_MS) {
            sinceMs = nowMs;
            count = 0;
        }
        return ++count <= LINES_MAX;
    }
}
