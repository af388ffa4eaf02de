package dev.sluice.worker.proxy;

import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.http1.ParseLimits;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.upstream.Connector;
import java.util.Arrays;

/**
 * Exchanges for reuse, and what they share. There are never more than requests were proxied at
 * once.
 *
 * <p>Owner: event loop.
 */
final class ProxyExchangePool {

    private static final int STATUS_LINE_BYTES_MAX = 4 * 1024;
    /** A head has to fit into a slab with its status line. */
    private static final int HEADER_BYTES_MAX = Slab.BYTES - STATUS_LINE_BYTES_MAX - 1024;
    private static final int HEADER_BYTES_MIN = 256;

    final LoopContext ctx;
    final Connector connector;
    final StatusAnswers answers;
    final ProxyLog log;
    final ParseLimits limits;
    private ProxyExchange[] free = new ProxyExchange[16];
    private int freeCount;

    ProxyExchangePool(LoopContext ctx, Connector connector, StatusAnswers answers,
            int headBytesMax, int headersMax) {
        this.ctx = ctx;
        this.connector = connector;
        this.answers = answers;
        this.log = new ProxyLog(ctx);
        // Underscores in names are the peer's own affair: its client is this proxy.
        this.limits = ParseLimits.of(STATUS_LINE_BYTES_MAX,
                Math.clamp(headBytesMax, HEADER_BYTES_MIN, HEADER_BYTES_MAX), headersMax, true);
    }

    ProxyExchange take() {
        if (freeCount == 0) {
            return new ProxyExchange(this);
        }
        ProxyExchange one = free[--freeCount];
        free[freeCount] = null;
        return one;
    }

    void giveBack(ProxyExchange one) {
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = one;
    }
}
