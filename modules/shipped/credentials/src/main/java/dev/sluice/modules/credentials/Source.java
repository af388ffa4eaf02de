package dev.sluice.modules.credentials;

/**
 * Where credentials are compared with: a file, or what was fetched.
 *
 * <p>Owner: the side thread.
 */
public interface Source {

    /** Between two looks, in milliseconds. */
    long LOOK_MS = 1_000;

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
