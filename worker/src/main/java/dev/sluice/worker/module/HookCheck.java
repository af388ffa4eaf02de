package dev.sluice.worker.module;

import dev.sluice.module.RequestHook;
import dev.sluice.module.Verdict;
import dev.sluice.worker.access.AccessCheck;
import dev.sluice.worker.access.AccessVerdict;
import dev.sluice.worker.access.Denial;
import dev.sluice.worker.access.PendingCheck;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Gate.Outcome;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.Timed;

/**
 * A module's hook as one of the conditions of a location, which {@code satisfy} puts together.
 *
 * <p>Owner: event loop.
 */
final class HookCheck implements AccessCheck {

    private static final long MS = 1_000_000L;

    private final HookGate hook;

    /** @param hook asked as a gate is, but what it says is not carried out there */
    HookCheck(HookGate hook) {
        this.hook = hook;
    }

    @Override
    public AccessVerdict check(Exchange x) {
        return judged(x, hook.verdict(x));
    }

    private AccessVerdict judged(Exchange x, Verdict said) {
        return switch (said) {
            case Verdict.Next _ -> null;
            case Verdict.Suspend suspend -> {
                hook.place.suspended();
                yield new Waiting(x.ctx, suspend);
            }
            case Verdict.Peek _ -> judged(x, hook.guard.failed(hook.place, null,
                    "the body is not to be had in AUTHORIZE"));
            case Verdict.Respond answer -> Denial.of(answer.status(), of -> answer(of, answer));
            default -> Denial.of(0, of -> answer(of, said));
        };
    }

    private void answer(Exchange x, Verdict said) {
        if (hook.carryOut(x, said) == Outcome.PASS) {
            // It cannot be carried out, and fail_open does not mean that anybody may come.
            hook.calls.verdicts.carryOut(x, Verdict.respond(500));
        }
    }

    /** A request whose hook decides later. */
    private final class Waiting extends PendingCheck {

        private final LoopContext ctx;
        private final Verdict.Suspend suspend;
        private final Patience patience = new Patience(this);

        Waiting(LoopContext ctx, Verdict.Suspend suspend) {
            this.ctx = ctx;
            this.suspend = suspend;
            ctx.timers.set(patience, ctx.clock.nowNs() + suspend.timeout().toMillis() * MS);
            suspend.stage().whenComplete((next, failure) ->
                    hook.calls.loop.execute(() -> done(next, failure)));
        }

        /** On the loop; nothing happens when it is too late. */
        private void done(RequestHook next, Throwable failure) {
            Exchange x = exchange();
            if (x != null) {
                ctx.timers.clear(patience);
                decide(judged(x, hook.decision(x, next, failure)));
            }
        }

        void late() {
            HookGate.interrupt(suspend);
            Exchange x = exchange();
            if (x != null) {
                decide(judged(x,
                        hook.guard.failed(hook.place, null, "has not decided in time")));
            }
        }

        @Override
        protected void cancel() {
            ctx.timers.clear(patience);
            HookGate.interrupt(suspend);
        }
    }

    /** The time that a decision may take. */
    private static final class Patience extends Timed {
        private final Waiting waiting;

        Patience(Waiting waiting) {
            this.waiting = waiting;
        }

        @Override
        protected void onDeadline(long nowNs) {
            waiting.late();
        }
    }
}
