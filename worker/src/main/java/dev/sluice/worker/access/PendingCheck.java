package dev.sluice.worker.access;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.Responder;

/**
 * A check of one request that decides later. Made when it begins to wait, and of no use when it has
 * decided or its client has gone.
 *
 * <p>Owner: event loop.
 */
public abstract non-sealed class PendingCheck implements AccessVerdict, Responder {

    private AccessGate gate;
    private Exchange x;
    private int index;
    private Denial before;

    /** The gate waits at its check {@code index}; {@code refused} is what earlier ones said. */
    final void await(AccessGate at, Exchange of, int check, Denial refused) {
        assert gate == null;
        gate = at;
        x = of;
        index = check;
        before = refused;
        x.state = ExchangeState.AT_GATE;
        x.responder = this;
    }

    /** Null once the request is decided or its client has gone. */
    protected final Exchange exchange() {
        return x;
    }

    /** Goes on with what was found out; nothing happens when the client has gone. On the loop. */
    protected final void decide(AccessVerdict verdict) {
        Exchange of = x;
        if (of == null) {
            return;
        }
        x = null;
        of.responder = Responder.NONE;
        gate.resume(of, index, before, verdict);
    }

    /** The client has gone: nobody wants to know any more. */
    protected abstract void cancel();

    @Override
    public final void onRequestBodyReadable(Exchange of) {
        // A gate reads no body.
    }

    @Override
    public final void onClientWritable(Exchange of) {
        // Nothing is written at a gate.
    }

    @Override
    public final void onClientGone(Exchange of) {
        assert of == x;
        x = null;
        cancel();
    }
}
