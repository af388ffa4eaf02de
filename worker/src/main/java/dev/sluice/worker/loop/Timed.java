package dev.sluice.worker.loop;

/**
 * Something with at most one deadline. The links live in the object, so that setting, moving and
 * clearing a deadline allocates nothing and takes constant time.
 *
 * <p>Owner: event loop.
 */
public abstract class Timed {

    /** Ring links within one bucket of the wheel; null when not linked. */
    Timed previous;
    Timed next;
    /** When to fire, in the loop's nanoseconds; meaningful only while {@link #armed}. */
    long deadlineNs;
    /** Tick at which the bucket that holds this entry comes round. */
    int bucketTick;
    boolean armed;

    /** Called once when the deadline has passed; the deadline is then no longer set. */
    protected abstract void onDeadline(long nowNs);
}
