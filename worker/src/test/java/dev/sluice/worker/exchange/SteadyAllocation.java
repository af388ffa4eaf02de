package dev.sluice.worker.exchange;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;

/**
 * Counts what a piece of work allocates once it is compiled. How soon that is depends on the
 * machine, so rounds are repeated until one allocates next to nothing; only work that never gets
 * there is reported.
 */
public final class SteadyAllocation {

    private static final int ROUNDS_MAX = 600;
    private static final long COMPILER_TIME_NS = 10_000_000L;

    private SteadyAllocation() {
    }

    /**
     * Runs {@code round} on this thread until it allocates at most {@code enoughBytes}.
     *
     * @return the least that any round has allocated, in bytes
     */
    public static long leastBytes(long enoughBytes, Runnable round) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS_MAX && least > enoughBytes; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            round.run();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            if (least > enoughBytes) {
                LockSupport.parkNanos(COMPILER_TIME_NS);
            }
        }
        return least;
    }
}
