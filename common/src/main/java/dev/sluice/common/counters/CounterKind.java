package dev.sluice.common.counters;

/** How the values of several workers, living and dead, become one. Stateless. */
public enum CounterKind {
    /** Only grows; summed over all workers that ever lived, so that the total never goes back. */
    TOTAL,
    /** A level right now; summed over living workers, forgotten with the worker. */
    LEVEL,
    /** A point in time of one worker; never summed and not shown as a metric. */
    STAMP
}
