package dev.sluice.worker.stream;

/**
 * A connection of a stream.
 *
 * <pre>
 *           accepted         admitted             done or seen           peer connected
 *  CLOSED ─────────► OPENING ───┬───► HANDSHAKE ───┬────────► CONNECTING ────────► RELAYING
 *                               │     PREREAD ─────┤               ▲
 *                               └─ neither of both ┴───────────────┘
 *
 *  every state ──either side fails, a time is over──► CLOSED
 * </pre>
 */
enum SessionState {
    /** No socket; the object rests among the spare ones. */
    CLOSED("waiting for a connection"),
    /** Nothing was read, or a PROXY header is expected and not complete. */
    OPENING("reading PROXY header"),
    /** TLS ends here and its handshake is under way. */
    HANDSHAKE("TLS handshake with client"),
    /** TLS ends elsewhere and the client's hello is not complete. */
    PREREAD("reading client hello"),
    /** A peer is being chosen, waited for, or connected to. */
    CONNECTING("connecting to upstream"),
    /** Both sides are there. */
    RELAYING("passing bytes on");

    private final String phrase;

    SessionState(String phrase) {
        this.phrase = phrase;
    }

    /** The words after "while" in an error line. */
    String phrase() {
        return phrase;
    }

    boolean mayBecome(SessionState next) {
        return next == CLOSED || switch (this) {
            case CLOSED -> next == OPENING;
            case OPENING -> next == HANDSHAKE || next == PREREAD || next == CONNECTING;
            case HANDSHAKE, PREREAD -> next == CONNECTING;
            case CONNECTING -> next == RELAYING;
            case RELAYING -> false;
        };
    }
}
