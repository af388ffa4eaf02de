package dev.sluice.worker.module;

import dev.sluice.common.config.ModuleConfig;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.log.Level;
import dev.sluice.common.log.StackTraces;
import dev.sluice.module.Verdict;
import dev.sluice.worker.loop.LoopContext;

/**
 * What becomes of requests when hooks of a module fail, and a breaker: after so many failures in
 * ten seconds its hooks are not called for the next ten, and count as failed.
 *
 * <p>Owner: event loop.
 */
final class Guard {

    static final int FAILURES_MAX = 10;
    static final long WINDOW_NS = 10_000_000_000L;

    private final LoopContext ctx;
    private final ModuleConfig module;
    private final Verdict verdict;
    private int failures;
    private long windowFromNs;
    private boolean open;
    private long openUntilNs;

    Guard(LoopContext ctx, ModuleConfig module) {
        this.ctx = ctx;
        this.module = module;
        this.verdict = switch (module.onError()) {
            case FAIL_OPEN -> Verdict.NEXT;
            case FAIL_CLOSED -> Verdict.respond(500);
            case UNAVAILABLE -> Verdict.respond(503);
        };
    }

    ModuleConfig module() {
        return module;
    }

    /** Whether hooks are not to be called now. */
    boolean isOpen() {
        if (!open) {
            return false;
        }
        if (ctx.clock.nowNs() - openUntilNs < 0) {
            return true;
        }
        open = false;
        failures = 0;
        ctx.log.log(Level.NOTICE, "module " + module.jar().name() + " is called again");
        return false;
    }

    /** Whether what fails is as if it were not there. */
    boolean mayFailOpen() {
        return verdict == Verdict.NEXT;
    }

    /** What a hook that is not called would have said. */
    Verdict verdict() {
        return verdict;
    }

    /**
     * A hook has failed.
     *
     * @param why what it threw, or null
     * @param what in words, when it threw nothing
     * @return what is to be done with the request
     */
    Verdict failed(HookPlace place, Throwable why, String what) {
        place.failed();
        ctx.counters.add(CounterId.MODULE_FAILURES, 1);
        long nowNs = ctx.clock.nowNs();
        if (failures == 0 || nowNs - windowFromNs > WINDOW_NS) {
            failures = 0;
            windowFromNs = nowNs;
        }
        failures++;
        if (failures == 1 && why != null) {
            // Where it comes from is told once for a burst.
            StackTraces.log(ctx.log, place + " has failed", why);
        } else {
            ctx.log.log(Level.ERROR, place + " has failed: " + (why == null ? what : why));
        }
        if (failures == FAILURES_MAX) {
            open = true;
            openUntilNs = nowNs + WINDOW_NS;
            ctx.log.log(Level.ERROR, "module " + module.jar().name() + " has failed " + FAILURES_MAX
                    + " times in 10 s and is not called for 10 s; on_error holds meanwhile");
        }
        return verdict;
    }
}
