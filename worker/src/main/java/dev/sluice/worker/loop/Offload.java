package dev.sluice.worker.loop;

import java.util.function.Supplier;

/** Takes work that is too long for the loop. */
public interface Offload {

    /**
     * Runs the work beside the loop, and what it gives on the loop.
     *
     * @return false when too much waits already: nothing is run
     */
    boolean submit(EventLoop loop, Supplier<Runnable> work);
}
