package dev.sluice.module;

/**
 * A connection that has just been accepted, lent to a {@link ConnectHook}: outside of the call
 * every method throws {@link IllegalStateException}. The strings may be kept.
 */
public interface Connection {

    /** The address at the other end, in numbers: a proxy's own, whatever it will claim. */
    String remoteAddress();

    /** The port at the other end; 0 for a unix socket. */
    int remotePort();

    /** The address that it came to, as {@code listen} has it: {@code 0.0.0.0:8443}. */
    String listen();
}
