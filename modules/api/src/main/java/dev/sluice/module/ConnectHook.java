package dev.sluice.module;

/**
 * Has a say in connections before anything is read of them. On the event loop; must not block. One
 * that throws has failed: what {@code on_error} says is done, the connection is closed unless it is
 * {@code fail_open}.
 */
@FunctionalInterface
public interface ConnectHook {

    /**
     * @param connection valid until return, and on this thread only
     * @return false to close it without a word
     */
    boolean admits(Connection connection) throws Exception;
}
