package dev.sluice.modules.credentials;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One thread beside the event loop, which begins with the first work and ends when it is idle.
 *
 * <p>Any thread may hand work in; {@link #close} belongs to the owner.
 */
public final class SideThread implements AutoCloseable {

    private static final long IDLE_S = 30;
    private static final int WAITING_MAX = 256;

    private final ThreadPoolExecutor thread;

    public SideThread(String name) {
        thread = new ThreadPoolExecutor(1, 1, IDLE_S, TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_MAX),
                work -> Thread.ofPlatform().name(name).daemon().unstarted(work));
        thread.allowCoreThreadTimeOut(true);
    }

    /** @return false when too much waits already */
    public boolean submit(Runnable work) {
        try {
            thread.execute(work);
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
