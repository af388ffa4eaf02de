package dev.sluice.worker.upstream;

/**
 * A connection to a peer.
 *
 * <pre>
 *            open            connected         request sent        head complete
 *   CLOSED ────────► CONNECTING ─────► SENDING ────────► READING_HEAD ──────► STREAMING
 *                                       ▲  │      early answer                 ▲  │
 *                                       │  └───────────────────────────────────┘  │ response
 *                                       │ taken                                   │ read whole
 *                                       └─────────────────── IDLE ◄───────────────┘
 *
 *   every state ──failure, deadline, not reusable──► CLOSED
 * </pre>
 *
 * Which of the configured times runs follows from the state: connect, send, read, keep-alive.
 */
public enum UpstreamState {
    /** No socket; the object rests in the free list. */
    CLOSED,
    /** The kernel has been asked to connect and has not answered. */
    CONNECTING,
    /** An exchange uses the connection and its request has not been sent whole. */
    SENDING,
    /** The request has been sent whole and the final response head is not complete. */
    READING_HEAD,
    /** The final response head has been read. */
    STREAMING,
    /** Between two exchanges, in the pool of its peer. */
    IDLE;

    /** Whether the diagram has this arrow. */
    public boolean mayBecome(UpstreamState next) {
        return next == CLOSED || switch (this) {
            case CLOSED -> next == CONNECTING;
            case CONNECTING, IDLE -> next == SENDING;
            case SENDING -> next == READING_HEAD || next == STREAMING;
            case READING_HEAD -> next == STREAMING;
            case STREAMING -> next == IDLE;
        };
    }
}
