package dev.sluice.common.counters;

/** What one step of a counter stands for. Stateless. */
public enum CounterUnit {
    CONNECTIONS,
    REQUESTS,
    BYTES,
    LINES,
    SLABS,
    EVENTS,
    MILLISECONDS
}
