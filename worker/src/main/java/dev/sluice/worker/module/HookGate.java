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
    private final boolean mayPeek;

    HookGate(HookCalls calls, Guard guard, HookPlace place, RequestHook hook) {
        this(calls, guard, place, hook, false);
    }

    /** @param mayPeek whether nothing has read the body yet, nor will before the hook is done */
    HookGate(HookCalls calls, Guard guard, HookPlace place, RequestHook hook, boolean mayPeek) {
        this.mayPeek = mayPeek;
        this.calls = calls;
        this.guard = guard;
        this.place = place;
        this.hook = hook;
    }

    @Override
    public Outcome enter(Exchange x) {
        return carryOut(x, verdict(x));
    }

    /** What the hook says, or what is said in its place. */
    Verdict verdict(Exchange x) {
        return guard.isOpen() ? notCalled() : calls.ask(x, hook, guard, place);
    }

    /** The module is left alone for a while. */
    final Verdict notCalled() {
        place.failed();
        return guard.verdict();
    }

    final Outcome carryOut(Exchange x, Verdict verdict) {
        if (verdict == Verdict.NEXT || verdict instanceof Verdict.Next) {
            return Outcome.PASS;
        }
        if (verdict instanceof Verdict.Suspend suspend) {
            place.suspended();
            Waiting waiting = new Waiting(x, suspend);
            suspend.stage().whenComplete((next, failure) ->
                    calls.loop.execute(() -> waiting.done(next, failure)));
            return Outcome.WAITING;
        }
        if (verdict instanceof Verdict.Peek peek) {
            return mayPeek ? new BodyLook(this, peek).look(x)
                    : carryOut(x, guard.failed(place, null, "the body is not to be had here"));
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

    /** Has whoever works on a decision stop: nobody waits for it any more. */
    static void interrupt(Verdict.Suspend suspend) {
        if (suspend.stage() instanceof BlockingGate.Decision decision) {
            decision.interrupt();
        }
    }

    /** What a stage was completed with says, or what its failing means. */
    final Verdict decision(Exchange x, RequestHook next, Throwable failure) {
        return failure == null && next != null ? calls.ask(x, next, guard, place)
                : guard.failed(place, failure, "decided nothing");
    }

    /** A request whose hook decides later. Of no use once it has, or once its client has gone. */
    final class Waiting extends Timed implements Responder {

        private final Verdict.Suspend suspend;
        private Exchange x;

        Waiting(Exchange x, Verdict.Suspend suspend) {
            this.x = x;
            this.suspend = suspend;
            x.state = ExchangeState.AT_GATE;
            x.responder = this;
            x.ctx.timers.set(this, x.ctx.clock.nowNs() + suspend.timeout().toMillis() * MS);
        }

        /** On the loop; nothing happens when it is too late. */
        void done(RequestHook next, Throwable failure) {
            Exchange of = end();
            if (of == null) {
                return;
            }
            if (carryOut(of, decision(of, next, failure)) == Outcome.PASS) {
                of.router.onGatePassed(of);
            }
        }

        @Override
        protected void onDeadline(long nowNs) {
            interrupt(suspend);
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
            interrupt(suspend);
            of.ctx.timers.clear(this);
            x = null;
        }
    }
}
