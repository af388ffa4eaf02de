package dev.sluice.worker.proxy;

import dev.sluice.common.counters.Termination;
import dev.sluice.common.log.Level;
import dev.sluice.worker.exchange.ErrorPages;
import dev.sluice.worker.exchange.Exchange;

/**
 * What follows from the failure of an attempt: whose fault it was, what is written down, and
 * whether another attempt may be made.
 *
 * <p>Owner: event loop; a part of its {@link ProxyExchange}.
 */
final class AttemptFailure {

    /** As with nginx: redirects too, when an error_page names them. */
    private static final int FIRST_INTERCEPTED = 300;
    private static final String REFUSED = "not tried again, the budget of retries is used up";

    private final ProxyExchangePool pool;
    private final Attempt attempt;
    private final RequestForward request;
    private final ResponseForward response;
    private Exchange x;
    private ProxyHandler plan;
    /** Whether another attempt would have been made but for the budget. */
    private boolean refused;

    AttemptFailure(ProxyExchangePool pool, Attempt attempt, RequestForward request,
            ResponseForward response) {
        this.pool = pool;
        this.attempt = attempt;
        this.request = request;
        this.response = response;
    }

    void begin(Exchange exchange, ProxyHandler handler) {
        x = exchange;
        plan = handler;
        refused = false;
    }

    void end() {
        x = null;
        plan = null;
    }

    private long nowNs() {
        return pool.ctx.clock.nowNs();
    }

    private int facts() {
        return request.facts() | (response.headPassed() ? RetryRule.RESPONSE_BEGUN : 0);
    }

    /** What happens in place of passing on a head with this status; null: it is passed on. */
    ResponseForward.Step insteadOf(int status) {
        if (plan.retry.isFailure(status)
                && plan.retry.mayRetryStatus(facts(), attempt.failedCount() + 1)
                && attempt.exclude(plan.upstream) && isInBudget()) {
            return ResponseForward.Step.RETRY;
        }
        return plan.interceptsErrors && isIntercepted(status) ? ResponseForward.Step.REPLACE : null;
    }

    /** What is inside an error page, or a call of gRPC, is passed on. */
    private boolean isIntercepted(int status) {
        ErrorPages pages = x.location.errorPages;
        return status >= FIRST_INTERCEPTED && pages != null && pages.has(status)
                && x.errorStatus == 0 && !plan.grpc;
    }

    /** Asked last: what is allowed is counted as made. */
    private boolean isInBudget() {
        refused = !plan.upstream.mayRetry(plan.retry.budgetPercent);
        return !refused;
    }

    /** What is written when the request ends with this failure. */
    String words(String detail) {
        if (!refused) {
            return detail;
        }
        return detail == null ? REFUSED : detail + ", " + REFUSED;
    }

    /** The response is dropped for its status. */
    void ofStatus() {
        attempt.answered(response.status(), true, nowNs());
        x.upstreamHeaderNs = attempt.elapsedNs(nowNs());
        x.upstreamResponseNs = x.upstreamHeaderNs;
        if (x.steps != null) {
            x.steps.step(x, "answer " + response.status() + " dropped", "another attempt");
        }
        pool.log.status(x, plan, response.status());
        attempt.countFailure();
    }

    /** Before anything was passed on. @return true when another attempt is to be made */
    boolean allowsAnother(Termination why, String detail) {
        if (x.steps != null) {
            x.steps.step(x, "attempt failed: " + why.label(), detail);
        }
        int facts = facts() | (isUntouched(why) ? RetryRule.UNTOUCHED : 0);
        boolean stale = !response.anyByte() && attempt.isStale(why);
        if (stale && RetryRule.mayRepeat(facts)) {
            // The peer closed a connection that was idle, as it may: nobody has failed.
            x.upstreamTries--;
            return true;
        }
        if (!stale && why.side() != Termination.Side.WORKER) {
            attempt.failed(nowNs());
        }
        attempt.countFailure();
        x.upstreamError = why;
        x.upstreamResponseNs = attempt.elapsedNs(nowNs());
        if (plan.retry.mayRetry(why, facts, attempt.failedCount())
                && attempt.exclude(plan.upstream) && isInBudget()) {
            pool.log.failure(Level.WARN, x, plan, why, detail, x.upstreamAddress);
            return true;
        }
        return false;
    }

    private static boolean isUntouched(Termination why) {
        return why == Termination.UPSTREAM_REFUSED_STREAM || why == Termination.UPSTREAM_GOAWAY;
    }

    /** No attempt has helped: the last words before the answer in the peers' place. */
    void gaveUp(Termination why, String detail, String address) {
        x.upstreamError = why;
        pool.log.failure(Level.ERROR, x, plan, why, detail, address);
        x.retryAfterS = plan.upstream.retryAfterS();
        x.terminate(why);
    }

    /** The head that has come is not passed on, nor is its body read. */
    void replaced() {
        attempt.headPassed(x, plan, response.status());
        x.upstreamResponseNs = x.upstreamHeaderNs;
        x.challenge = response.challenge();
    }

    /** In the middle of the response. */
    void cut(Termination why, String detail) {
        pool.log.failure(Level.ERROR, x, plan, why, detail, x.upstreamAddress);
        x.upstreamError = why;
        x.upstreamResponseNs = attempt.elapsedNs(nowNs());
        if (why.side() != Termination.Side.WORKER && why != Termination.UPSTREAM_DEADLINE) {
            attempt.failed(nowNs());
        }
    }
}
