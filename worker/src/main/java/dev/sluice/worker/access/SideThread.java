package dev.sluice.worker.access;

import dev.sluice.worker.loop.EventLoop;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A thread beside the loop: one for password hashes, which are slow by design, and files of users,
 * one for tokens and files of their keys. It is made when first needed and ends after a minute
 * without work. What waits for it is bounded, so that guessing passwords costs the guesser and not
 * the memory.
 *
 * <p>Owner: event loop; the work is the thread's own.
 */
public final class SideThread implements Offload {

    /** Pieces of work that may wait. A bcrypt hash of cost 10 takes about 50 ms. */
    private static final int WAITING_MAX = 128;

    private final ThreadPoolExecutor executor;

    public SideThread() {
        executor = new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(WAITING_MAX), task -> {
                    Thread thread = new Thread(task, "side");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    @Override
    public boolean submit(EventLoop loop, Supplier<Runnable> work) {
        try {
            executor.execute(() -> loop.execute(work.get()));
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }
}
