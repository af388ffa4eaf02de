package dev.sluice.worker.dispatch;

import dev.sluice.common.config.LoggedOnly;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;

/**
 * Passes on to a log those exchanges that it is for: slow ones, those that a condition holds for,
 * one of so many of these, the first one first.
 *
 * <p>Owner: event loop.
 */
public final class ChosenExchanges implements ExchangeLog {

    private static final long NS_PER_MS = 1_000_000;

    private final ExchangeLog log;
    private final WorkerScope scope;
    /** Null without a condition. */
    private final Template condition;
    private final int oneIn;
    private final long slowNs;
    /** So many more are not logged. */
    private int toPass;

    public ChosenExchanges(ExchangeLog log, LoggedOnly only, WorkerScope scope) {
        this.log = log;
        this.scope = scope;
        condition = only.condition() == null ? null : Template.compile(only.condition(), scope);
        oneIn = only.oneIn();
        slowNs = only.slowMs() * NS_PER_MS;
    }

    @Override
    public void ended(Exchange x) {
        if (slowNs > 0 && x.durationNs() < slowNs || condition != null && !holds(x)) {
            return;
        }
        if (toPass > 0) {
            toPass--;
            return;
        }
        toPass = oneIn - 1;
        log.ended(x);
    }

    /** As nginx has it: an empty text and a zero are no. */
    private boolean holds(Exchange x) {
        ByteSink sink = scope.scratch();
        condition.append(x, sink);
        int length = sink.position();
        return length > 1 || length == 1 && sink.buffer().get(0) != '0';
    }
}
