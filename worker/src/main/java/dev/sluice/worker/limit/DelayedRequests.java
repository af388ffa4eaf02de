package dev.sluice.worker.limit;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.Timed;

/**
 * Requests that wait until their rate has caught up, each with a deadline in the timer wheel and
 * nothing else beside its stream. At most as many as there are exchanges; they are reused. The
 * wheel lets one go up to two of its ticks late. Owner: event loop.
 */
final class DelayedRequests {

    private final LoopContext ctx;
    private Delayed free;

    DelayedRequests(LoopContext ctx) {
        this.ctx = ctx;
    }

    void add(Exchange x, long untilNs) {
        Delayed one = free;
        if (one == null) {
            one = new Delayed();
        } else {
            free = one.nextFree;
            one.nextFree = null;
        }
        one.x = x;
        x.state = ExchangeState.AT_GATE;
        x.responder = one;
        ctx.timers.set(one, untilNs);
    }

    private final class Delayed extends Timed implements Responder {
        private Exchange x;
        private Delayed nextFree;

        @Override
        protected void onDeadline(long nowNs) {
            Exchange waited = release();
            waited.responder = Responder.NONE;
            waited.router.onGatePassed(waited);
        }

        private Exchange release() {
            Exchange waited = x;
            x = null;
            nextFree = free;
            free = this;
            return waited;
        }

        @Override
        public void onRequestBodyReadable(Exchange waiting) {
            // Whoever answers reads it.
        }

        @Override
        public void onClientWritable(Exchange waiting) {
            // Nothing has been given yet.
        }

        @Override
        public void onClientGone(Exchange waiting) {
            assert waiting == x;
            ctx.timers.clear(this);
            release();
        }
    }
}
