package dev.sluice.worker.downstream;

/**
 * Life of a client connection.
 *
 * <pre>
 *  accept, something comes before HTTP
 * ───────► OPENING ──────────┐ done; or plain HTTP where TLS was expected: READING_HEAD
 *  accept                    ▼                 exchange ended, keep-alive, nothing buffered
 * ───────► IDLE ◄──────────────────────────────────────────────────────────────┐
 *           │ first byte                                                       │
 *           ▼                  head complete                                   │
 *      READING_HEAD ─────────────────────────────────► IN_EXCHANGE ────────────┤
 *        │  ▲  │ bad head, deadline: answered as an exchange ▲  │              │
 *        │  │  └─────────────────────────────────────────────┘  │ body unread  │
 *        │  └──────────── exchange ended, bytes buffered ───────┤              │
 *        │                                                      ▼              │
 *        │                                                 DISCARDING ─────────┘
 *        │ end, reset                                           │ too long
 *        ▼                                                      ▼
 *      CLOSED ◄──────────── end, deadline ─────────────────  LINGERING
 * </pre>
 *
 * <p>A client that speaks HTTP/2 goes from OPENING (TLS) or READING_HEAD (its preface was read) to
 * HTTP2, and from there to LINGERING.
 *
 * <p>Every state may also go to CLOSED, which absorbs.
 */
enum DownstreamState {
    /** What comes before HTTP is under way: a PROXY header, the TLS handshake. */
    OPENING("opening connection"),
    /** Between requests, exactly when no byte of a next one has been read; holds no memory. */
    IDLE("waiting for request"),
    /** A head is partly read; the stream's slab holds bytes of this request. */
    READING_HEAD("reading client request headers"),
    /** A request is being answered. */
    IN_EXCHANGE("processing request"),
    /** The answer has been sent and the rest of the request's body is read and dropped. */
    DISCARDING("discarding client request body"),
    /** HTTP/2 is spoken: {@link Http2State} tells the rest. */
    HTTP2("serving HTTP/2"),
    /** Our end is shut; what the client still sends is dropped until it closes (RFC 9112 §9.6). */
    LINGERING("closing connection"),
    /** The descriptor is closed; absorbs. */
    CLOSED("closed");

    private final String phrase;

    DownstreamState(String phrase) {
        this.phrase = phrase;
    }

    /** The words after "while" in an error line. */
    String phrase() {
        return phrase;
    }

    /** Whether the diagram has this arrow. */
    boolean mayBecome(DownstreamState next) {
        return switch (this) {
            case OPENING -> next == IDLE || next == READING_HEAD || next == HTTP2
                    || next == CLOSED;
            case IDLE -> next == READING_HEAD || next == CLOSED;
            case READING_HEAD -> next == IN_EXCHANGE || next == IDLE || next == HTTP2
                    || next == CLOSED;
            case IN_EXCHANGE -> next != IN_EXCHANGE && next != HTTP2;
            case DISCARDING -> next == IDLE || next == READING_HEAD || next == LINGERING
                    || next == CLOSED;
            case HTTP2 -> next == LINGERING || next == CLOSED;
            case LINGERING -> next == CLOSED;
            case CLOSED -> false;
        };
    }
}
