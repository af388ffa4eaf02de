package dev.sluice.worker.downstream;

/**
 * Life of a connection of HTTP/2.
 *
 * <pre>
 *            preface, SETTINGS          first GOAWAY               last GOAWAY
 *   GREETING ─────────────────► OPEN ──────────────────► LEAVING ──────────────► LAST
 *      │                         │  broken, flood           │                     │ no stream left
 *      ▼                         ▼                          ▼                     ▼
 *   CLOSED ◄─────────────────────────────────────────────────────────────────────┘
 * </pre>
 */
enum Http2State {
    /** Exactly until the client's preface and its first SETTINGS are there (RFC 9113 §3.4). */
    GREETING("waiting for the HTTP/2 preface"),
    /** Requests are taken. */
    OPEN("serving HTTP/2"),
    /** The client was told to open no more streams; those on their way are taken still. */
    LEAVING("asking an HTTP/2 client to leave"),
    /** No stream is begun any more; those that run are finished. */
    LAST("finishing the last HTTP/2 streams"),
    /** Nothing is read or begun any more; absorbs. */
    CLOSED("closing an HTTP/2 connection");

    private final String phrase;

    Http2State(String phrase) {
        this.phrase = phrase;
    }

    /** The words after "while" in an error line. */
    String phrase() {
        return phrase;
    }

    /** Whether the diagram has this arrow. */
    boolean mayBecome(Http2State next) {
        return this != CLOSED && next.ordinal() > ordinal();
    }
}
