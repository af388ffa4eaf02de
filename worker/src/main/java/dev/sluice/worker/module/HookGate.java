package dev.sluice.worker.module;

import dev.sluice.module.RequestHook;
import dev.sluice.module.Verdict;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.loop.Timed;

/**
 * A module's hook as a gate of a location.
 *
 * <p>Owner: event loop.
 */
class HookGate implements Gate {

    private static final long MS = 1_000_000L;

    final HookCalls calls;
    final Guard guard;
    final HookPlace place;
    private final RequestHook hook;

    HookGate(HookCalls calls, Guard guard, HookPlace place, RequestHook hook) {
        this.calls = calls;
        this.guard = guard;
        this.place = place;
        this.hook = hook;
    }

    @Override
    public Outcome enter(Exchange x) {
        return guard.isOpen() ? notCalled(x) : ask(x, hook);
    }

    /** The module is left alone for a while. */
    final Outcome notCalled(Exchange x) {
        place.failed();
        return carryOut(x, guard.verdict());
    }

    /** Calls a hook for the exchange and does what it says. */
    final Outcome ask(Exchange x, RequestHook asked) {
        return carryOut(x, calls.ask(x, asked, guard, place));
    }

    final Outcome carryOut(Exchange x, Verdict verdict) {
        if (verdict == Verdict.NEXT || verdict instanceof Verdict.Next) {
            return Outcome.PASS;
        }
        if (verdict instanceof Verdict.Suspend suspend) {
            place.suspended();
            Waiting waiting = new Waiting(x, suspend.timeout().toMillis());
            suspend.stage().whenComplete((next, failure) ->
                    calls.loop.execute(() -> waiting.done(next, failure)));
            return Outcome.WAITING;
        }
        try {
            place.answered();
            calls.verdicts.carryOut(x, verdict);
        } catch (IllegalArgumentException bad) {
            Verdict instead = guard.failed(place, bad, null);
            if (instead == Verdict.NEXT) {
                return Outcome.PASS;
            }
            calls.verdicts.carryOut(x, instead);
        }
        return Outcome.ANSWERED;
    }

    /** A request whose hook decides later. Of no use once it has, or once its client has gone. */
    final class Waiting extends Timed implements Responder {

        private Exchange x;
        /** Works on the decision; null when nobody does whom we know. */
        private Thread worker;

        Waiting(Exchange x, long timeoutMs) {
            this.x = x;
            x.state = ExchangeState.AT_GATE;
            x.responder = this;
            x.ctx.timers.set(this, x.ctx.clock.nowNs() + timeoutMs * MS);
        }

        /** On the loop; nothing happens when it is too late. */
        void done(RequestHook next, Throwable failure) {
            Exchange of = end();
            if (of == null) {
                return;
            }
            Outcome outcome = failure == null && next != null ? ask(of, next)
                    : carryOut(of, guard.failed(place, failure, "decided nothing"));
            if (outcome == Outcome.PASS) {
                of.router.onGatePassed(of);
            }
        }

        /** The thread has no more to do once the time is over or the client has gone. */
        void interruptWhenLate(Thread thread) {
            worker = thread;
        }

        private void interrupt() {
            if (worker != null) {
                worker.interrupt();
            }
        }

        @Override
        protected void onDeadline(long nowNs) {
            interrupt();
            Exchange of = end();
            if (of != null && carryOut(of, guard.failed(place, null, "has not decided in time"))
                    == Outcome.PASS) {
                of.router.onGatePassed(of);
            }
        }

        private Exchange end() {
            Exchange of = x;
            if (of != null) {
                of.ctx.timers.clear(this);
                of.responder = Responder.NONE;
                x = null;
            }
            return of;
        }

        @Override
        public void onRequestBodyReadable(Exchange of) {
            // A gate reads no body.
        }

        @Override
        public void onClientWritable(Exchange of) {
            // Nothing is written at a gate.
        }

        @Override
        public void onClientGone(Exchange of) {
            interrupt();
            of.ctx.timers.clear(this);
            x = null;
        }
    }
}
