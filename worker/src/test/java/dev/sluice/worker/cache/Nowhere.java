package dev.sluice.worker.cache;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RequestHandler;

/** Routing that nothing of a cache ever asks for. */
final class Nowhere implements RequestHandler {
    @Override
    public void onRequest(Exchange x) {
        throw new AssertionError("routed");
    }

    @Override
    public void onInternalRedirect(Exchange x) {
        throw new AssertionError("redirected");
    }

    @Override
    public void onNamedLocation(Exchange x, String name) {
        throw new AssertionError(name);
    }

    @Override
    public void onGatePassed(Exchange x) {
        throw new AssertionError("gate");
    }

    @Override
    public void onBadRequest(Exchange x, int status) {
        throw new AssertionError("refused");
    }
}
