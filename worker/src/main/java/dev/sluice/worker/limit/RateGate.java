package dev.sluice.worker.limit;

import dev.sluice.common.config.LimitConfig;
import dev.sluice.common.config.LimitsConfig;
import dev.sluice.common.zones.LimitZone.Count;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.LimitStatus;

/**
 * The limits of rate of a location. All of them must let a request pass; a request that one of
 * them refuses is not charged to the others. As in nginx a request is asked once, also when an
 * internal redirect brings it to other limits. Owner: event loop.
 */
final class RateGate implements Gate {

    /** One {@code limit} line. */
    record Use(Limit limit, RateTable table, int place, long mostAhead, long delayFrom) {

        static Use of(Limit limit, RateTable table, int place, LimitsConfig.Rate rate) {
            long parts = table.parts();
            return new Use(limit, table, place, rate.burst() * parts,
                    rate.delayFrom() == LimitConfig.NO_DELAY ? Long.MAX_VALUE
                            : rate.delayFrom() * parts);
        }
    }

    private static final String AHEAD = " requests ahead of";

    private final Use[] uses;
    private final DelayedRequests delayed;
    /** Lent to {@link #enter}. */
    private final long[] hashes;

    RateGate(Use[] uses, DelayedRequests delayed) {
        this.uses = uses;
        this.delayed = delayed;
        this.hashes = new long[uses.length];
    }

    @Override
    public Outcome enter(Exchange x) {
        if (x.limitStatus != LimitStatus.NONE) {
            return Outcome.PASS;
        }
        long nowNs = x.ctx.clock.nowNs();
        x.limitStatus = LimitStatus.PASSED;
        for (int i = 0; i < uses.length; i++) {
            Use use = uses[i];
            hashes[i] = use.limit.key.hashOf(x);
            if (uses.length > 1 && hashes[i] != LimitKey.NONE && !use.limit.config.shadow()) {
                RateTable table = use.table;
                long ahead = table.ahead(hashes[i], table.ticks(nowNs));
                if (ahead > use.mostAhead) {
                    return reject(x, use, ahead);
                }
            }
        }
        long waitNs = 0;
        for (int i = 0; i < uses.length; i++) {
            if (hashes[i] == LimitKey.NONE) {
                continue;
            }
            Use use = uses[i];
            RateTable table = use.table;
            long ahead = table.charge(hashes[i], table.ticks(nowNs), use.mostAhead);
            if (table.evicted()) {
                use.limit.count(Count.EVICTED);
            }
            if (ahead > use.mostAhead && !use.limit.config.shadow()) {
                return reject(x, use, ahead);
            }
            if (!use.limit.config.shadow()) {
                tell(x, use, ahead);
            }
            waitNs = Math.max(waitNs, admit(x, use, ahead));
        }
        if (waitNs == 0) {
            return Outcome.PASS;
        }
        x.limitStatus = LimitStatus.DELAYED;
        delayed.add(x, nowNs + waitNs);
        return Outcome.WAITING;
    }

    /** Counts what passes. @return how long it has to wait, in nanoseconds */
    private static long admit(Exchange x, Use use, long ahead) {
        Limit limit = use.limit;
        if (ahead > use.mostAhead) {
            limit.count(Count.REJECTED_SHADOW);
            limit.logRejected(x, ahead / use.table.parts(), AHEAD);
            x.limitStatus = LimitStatus.REJECTED_SHADOW;
            return 0;
        }
        if (ahead <= use.delayFrom) {
            limit.count(Count.PASSED);
            return 0;
        }
        limit.logDelayed(x, ahead / use.table.parts(), AHEAD);
        if (limit.config.shadow()) {
            limit.count(Count.DELAYED_SHADOW);
            if (x.limitStatus == LimitStatus.PASSED) {
                x.limitStatus = LimitStatus.DELAYED_SHADOW;
            }
            return 0;
        }
        limit.count(Count.DELAYED);
        return use.table.ns(ahead - use.delayFrom);
    }

    private static Outcome reject(Exchange x, Use use, long ahead) {
        Limit limit = use.limit;
        limit.count(Count.REJECTED);
        limit.logRejected(x, ahead / use.table.parts(), AHEAD);
        x.limitStatus = LimitStatus.REJECTED;
        x.limitPlace = use.place;
        x.limitRemaining = 0;
        x.limitResetNs = use.table.ns(ahead);
        // Its stream writes Retry-After (RFC 9110 §10.2.3), on whatever page the error has.
        x.retryAfterS = Math.clamp(
                LimitFields.seconds(use.table.ns(ahead - use.mostAhead)), 1, Integer.MAX_VALUE);
        Answers.status(x, limit.config.status());
        return Outcome.ANSWERED;
    }

    /** Keeps for the fields of the answer what the limit with the least left has left. */
    private static void tell(Exchange x, Use use, long ahead) {
        RateTable table = use.table;
        long remaining = ahead > use.mostAhead ? 0 : (use.mostAhead - ahead) / table.parts();
        if (x.limitPlace < 0 || remaining < x.limitRemaining) {
            x.limitPlace = use.place;
            x.limitRemaining = remaining;
            x.limitResetNs = table.ns(ahead + table.parts());
        }
    }
}
