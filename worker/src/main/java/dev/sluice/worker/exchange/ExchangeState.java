package dev.sluice.worker.exchange;

/**
 * Where an exchange is, for the error log and for {@code $termination}. Which calls are legal in
 * which state is the business of the stream and of the handler; this says what an operator reads.
 */
public enum ExchangeState {
    /** The head is complete and no handler has taken over exactly until one does. */
    ROUTING("routing", "routing request"),
    /** A gate of the location has not decided yet, and will. */
    AT_GATE("gate", "waiting to be admitted"),
    /** The handler reads the request body without an upstream. */
    READING_BODY("body", "reading client request body"),
    /** All peers are at max_conns and the request is in the upstream's queue. */
    QUEUED("queued", "waiting for a peer"),
    /** A peer has been chosen and its connection is not yet established. */
    CONNECTING("connecting", "connecting to upstream"),
    /** Head or body of the request is on its way to the peer. */
    SENDING_REQUEST("sending-request", "sending request to upstream"),
    /** The request has been sent and no complete head has come back. */
    READING_RESPONSE_HEAD("waiting", "reading response header from upstream"),
    /** The response head has been passed on and its body has not ended. */
    READING_RESPONSE_BODY("sending", "reading upstream"),
    /** The answer is made here, or all of it has been read from the peer. */
    SENDING_RESPONSE("sending", "sending response to client"),
    /** Bytes flow both ways after a switch of protocols. */
    TUNNEL("tunnel", "tunnelling"),
    /** Ended exactly once; absorbs. */
    ENDED("ended", "closing request");

    private final String word;
    private final String phrase;

    ExchangeState(String word, String phrase) {
        this.word = word;
        this.phrase = phrase;
    }

    /**
     * Whether somebody else's work is waited for, or comes in: it is for nobody once the client has
     * left. A tunnel has clients on both sides.
     */
    public boolean waitsForOthers() {
        return switch (this) {
            case AT_GATE, QUEUED, CONNECTING, SENDING_REQUEST, READING_RESPONSE_HEAD,
                    READING_RESPONSE_BODY -> true;
            case ROUTING, READING_BODY, SENDING_RESPONSE, TUNNEL, ENDED -> false;
        };
    }

    /** For a table: one word. */
    public String word() {
        return word;
    }

    /** The words after "while" in an error line. */
    public String phrase() {
        return phrase;
    }
}
