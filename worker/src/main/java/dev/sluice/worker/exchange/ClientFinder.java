package dev.sluice.worker.exchange;

/** Finds out who the client of a request is when proxies stand before this one. Built at boot. */
@FunctionalInterface
public interface ClientFinder {

    /** Fills in the {@link ClientStream#claim} of the exchange's client. Called on the loop. */
    void find(Exchange x);
}
