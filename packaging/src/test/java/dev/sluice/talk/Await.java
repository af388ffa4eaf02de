package dev.sluice.talk;

import dev.sluice.common.clock.SystemClock;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition, and fails at a deadline with what was waited for. */
final class Await {

    /** Long enough for a busy machine; a test that passes never waits for it. */
    static final int PATIENCE_SECONDS = 20;

    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private Await() {
    }

    static void that(String what, Callable<Boolean> condition) {
        within(PATIENCE_SECONDS, what, condition);
    }

    static void within(int seconds, String what, Callable<Boolean> condition) {
        long deadlineNs = nowNs() + TimeUnit.SECONDS.toNanos(seconds);
        while (!holds(condition)) {
            if (nowNs() - deadlineNs > 0) {
                throw new AssertionError("not within " + seconds + " s: " + what);
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /** Fails when the condition becomes false within this time: for what must not happen. */
    static void during(int milliseconds, String what, Callable<Boolean> condition) {
        long deadlineNs = nowNs() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        while (nowNs() - deadlineNs < 0) {
            if (!holds(condition)) {
                throw new AssertionError("did not last " + milliseconds + " ms: " + what);
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    static long nowNs() {
        return SystemClock.INSTANCE.nowNs();
    }

    static long millisecondsSince(long startNs) {
        return TimeUnit.NANOSECONDS.toMillis(nowNs() - startNs);
    }

    private static boolean holds(Callable<Boolean> condition) {
        try {
            return condition.call();
        } catch (Exception failed) {
            throw new AssertionError("condition failed", failed);
        }
    }
}
