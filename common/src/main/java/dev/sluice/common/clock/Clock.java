package dev.sluice.common.clock;

/** Source of time. Deadlines use {@link #nowNs()}, log lines use {@link #nowMs()}. */
public interface Clock {

    /** Monotonic time in nanoseconds (CLOCK_MONOTONIC); only differences mean something. */
    long nowNs();

    /**
     * Wall time in milliseconds since 1970-01-01T00:00:00Z; may jump when the machine's clock is
     * set.
     */
    long nowMs();
}
