package dev.sluice.modules.redislimits;

import java.util.concurrent.CompletableFuture;

/** What a key may still do here in one window. Owner: event loop. */
final class Lease {

    long window = -1;
    /** Requests that may come without asking. */
    int left;
    /** Of the limit, what has been had here in this window. */
    int had;
    /** How much to ask for next. */
    int part;
    /** The server has nothing left for this window. */
    boolean spent;
    /** The question under way, answered with what the server gives; null without. */
    CompletableFuture<Integer> asked;

    void begin(long now, int firstPart) {
        window = now;
        left = 0;
        had = 0;
        part = firstPart;
        spent = false;
        asked = null;
    }
}
