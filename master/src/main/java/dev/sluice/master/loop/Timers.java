package dev.sluice.master.loop;

import dev.sluice.common.clock.Clock;
import java.util.Comparator;
import java.util.PriorityQueue;

/** What the master does later. A handful of entries, so a heap will do. Owner: master loop. */
public final class Timers {

    /** One thing to do at a time; {@link #cancel} makes it nothing. */
    public static final class Timer {
        private final long deadlineNs;
        private Runnable action;

        private Timer(long deadlineNs, Runnable action) {
            this.deadlineNs = deadlineNs;
            this.action = action;
        }

        /** The entry stays in the heap until its time and then does nothing. */
        public void cancel() {
            action = null;
        }
    }

    private static final long NS_PER_MS = 1_000_000;

    private final Clock clock;
    private final PriorityQueue<Timer> heap =
            new PriorityQueue<>(Comparator.comparingLong(t -> t.deadlineNs));

    public Timers(Clock clock) {
        this.clock = clock;
    }

    public Timer afterMs(long delayMs, Runnable action) {
        assert delayMs >= 0 : delayMs;
        Timer timer = new Timer(clock.nowNs() + delayMs * NS_PER_MS, action);
        heap.add(timer);
        return timer;
    }

    /** Nanoseconds until the next entry is due, at least 0; Long.MAX_VALUE when there is none. */
    public long nextInNs() {
        Timer first = heap.peek();
        return first == null ? Long.MAX_VALUE : Math.max(0, first.deadlineNs - clock.nowNs());
    }

    /** Takes the next due action out, or null when none is due. */
    public Runnable takeDue() {
        while (!heap.isEmpty() && heap.peek().deadlineNs - clock.nowNs() <= 0) {
            Runnable action = heap.poll().action;
            if (action != null) {
                return action;
            }
        }
        return null;
    }
}
