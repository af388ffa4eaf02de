package dev.sluice.worker.upstream;

/** How {@link Connector#open} went. */
public enum Opened {
    /** Established at once. */
    CONNECTED,
    /** The user will be told. */
    PENDING,
    /** {@link Connector#failure} says why. */
    FAILED
}
