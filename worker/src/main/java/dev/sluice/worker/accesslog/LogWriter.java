package dev.sluice.worker.accesslog;

import dev.sluice.common.clock.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The one thread that writes all logs of a worker. It sleeps until the nearest flush time and is
 * woken when a buffer is full; a log whose disk hangs holds up the other logs, never the event
 * loop.
 *
 * <p>Memory order: {@link #parked} is volatile. The writer sets it, looks once more for work, and
 * only then sleeps. A producer publishes its line with release and then reads {@code parked}
 * without a fence between, so that it may rarely miss a writer that is just falling asleep; the
 * line then waits for the next line or for the flush time, which bounds it. {@code closing} and
 * {@code reopenRequests} are handed over by their own volatile stores followed by an unpark.
 *
 * <p>Owner: log writer thread; other threads call {@code wake, reopen, close}.
 */
final class LogWriter implements Runnable {
    /** A stop waits this long for a disk that does not answer. */
    private static final long CLOSE_WAIT_MS = 5_000;

    private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(1);

    private final Clock clock;

    /** Written at boot before the thread starts. */
    private final List<DrainedLog> logs = new ArrayList<>();

    private final ConcurrentLinkedQueue<Runnable> reopenRequests = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean parked;
    private volatile boolean closing;

    LogWriter(Clock clock) {
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("log-writer").daemon(true).unstarted(this);
    }

    /** At boot only, before {@link #start}. */
    void add(DrainedLog log) {
        assert thread.getState() == Thread.State.NEW;
        logs.add(log);
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        boolean last = false;
        while (!last) {
            last = closing;
            long nowNs = clock.nowNs();
            long wakeAtNs = nowNs + IDLE_NS;
            try {
                wakeAtNs = turn(nowNs, last);
            } catch (RuntimeException e) {
                // A bug in one log must not end the thread that writes all of them.
                uncaught(e);
                LockSupport.parkNanos(this, IDLE_NS);
            }
            if (!last) {
                sleep(wakeAtNs);
            }
        }
        logs.forEach(DrainedLog::close);
    }

    private static void uncaught(RuntimeException e) {
        Thread thread = Thread.currentThread();
        thread.getThreadGroup().uncaughtException(thread, e);
    }

    /** One look at everything; returns when to look again. Tests call it without the thread. */
    long turn(long nowNs, boolean all) {
        for (Runnable done = reopenRequests.poll(); done != null; done = reopenRequests.poll()) {
            for (DrainedLog log : logs) {
                log.reopen(nowNs);
            }
            done.run();
        }
        long wakeAtNs = nowNs + IDLE_NS;
        for (DrainedLog log : logs) {
            long dueNs = log.drain(nowNs, all);
            if (dueNs - wakeAtNs < 0) {
                wakeAtNs = dueNs;
            }
        }
        return wakeAtNs;
    }

    private void sleep(long wakeAtNs) {
        parked = true;
        long nowNs = clock.nowNs();
        if (wakeAtNs - nowNs > 0 && !closing && reopenRequests.isEmpty() && !urgent(nowNs)) {
            LockSupport.parkNanos(this, wakeAtNs - nowNs);
        }
        parked = false;
    }

    private boolean urgent(long nowNs) {
        for (DrainedLog log : logs) {
            if (log.urgent(nowNs)) {
                return true;
            }
        }
        return false;
    }

    /** From any thread: there is something to write now. Costs a field read while it is awake. */
    void wake() {
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    /** From any thread; {@code whenDone} runs on the writer thread after the last file. */
    void reopen(Runnable whenDone) {
        reopenRequests.add(whenDone);
        LockSupport.unpark(thread);
    }

    /** Writes everything, closes the files and ends the thread. False: the disk did not answer. */
    boolean close() {
        closing = true;
        if (thread.getState() == Thread.State.NEW) {
            run();
            return true;
        }
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_WAIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
