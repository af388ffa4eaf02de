package dev.sluice.worker.module;

import dev.sluice.common.counters.ModuleTotals;
import dev.sluice.common.counters.ModuleTotals.Of;
import dev.sluice.worker.loop.LoopContext;

/**
 * A module in one of its phases: its words for lines of the log, and what is counted there. The
 * clock is read for every 16th call only, since reading it twice takes as long as a small hook.
 *
 * <p>Owner: event loop.
 */
final class HookPlace {

    private static final int TIMED_ONE_OF = 16;

    private final String words;
    private final LoopContext ctx;
    private final int callsAt;
    private final int answeredAt;
    private final int suspendedAt;
    private final int failedAt;
    private final int timeAt;
    private int callCount;

    /** @param phase one of {@link ModuleTotals#PHASES} */
    HookPlace(LoopContext ctx, String module, String phase) {
        assert ModuleTotals.PHASES.contains(phase) : phase;
        this.ctx = ctx;
        words = "module " + module + " (" + phase + ")";
        callsAt = at(Of.CALLS, module, phase);
        answeredAt = at(Of.ANSWERED, module, phase);
        suspendedAt = at(Of.SUSPENDED, module, phase);
        failedAt = at(Of.FAILED, module, phase);
        timeAt = at(Of.TIME_NS, module, phase);
    }

    private int at(Of of, String module, String phase) {
        return ctx.counters.namedAt(ModuleTotals.name(of, module, phase));
    }

    /** @return when the call begins, 0 when it is not timed */
    long begin() {
        ctx.counters.addNamed(callsAt, 1);
        return ++callCount % TIMED_ONE_OF == 0 ? ctx.clock.preciseNs() : 0;
    }

    void end(long fromNs) {
        if (fromNs != 0) {
            ctx.counters.addNamed(timeAt, TIMED_ONE_OF * (ctx.clock.preciseNs() - fromNs));
        }
    }

    void answered() {
        ctx.counters.addNamed(answeredAt, 1);
    }

    void suspended() {
        ctx.counters.addNamed(suspendedAt, 1);
    }

    void failed() {
        ctx.counters.addNamed(failedAt, 1);
    }

    @Override
    public String toString() {
        return words;
    }
}
