package dev.sluice.worker.access;

import dev.sluice.common.log.Level;
import dev.sluice.worker.exchange.Exchange;

/**
 * Keeps those who guess from filling the error log: after some lines within a second the others
 * are told at level debug only.
 *
 * <p>Owner: event loop.
 */
final class LineBudget {

    private static final int LINES_MAX = 10;
    private static final long SECOND_NS = 1_000_000_000L;

    private long sinceNs;
    private int count;

    /** The level of one more line. */
    Level level(Exchange x, Level wanted) {
        long nowNs = x.ctx.clock.nowNs();
        if (count == 0 || nowNs - sinceNs >= SECOND_NS) {
            sinceNs = nowNs;
            count = 0;
        }
        return ++count <= LINES_MAX ? wanted : Level.DEBUG;
    }
}
