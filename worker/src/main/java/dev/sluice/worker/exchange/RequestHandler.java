package dev.sluice.worker.exchange;

/** Takes requests from the client's side: the dispatcher. Built at boot. */
public interface RequestHandler {

    /** The head is complete and valid. Called on the loop. */
    void onRequest(Exchange x);

    /**
     * The request cannot be served as it stands (malformed, too large, too slow): answer with
     * this status if possible. The stream closes the connection afterwards.
     */
    void onBadRequest(Exchange x, int status);

    /**
     * Serves another path in place of the requested one: error pages, {@code try_files},
     * {@code index}. The exchange's path has been changed already.
     */
    void onInternalRedirect(Exchange x);

    /**
     * Serves the same path by a named location of the exchange's server: error pages,
     * {@code try_files}.
     *
     * @param name with its at sign
     */
    void onNamedLocation(Exchange x, String name);

    /** A {@link Gate} that had the request wait lets it pass. */
    void onGatePassed(Exchange x);
}
