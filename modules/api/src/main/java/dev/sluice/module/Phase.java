package dev.sluice.module;

/**
 * When a {@link RequestHook} is asked. Within a phase, modules are asked in their order.
 *
 * <p>A whole round: POST_READ, the server's rewrite rules, the location and its rules, PREACCESS,
 * limits, AUTHORIZE, ACCESS, bodies of requests, CONTENT, then what the location has; {@link
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
    /**
     * Behind limits, in one line with {@code allow}, {@code deny} and {@code auth_request}: what
     * {@code satisfy} says holds for these hooks, too. {@link Verdict#NEXT} lets the request in. An
     * answer of 401 or 403 does not, and with {@code satisfy = any} another may let it in
     * nevertheless; every other verdict ends it at once.
     */
    AUTHORIZE,
    /** Behind all that AUTHORIZE is about: who comes here may come. */
    ACCESS,
    /** In the place of the location's own content. */
    CONTENT
}
