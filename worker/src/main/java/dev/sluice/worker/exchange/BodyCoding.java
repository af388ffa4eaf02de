package dev.sluice.worker.exchange;

import dev.sluice.worker.arena.ByteSink;

/**
 * Decides whether the body of an answer is sent in another form, when all is known of its head. A
 * gate puts it into the exchange.
 *
 * <p>Owner: event loop.
 */
public interface BodyCoding {

    /**
     * A head is complete but for the framing and the empty line, and may be changed.
     *
     * @param head its lines, each with its CR LF, up to the sink's position
     * @param from where its status line begins
     * @param contentLength bytes of the body as the handler will give it, or as
     *     {@link ClientStream#endHead}
     * @return the same for the body that will be sent
     */
    long choose(Exchange x, ByteSink head, int from, long contentLength);

    /** Whether a whole answer that comes by gzip would be sent without. */
    boolean unpacksGzip(Exchange x);

    /** The exchange has ended. */
    void ended(Exchange x);
}
