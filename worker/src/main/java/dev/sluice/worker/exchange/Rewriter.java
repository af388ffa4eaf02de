package dev.sluice.worker.exchange;

/** The {@code rewrite} and {@code return} rules of one server or location, compiled at boot. */
public interface Rewriter {

    /** What the rules decided. */
    enum Outcome {
        /** Nothing matched, or the path was changed with {@code break}: go on here. */
        CONTINUE,
        /** The path was changed ({@code last}, or no flag at the end): look for a location anew. */
        RELOCATE,
        /** An answer has been given (redirect, return). */
        ANSWERED
    }

    /** Applies the rules in order. Called on the loop. */
    Outcome apply(Exchange x);
}
