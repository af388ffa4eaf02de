package dev.sluice.module;

import java.nio.ByteBuffer;

/** Decides about a request by its whole body. On the event loop; must not block. */
@FunctionalInterface
public interface RequestBodyHook {

    /**
     * @param exchange valid until return, and on this thread only
     * @param body read-only, valid until return; empty for a request without a body
     * @param output what is written there replaces the body; without a word it stays
     * @return what is to be done; never null
     */
    Verdict onBody(HttpExchange exchange, ByteBuffer body, BodyOutput output) throws Exception;
}
