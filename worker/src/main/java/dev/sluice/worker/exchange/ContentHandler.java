package dev.sluice.worker.exchange;

/** Answers the requests of a location: a proxy, static files, a fixed answer. Built at boot. */
public interface ContentHandler {

    /**
     * Takes over the exchange: sets {@link Exchange#responder} if it needs callbacks, and answers
     * through {@link Exchange#client} now or later. Called on the loop; must not block.
     */
    void handle(Exchange x);

    /** The methods that it has at all, as a value of Allow; null where others decide that. */
    default byte[] methods() {
        return null;
    }
}
