package dev.sluice.worker.upstream;

import dev.sluice.worker.http2.HpackScratch;
import dev.sluice.worker.http2.ResponseFields;
import dev.sluice.worker.loop.LoopContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What all connections of HTTP/2 to peers share: the memory that a block of fields is read with,
 * and the streams that are not in use. Made when the first of them is.
 *
 * <p>Owner: event loop.
 */
final class Http2Memory {

    static final int HEAD_BYTES_MAX = 64 * 1024;

    final LoopContext ctx;
    /** For one block at a time. */
    final HpackScratch scratch = new HpackScratch();
    final ResponseFields fields = new ResponseFields();
    /** The head, or the trailers, that are read: valid until the next are. */
    final ByteBuffer lines =
            ByteBuffer.allocateDirect(HEAD_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
    private Http2PeerStream[] free = new Http2PeerStream[16];
    private int freeCount;

    Http2Memory(LoopContext ctx) {
        this.ctx = ctx;
    }

    Http2PeerStream stream() {
        return freeCount > 0 ? free[--freeCount] : new Http2PeerStream(this);
    }

    void giveBack(Http2PeerStream stream) {
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = stream;
    }
}
