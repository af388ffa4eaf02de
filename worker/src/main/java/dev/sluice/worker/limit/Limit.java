package dev.sluice.worker.limit;

import dev.sluice.common.config.LimitConfig;
import dev.sluice.common.log.Level;
import dev.sluice.common.zones.LimitZone;
import dev.sluice.common.zones.LimitZone.Count;
import dev.sluice.common.zones.ZoneFile;
import dev.sluice.worker.answer.ExchangeLines;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.variables.WorkerScope;

/** One {@code [limit]}: its key, its table, its counters, its lines. Owner: event loop. */
final class Limit {

    private static final int LINES_PER_SECOND_MAX = 5;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    final LimitConfig config;
    final LimitKey key;
    private final ZoneFile zone;
    private final int lane;
    private final ExchangeLines lines;
    private final Level level;
    private long secondBeganNs;
    private int linesThisSecond;
    private long linesLeftOut;

    Limit(LimitConfig config, ZoneFile zone, int lane, WorkerScope scope, ExchangeLines lines) {
        this.config = config;
        this.key = new LimitKey(config, zone, scope);
        this.zone = zone;
        this.lane = lane;
        this.lines = lines;
        this.level = Level.of(config.logLevel());
    }

    void count(Count what) {
        LimitZone.count(zone, lane, what);
    }

    /** Says that a request was refused, or would have been, if not too many were lately. */
    void logRejected(Exchange x, long requests, String where) {
        if (x.ctx.log.enabled(level) && mayLog(x.ctx.clock.nowNs())) {
            log(x, level, config.shadow() ? "request would be refused" : "request refused",
                    requests + where);
        }
    }

    void logDelayed(Exchange x, long requests, String where) {
        if (x.ctx.log.enabled(Level.DEBUG) && mayLog(x.ctx.clock.nowNs())) {
            log(x, Level.DEBUG, config.shadow() ? "request would be delayed" : "request delayed",
                    requests + where);
        }
    }

    /** Says that the table, or the journal of this worker, has no room. */
    void logFull(Exchange x) {
        if (x.ctx.log.enabled(level) && mayLog(x.ctx.clock.nowNs())) {
            log(x, level, config.shadow() ? "request is not counted" : "request refused",
                    "no room for its key in");
        }
    }

    private boolean mayLog(long nowNs) {
        if (nowNs - secondBeganNs >= NS_PER_SECOND) {
            secondBeganNs = nowNs;
            linesThisSecond = 0;
        }
        if (linesThisSecond == LINES_PER_SECOND_MAX) {
            linesLeftOut++;
            return false;
        }
        linesThisSecond++;
        return true;
    }

    private void log(Exchange x, Level at, String what, String where) {
        String cause = where + " limit \"" + config.name() + "\" ("
                + (config.rate() == null ? config.connections() + " connections" : config.rate())
                + ")";
        if (linesLeftOut > 0) {
            cause += ", " + linesLeftOut + " lines like this left out";
            linesLeftOut = 0;
        }
        lines.log(x, at, what, cause);
    }
}
