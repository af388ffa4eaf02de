package dev.sluice.common.clock;

import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves only when told to, for tests. Any thread may read or step it. */
public final class SteppedClock implements Clock {

    private static final long NS_PER_MS = 1_000_000L;

    private final AtomicLong ns = new AtomicLong();
    private final long wallStartMs;

    /** @param wallStartMs wall time in milliseconds at step zero */
    public SteppedClock(long wallStartMs) {
        this.wallStartMs = wallStartMs;
    }

    /** Moves both times forward by {@code deltaMs} milliseconds. */
    public void stepMs(long deltaMs) {
        ns.addAndGet(deltaMs * NS_PER_MS);
    }

    @Override
    public long nowNs() {
        return ns.get();
    }

    @Override
    public long nowMs() {
        return wallStartMs + ns.get() / NS_PER_MS;
    }
}
