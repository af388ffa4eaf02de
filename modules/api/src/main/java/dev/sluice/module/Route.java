package dev.sluice.module;

/**
 * One location of the configuration, to be asked while a module installs its hooks. Immutable; what
 * it gives may be kept, and used by any thread.
 */
public interface Route {

    /** The name of its server: {@code www} of {@code [server www]}. */
    String server();

    /** Its pattern with the modifier, {@code ^~ /assets/}; a slash for what no location matches. */
    String location();

    /** Whether this is what the server does where no location matches. */
    boolean ofServer();

    /** The module's keys in this location, or inherited from the server and from [http]. */
    Settings settings();
}
