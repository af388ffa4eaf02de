package dev.sluice.module;

import java.nio.ByteBuffer;

/** Decides about a request by the beginning of its body. On the event loop; must not block. */
@FunctionalInterface
public interface BodyPeekHook {

    /**
     * Called when there are more bytes, with all of them from the first on.
     *
     * @param exchange valid until return, and on this thread only
     * @param bytes read-only, valid until return; may be empty
     * @param complete whether no more will be shown: the body ends here, or as much as was asked
     *     for is here, or more cannot be shown without reading it
     * @return what is to be done; null for more bytes, which is a failure when {@code complete}
     */
    Verdict onBytes(HttpExchange exchange, ByteBuffer bytes, boolean complete) throws Exception;
}
