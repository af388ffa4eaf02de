package dev.sluice.master.loop;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One queue of events and the timers beside it, worked off by one thread. Nothing that an event
 * causes ends the loop; what goes wrong is logged. Owner: master loop, except {@link #tell}.
 *
 * @param <E> what comes in
 */
public final class MasterLoop<E> {

    private static final long LONGEST_WAIT_NS = 3_600_000_000_000L;

    /** So much of a stack trace is logged. */
    private static final int FRAMES_MAX = 5;

    private final LinkedBlockingQueue<E> inbox = new LinkedBlockingQueue<>();
    private final Timers timers;
    private final ErrorLog log;

    public MasterLoop(Clock clock, ErrorLog log) {
        this.timers = new Timers(clock);
        this.log = log;
    }

    public Timers timers() {
        return timers;
    }

    /** Any thread tells the loop something. */
    public void tell(E event) {
        inbox.add(event);
    }

    /** Runs one timer that is due, or else waits until one is or an event comes. */
    public void turn(Consumer<E> handler) throws InterruptedException {
        Runnable due = timers.takeDue();
        if (due != null) {
            guarded(due);
            return;
        }
        long waitNs = Math.min(timers.nextInNs(), LONGEST_WAIT_NS);
        E event = inbox.poll(waitNs, TimeUnit.NANOSECONDS);
        if (event != null) {
            guarded(() -> handler.accept(event));
        }
    }

    /** The loop outlives whatever an event does, a full heap of the JVM included. */
    public void guarded(Runnable action) {
        try {
            action.run();
        } catch (Exception | Error failed) {
            log.log(Level.ERROR, "internal error: " + failed + " at " + where(failed));
        }
    }

    private static String where(Throwable failed) {
        StackTraceElement[] trace = failed.getStackTrace();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(trace.length, FRAMES_MAX); i++) {
            text.append(i == 0 ? "" : " < ").append(trace[i]);
        }
        return text.toString();
    }
}
