package dev.sluice.module;

import java.nio.ByteBuffer;

/**
 * Sees a body pass in pieces and says what goes on in their place. On the event loop; must not
 * block. What it has to remember between two pieces belongs into a {@link Slot}.
 *
 * <p>No further piece comes before the output of the last one has been taken by the other side, so
 * a slow client or peer needs no memory here.
 */
@FunctionalInterface
public interface BodyHook {

    /**
     * @param exchange valid until return, and on this thread only
     * @param piece the next bytes, 16 KiB at most; read-only, valid until return; empty with the
     *     last call if nothing is left then
     * @param last whether the body ends here; called once so, unless the exchange breaks off
     * @param output takes what goes on; what is not written there is gone
     */
    void onPiece(HttpExchange exchange, ByteBuffer piece, boolean last, BodyOutput output)
            throws Exception;
}
