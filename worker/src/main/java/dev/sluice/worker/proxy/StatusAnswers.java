package dev.sluice.worker.proxy;

import dev.sluice.worker.exchange.Exchange;

/** Answers with a status of our own: an error page or the built-in one. */
@FunctionalInterface
public interface StatusAnswers {

    /** Nothing of an answer has been written. Called on the loop. */
    void status(Exchange x, int status);
}
