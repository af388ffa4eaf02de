package dev.sluice.common.counters;

/** What one step of a counter stands for. Stateless. */
public enum CounterUnit {
    CONNECTIONS,
    REQUESTS,
    BYTES,
    LINES,
    PEERS,
    SLABS,
    EVENTS,
    MILLISECONDS
}
