package dev.sluice.worker.upstream;

/**
 * Life of a connection of HTTP/2 to a peer.
 *
 * <pre>
 *               connected             GOAWAY, served enough           no stream left
 *   CONNECTING ──────────► OPEN ─────────────────────────► LEAVING ───────────────┐
 *      │                    │ failure, idle too long          │ failure            ▼
 *      └────────────────────┴─────────────────────────────────┴────────────────► CLOSED
 * </pre>
 */
enum Http2LinkState {
    /** Streams wait for the connection to be there. */
    CONNECTING,
    /** It takes streams. */
    OPEN,
    /** It takes no more; those that run are finished. */
    LEAVING,
    /** Nothing is read or sent any more; absorbs. */
    CLOSED;

    /** Whether the diagram has this arrow. */
    boolean mayBecome(Http2LinkState next) {
        return next.ordinal() > ordinal();
    }
}
