package dev.sluice.worker.exchange;

import dev.sluice.worker.arena.ByteSink;

/** Text with variables, compiled at boot. */
public interface ValueTemplate {

    /** Writes the text for this exchange; allocates nothing. */
    void append(Exchange x, ByteSink out);
}
