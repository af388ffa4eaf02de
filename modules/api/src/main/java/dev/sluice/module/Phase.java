package dev.sluice.module;

/**
 * When a {@link RequestHook} is asked. Within a phase, modules are asked in their order.
 *
 * <p>A whole round: POST_READ, the server's rewrite rules, the location and its rules, PREACCESS,
 * limits and access, ACCESS, bodies of requests, CONTENT, then what the location has; {@link
 * Hooks#onUpstreamRequest}, {@link Hooks#onUpstreamResponse}, {@link Hooks#onResponse}, bodies of
 * answers, {@link Hooks#onLog}.
 */
public enum Phase {
    /**
     * The head is there and its server is known, and no rule has been applied yet. Only for a
     * server as a whole: where {@link Route#ofServer} is true.
     */
    POST_READ,
    /** The location is found; before limits, and before anybody is asked who he is. */
    PREACCESS,
    /** Behind limits, addresses, passwords and tokens: who comes here may come. */
    ACCESS,
    /** In the place of the location's own content. */
    CONTENT
}
