package dev.sluice.worker.access;

/** What an {@link AccessCheck} says of a request that it does not simply let in. */
public sealed interface AccessVerdict permits Denial, PendingCheck {
}
