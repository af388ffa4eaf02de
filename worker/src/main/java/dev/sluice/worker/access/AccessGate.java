package dev.sluice.worker.access;

import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.answer.ExchangeLines;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Gate;
import java.util.List;

/**
 * The checks of a location, asked in order. Under {@code satisfy = all} the first that refuses ends
 * it; under {@code any} the first that agrees does, and when none agrees the answer is a 401 rather
 * than a 403: then the client can do something about it. What went wrong ends it at once in both.
 *
 * <p>Built at boot; its checks belong to the event loop.
 */
final class AccessGate implements Gate {

    private final AccessCheck[] checks;
    private final boolean any;
    private final ExchangeLines lines;

    AccessGate(List<AccessCheck> checks, boolean any, ExchangeLines lines) {
        this.checks = checks.toArray(AccessCheck[]::new);
        this.any = any;
        this.lines = lines;
    }

    @Override
    public Outcome enter(Exchange x) {
        return ask(x, 0, null);
    }

    /** A check that had to wait has decided. */
    void resume(Exchange x, int index, Denial before, AccessVerdict verdict) {
        if (decided(x, index, before, verdict) == Outcome.PASS) {
            x.router.onGatePassed(x);
        }
    }

    private Outcome ask(Exchange x, int index, Denial refused) {
        return decided(x, index, refused, checks[index].check(x));
    }

    /** Takes what check {@code index} said and asks the next one where that is not the end. */
    private Outcome decided(Exchange x, int index, Denial before, AccessVerdict verdict) {
        Denial refused = before;
        switch (verdict) {
            case null -> {
                if (any) {
                    return Outcome.PASS;
                }
            }
            case PendingCheck pending -> {
                pending.await(this, x, index, before);
                return Outcome.WAITING;
            }
            case Denial denial -> {
                if (!any || !denial.isRefusal()) {
                    return refuse(x, denial);
                }
                if (before == null || before.status() != Denial.UNAUTHORIZED) {
                    refused = denial;
                }
            }
        }
        if (index + 1 < checks.length) {
            return ask(x, index + 1, refused);
        }
        return refused == null ? Outcome.PASS : refuse(x, refused);
    }

    private Outcome refuse(Exchange x, Denial denial) {
        if (denial.level() != null) {
            lines.log(x, denial.level(), denial.what(), null);
        }
        if (denial.answer() != null) {
            denial.answer().give(x);
            return Outcome.ANSWERED;
        }
        x.challenge = denial.challenge();
        Answers.status(x, denial.status());
        return Outcome.ANSWERED;
    }
}
