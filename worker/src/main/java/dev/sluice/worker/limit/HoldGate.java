package dev.sluice.worker.limit;

import dev.sluice.common.zones.LimitZone.Count;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.LimitStatus;

/**
 * The limits of connections of a location: how many requests of a key may be in progress at once,
 * each from here to the end of its exchange. All of them must let a request pass. As in nginx a
 * request is asked once, also when an internal redirect brings it to other limits. Owner: event
 * loop.
 */
final class HoldGate implements Gate {

    /** One {@code limit} line. */
    record Use(Limit limit, Holdings holdings, int most) {}

    /** Nobody knows when one of those in progress ends; it may be at once. */
    private static final int RETRY_AFTER_S = 1;

    private final Use[] uses;
    private final HeldRequests held;

    HoldGate(Use[] uses, HeldRequests held) {
        this.uses = uses;
        this.held = held;
    }

    @Override
    public Outcome enter(Exchange x) {
        if (x.holdStatus != LimitStatus.NONE) {
            return Outcome.PASS;
        }
        x.holdStatus = LimitStatus.PASSED;
        for (Use use : uses) {
            long hash = use.limit.key.hashOf(x);
            if (hash == LimitKey.NONE) {
                continue;
            }
            int count = use.holdings.take(hash, use.most);
            if (count != Holdings.FULL && count < use.most) {
                use.limit.count(Count.PASSED);
                held.add(x, use.holdings);
            } else if (refuse(x, use, count)) {
                return Outcome.ANSWERED;
            }
        }
        return Outcome.PASS;
    }

    /** @return false for a limit that is only tried out */
    private static boolean refuse(Exchange x, Use use, int count) {
        Limit limit = use.limit;
        boolean shadow = limit.config.shadow();
        if (count == Holdings.FULL) {
            limit.count(Count.FULL);
            limit.logFull(x);
        } else {
            limit.count(shadow ? Count.REJECTED_SHADOW : Count.REJECTED);
            limit.logRejected(x, count, " requests in progress at");
        }
        if (shadow) {
            x.holdStatus = LimitStatus.REJECTED_SHADOW;
            return false;
        }
        x.holdStatus = LimitStatus.REJECTED;
        if (x.holder != null) {
            // What the others have let pass does not stand in the way of the next.
            x.holder.release(x);
        }
        x.retryAfterS = RETRY_AFTER_S;
        Answers.status(x, limit.config.status());
        return true;
    }
}
