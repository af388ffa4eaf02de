package dev.sluice.worker.downstream;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RequestHandler;
import java.util.function.Consumer;

/** A handler to which something is done with each request first. */
record Preceded(RequestHandler then, Consumer<Exchange> first) implements RequestHandler {

    @Override
    public void onRequest(Exchange x) {
        first.accept(x);
        then.onRequest(x);
    }

    @Override
    public void onBadRequest(Exchange x, int status) {
        then.onBadRequest(x, status);
    }

    @Override
    public void onInternalRedirect(Exchange x) {
        then.onInternalRedirect(x);
    }

    @Override
    public void onNamedLocation(Exchange x, String name) {
        then.onNamedLocation(x, name);
    }

    @Override
    public void onGatePassed(Exchange x) {
        then.onGatePassed(x);
    }
}
