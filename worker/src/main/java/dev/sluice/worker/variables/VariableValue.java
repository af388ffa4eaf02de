package dev.sluice.worker.variables;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;

/** How the value of one variable is written. Stateless, or owned by the event loop. */
interface VariableValue {

    /**
     * Appends the value as it is, without any escaping.
     *
     * @return false when the exchange has no such value, and then nothing has been written; an
     *     empty value is a value
     */
    boolean append(Exchange x, ByteSink out);
}
