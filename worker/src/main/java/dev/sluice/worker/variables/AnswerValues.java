package dev.sluice.worker.variables;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.CacheStatus;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.LimitStatus;

/** Values of the answer and of the peer that gave it. Stateless. */
final class AnswerValues {

    /** nginx's status of a client that went away before any answer; never sent. */
    private static final int CLIENT_GONE = 499;
    private static final int REQUEST_TIMEOUT = 408;
    private static final long NS_PER_MS = 1_000_000;

    private AnswerValues() {}

    /** Always three digits: 000 when the exchange ended without a decision. */
    static boolean status(Exchange x, ByteSink out) {
        int status = x.status;
        if (status == 0 && x.termination.side() == Termination.Side.CLIENT) {
            status = x.termination == Termination.CLIENT_HEAD_TIMEOUT
                    ? REQUEST_TIMEOUT : CLIENT_GONE;
        }
        out.put((byte) ('0' + status / 100)).putTwoDigits(status % 100);
        return true;
    }

    static boolean bodyBytes(Exchange x, ByteSink out) {
        out.putDecimal(x.bodyBytesSent);
        return true;
    }

    static boolean bytes(Exchange x, ByteSink out) {
        out.putDecimal(x.bytesSent);
        return true;
    }

    static boolean requestTime(Exchange x, ByteSink out) {
        out.putSeconds(Math.max(0, x.ctx.clock.nowNs() - x.startNs) / NS_PER_MS);
        return true;
    }

    static boolean msec(Exchange x, ByteSink out) {
        out.putSeconds(x.ctx.clock.nowMs());
        return true;
    }

    static boolean termination(Exchange x, ByteSink out) {
        out.putAscii(x.termination.label());
        return true;
    }

    static boolean limitStatus(Exchange x, ByteSink out) {
        if (x.limitStatus == LimitStatus.NONE) {
            return false;
        }
        out.putAscii(x.limitStatus.label());
        return true;
    }

    static boolean holdStatus(Exchange x, ByteSink out) {
        if (x.holdStatus == LimitStatus.NONE) {
            return false;
        }
        out.putAscii(x.holdStatus.label());
        return true;
    }

    static boolean cacheStatus(Exchange x, ByteSink out) {
        if (x.cacheStatus == CacheStatus.NONE) {
            return false;
        }
        out.putAscii(x.cacheStatus.name());
        return true;
    }

    static boolean upstreamError(Exchange x, ByteSink out) {
        if (x.upstreamError == null) {
            return false;
        }
        out.putAscii(x.upstreamError.label());
        return true;
    }
}
