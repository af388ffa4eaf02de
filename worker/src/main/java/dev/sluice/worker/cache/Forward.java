package dev.sluice.worker.cache;

import java.nio.charset.StandardCharsets;

/** Why a request went on to the peer, in the words of Cache-Status (RFC 9211 §2.2). */
enum Forward {
    /** Nothing is stored by its key. */
    URI_MISS("uri-miss"),
    /** What is stored by its key is for requests that say other things in what Vary names. */
    VARY_MISS("vary-miss"),
    /** What is stored is too old. */
    STALE("stale"),
    /** What the request says forbids what is stored, or to look for it. */
    REQUEST("request"),
    /** The operator has the cache left out. */
    BYPASS("bypass"),
    /** Its method is not one that a cache answers. */
    METHOD("method");

    private final byte[] word;
    private final byte[][] told = new byte[Aside.values().length][];

    Forward(String word) {
        this.word = word.getBytes(StandardCharsets.US_ASCII);
        for (Aside one : Aside.values()) {
            told[one.ordinal()] =
                    ("fwd=" + word + one.text()).getBytes(StandardCharsets.US_ASCII);
        }
    }

    byte[] word() {
        return word;
    }

    /** As parameters of Cache-Status, for {@code Exchange.pastCache}. */
    byte[] told(Aside beside) {
        return told[beside.ordinal()];
    }
}
