package dev.sluice.worker.proxy;

import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.TurnEnd;

/**
 * Goes on with an exchange in the next turn of the loop. The exchange may have ended by then; it
 * looks at its state first.
 *
 * <p>Owner: event loop.
 */
final class Continuation implements TurnEnd {

    private final ProxyExchange owner;
    private final EventLoop loop;
    private boolean queued;
    private boolean wanted;

    Continuation(ProxyExchange owner, EventLoop loop) {
        this.owner = owner;
        this.loop = loop;
    }

    void request() {
        if (!wanted) {
            wanted = true;
            loop.atNextTurn(this);
        }
    }

    boolean isWanted() {
        return wanted;
    }

    @Override
    public void endOfTurn() {
        wanted = false;
        owner.goOn();
    }

    @Override
    public boolean markQueued() {
        boolean first = !queued;
        queued = true;
        return first;
    }

    @Override
    public void clearQueued() {
        queued = false;
    }
}
