package dev.sluice.worker.accesslog;

/** The writer's side of one log. All calls come from the log writer thread. */
interface DrainedLog {
    /**
     * Writes what is due.
     *
     * @param all write everything there is, due or not
     * @return when to come back at the latest, in time of the clock in nanoseconds
     */
    long drain(long nowNs, boolean all);

    /** Whether there is something to write that must not wait for the time {@code drain} gave. */
    boolean urgent(long nowNs);

    /** Writes what there is into the old file and goes on in a new one. */
    void reopen(long nowNs);

    /** Closes the file; everything has been drained. */
    void close();
}
