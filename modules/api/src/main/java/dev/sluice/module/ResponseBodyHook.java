package dev.sluice.module;

import java.nio.ByteBuffer;

/** Replaces the whole body of an answer. On the event loop; must not block. */
@FunctionalInterface
public interface ResponseBodyHook {

    /**
     * @param exchange valid until return, and on this thread only
     * @param body read-only, valid until return; may be empty
     * @param output what is written there replaces the body; without a word it stays
     */
    void onBody(HttpExchange exchange, ByteBuffer body, BodyOutput output) throws Exception;
}
