package dev.sluice.worker.exchange;

import dev.sluice.worker.arena.ByteSink;

/** What a location changes about the head of an answer, but for the fields it adds. */
@FunctionalInterface
public interface HeadRules {

    /**
     * Changes a head that is complete but for the location's {@code add_header}s, the framing and
     * the empty line. {@link Exchange#status} is its status. Called on the loop; allocates
     * nothing.
     *
     * @param head its lines, each with its CR LF, up to the sink's position
     * @param from where its status line begins
     */
    void apply(Exchange x, ByteSink head, int from);
}
