package dev.sluice.worker.access;

/**
 * Where credentials are compared with: a file, or what was fetched.
 *
 * <p>Owner: the side thread.
 */
interface Source {

    /** Between two looks, in nanoseconds. */
    long LOOK_NS = 1_000_000_000L;

    /** Looks whether there is something newer. */
    void look();

    /** The same as long as the source says the same; null when it cannot be used. */
    Object version();

    /** Why it cannot be used, null when it can. */
    String failure();

    /** What an operator should know and has not been told; null when there is nothing. */
    default String complaint() {
        return null;
    }

    /** Nothing in here fits: if there may be something newer by now, it is worth a look. */
    default void miss() {
        // A file is looked at often enough.
    }
}
