package dev.sluice.worker.cache;

import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.loop.LoopContext;

/**
 * What is known not to be stored: for a while nobody waits for another's answer. Of those
 * whose hashes end alike the latest is remembered.
 *
 * <p>Owner: event loop.
 */
final class Passes {

    /** How long it is remembered. */
    static final long MS = 5000;
    /** The same of an answer with 5xx, which may well be another one next time. */
    static final long OF_ERROR_MS = 1000;
    private static final int PLACES = 1024;
    private static final long OF_AUTHORIZED = 0x5bd1_e995_97f4_a7c1L;
    private static final long OF_COOKIES = 0x2545_f491_4f6c_dd1dL;

    private final LoopContext ctx;
    private final long[] hashes = new long[PLACES];
    private final long[] untilMs = new long[PLACES];

    Passes(LoopContext ctx) {
        this.ctx = ctx;
    }

    /** The hash of what is passed for requests only that bring what this one brings. */
    static long of(long hash, HeaderTable request) {
        return hash ^ (request.has(HeaderName.AUTHORIZATION) ? OF_AUTHORIZED : 0)
                ^ (request.has(HeaderName.COOKIE) ? OF_COOKIES : 0);
    }

    /** An answer was not for the cache. */
    void add(long hash, long forMs) {
        int at = (int) hash & PLACES - 1;
        hashes[at] = hash;
        untilMs[at] = ctx.clock.nowMs() + forMs;
    }

    boolean has(long hash, HeaderTable request) {
        return has(hash) || has(of(hash, request));
    }

    private boolean has(long hash) {
        int at = (int) hash & PLACES - 1;
        return hashes[at] == hash && ctx.clock.nowMs() < untilMs[at];
    }
}
