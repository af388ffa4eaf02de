package dev.sluice.module;

/**
 * Has a say in clients with certificates. On the event loop; must not block. One that throws has
 * failed: what {@code on_error} says is done, with {@link Answer#FORBID} for an error.
 */
@FunctionalInterface
public interface TlsPeerHook {

    /** What becomes of the connection. */
    enum Answer {
        /** Its requests are served. */
        ADMIT,
        /** Its requests are answered with 403. */
        FORBID,
        /** It is closed at once. */
        CLOSE
    }

    /**
     * @param peer valid until return, and on this thread only
     * @return never null
     */
    Answer onPeer(TlsPeer peer) throws Exception;
}
