package dev.sluice.worker.boot;

import dev.sluice.common.log.Level;
import dev.sluice.worker.dns.Names;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.Timed;

/**
 * Lets a worker wait until every name of its upstreams has been asked for once, so that it does not
 * say that it is ready a moment before its peers are; but not for long. Owner: event loop.
 */
final class NamesFirst extends Timed {

    private static final long WAIT_MAX_NS = 2_000_000_000L;

    private final LoopContext ctx;
    private Runnable then;

    NamesFirst(LoopContext ctx) {
        this.ctx = ctx;
    }

    void start(Names names, Runnable ready) {
        then = ready;
        ctx.timers.set(this, ctx.clock.nowNs() + WAIT_MAX_NS);
        names.start(this::asked);
    }

    private void asked() {
        ctx.timers.clear(this);
        if (then != null) {
            Runnable ready = then;
            then = null;
            ready.run();
        }
    }

    @Override
    protected void onDeadline(long nowNs) {
        ctx.log.log(Level.WARN, "some upstream names have not been resolved yet; "
                + "their peers stay down until they are");
        asked();
    }
}
