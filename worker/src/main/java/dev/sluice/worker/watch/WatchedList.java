package dev.sluice.worker.watch;

/**
 * A list of what is open, as its owner keeps it: in no order, and the last takes the place of one
 * that goes. Owner: event loop.
 *
 * @param <C> what is open
 */
public interface WatchedList<C> {

    int count();

    C at(int index);

    /** Unique among those of the list, ever. */
    long serial(C one);

    long startedNs(C one);

    boolean matches(C one, WatchFilter filter);

    /** Appends the columns of its row, with tabs between them. */
    void print(C one, long nowNs, StringBuilder row);
}
