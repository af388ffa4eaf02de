package dev.sluice.worker.access;

/** What an {@link AccessCheck} says of a request that it does not simply let in. */
sealed interface Verdict permits Denial, PendingCheck {
}
