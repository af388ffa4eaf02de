package dev.sluice.worker.access;

import dev.sluice.worker.exchange.Exchange;

/** One way to tell whether a request may come. Shared by all exchanges; owner: event loop. */
public interface AccessCheck {

    /** Null when the request may come, a {@link Denial} why not, or who will say it later. */
    AccessVerdict check(Exchange x);
}
