package dev.sluice.worker.loop;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A thread beside the loop for work that is slow by design: password hashes and files of users,
 * tokens and files of their keys, handshakes of a library in Java. It is made when first needed
 * and ends after a minute without work. What waits for it is bounded, so that guessing passwords
 * costs the guesser and not the memory.
 *
 * <p>Owner: event loop; the work is the thread's own.
 */
public final class SideThread implements Offload {

    /** Of work of 50 ms, as a bcrypt hash of cost 10 is. */
    private static final int WAITING_MAX = 128;

    private final ThreadPoolExecutor executor;

    public SideThread() {
        this(WAITING_MAX);
    }

    /** @param waitingMax pieces of work that may wait */
    public SideThread(int waitingMax) {
        executor = new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(waitingMax), task -> {
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
