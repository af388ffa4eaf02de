package dev.sluice.worker.dispatch;

import dev.sluice.worker.accesslog.AccessLog;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.variables.LogFormat;

/**
 * Writes the line of an exchange straight into the memory of its access log.
 *
 * <p>Owner: event loop.
 */
public final class LoggedExchange implements ExchangeLog {

    /** Enough for nearly every line; a longer one is written a second time. */
    private static final int LINE_BYTES = 1024;

    private final AccessLog log;
    private final LogFormat format;

    public LoggedExchange(AccessLog log, LogFormat format) {
        this.log = log;
        this.format = format;
    }

    @Override
    public void ended(Exchange x) {
        ByteSink line = log.begin(LINE_BYTES);
        if (line == null) {
            return;
        }
        format.append(x, line);
        if (line.overflowed()) {
            line = log.beginAgain();
            if (line == null) {
                return;
            }
            format.append(x, line);
        }
        log.commit();
    }
}
