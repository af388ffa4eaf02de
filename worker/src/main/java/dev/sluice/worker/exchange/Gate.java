package dev.sluice.worker.exchange;

/**
 * What a request must pass between its location and its content: a limit, a list of addresses, a
 * password. A location's gates are entered in order; the first that answers ends it, and one that
 * has to wait goes on by {@link RequestHandler#onGatePassed}.
 *
 * <p>An internal redirect enters the gates of its new location from the first one on. A gate that
 * counts requests remembers by itself that it has counted this one.
 *
 * <p>Shared by all exchanges; owner: event loop.
 */
public interface Gate {

    /** A location without gates. */
    Gate[] NONE = {};

    /** What the gate decided. */
    enum Outcome {
        /** The next gate is asked, or the content. */
        PASS,
        /** An answer has been given. */
        ANSWERED,
        /**
         * The gate decides later: it has put a {@link Responder} of its own into the exchange,
         * which hears of a client that leaves. It either answers, or takes the responder out and
         * calls {@link RequestHandler#onGatePassed}.
         */
        WAITING
    }

    /** The request is complete but for its body, of which a gate reads nothing. On the loop. */
    Outcome enter(Exchange x);
}
