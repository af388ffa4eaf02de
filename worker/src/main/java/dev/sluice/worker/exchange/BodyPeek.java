package dev.sluice.worker.exchange;

import java.nio.ByteBuffer;

/**
 * What {@link ClientStream#peekBody} has found: bytes that stay where they are, lent until the body
 * is read or looked at again. Reused; owner: event loop.
 */
public final class BodyPeek {

    public ByteBuffer bytes;
    public int from;
    public int to;
    /** Whether more of the body may come, and will be told of. */
    public boolean mayGrow;

    /** There is nothing to see. */
    public void nothing() {
        bytes = null;
        from = 0;
        to = 0;
        mayGrow = false;
    }
}
