package dev.sluice.worker.upstream;

import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.arena.SlabRing;
import java.nio.ByteBuffer;

/**
 * The body of a response on a stream of HTTP/2. DATA goes from the connection's input straight to
 * whoever reads it; what nobody reads at once waits in memory of its own, which the window bounds.
 * Only what has been read is acknowledged: that is the back-pressure.
 *
 * <p>Owner: event loop; a part of its stream.
 */
final class Http2PeerBody {

    /** What a peer may send ahead of who reads. */
    static final int WINDOW = Slab.BYTES - 1;
    /** {@link #announce}: the length is not known. */
    static final long UNKNOWN = -1;

    private final SlabRing waiting = new SlabRing();
    /** The frame that is looked at now. */
    private ByteBuffer frame;
    private int frameAt;
    private int frameEnd;
    /** What is still to come; below zero when that is not known. */
    private long announced;
    private int window;
    private int unacknowledged;

    void begin() {
        assert waiting.count() == 0;
        announced = UNKNOWN;
        window = WINDOW;
        unacknowledged = 0;
    }

    void announce(long length) {
        announced = length;
    }

    /** DATA counts, with its padding. @return whether it is more than the window allows */
    boolean received(int payloadBytes, int padding) {
        window -= payloadBytes;
        unacknowledged += padding;
        return window < 0;
    }

    /** The contents of a frame, lent until {@link #endFrame}. @return whether they may be so */
    boolean offer(ByteBuffer b, int from, int to, boolean ends) {
        frame = b;
        frameAt = from;
        frameEnd = to;
        if (announced != UNKNOWN) {
            announced -= to - from;
            if (announced < 0 || ends && announced > 0) {
                frameEnd = frameAt;
                return false;
            }
        }
        return true;
    }

    /** The frame's memory is used for other things: the rest waits. @return false: no memory */
    boolean endFrame(SlabPool slabs) {
        int rest = frameEnd - frameAt;
        boolean kept = rest == 0 || waiting.put(slabs, frame, frameAt, rest);
        endsFrame();
        return kept;
    }

    private void endsFrame() {
        frame = null;
        frameAt = 0;
        frameEnd = 0;
    }

    /** Whether less has come than was announced. */
    boolean isShort() {
        return announced > 0;
    }

    boolean hasData() {
        return waiting.count() > 0 || frameAt < frameEnd;
    }

    /** @return bytes taken; 0 when there are none */
    int take(SlabPool slabs, Slab into, int from, int limit) {
        int to = from;
        if (waiting.count() > 0) {
            to += waiting.take(slabs, into.bytes, from, limit);
        }
        int length = Math.min(frameEnd - frameAt, limit - to);
        if (length > 0) {
            into.bytes.put(to, frame, frameAt, length);
            frameAt += length;
            to += length;
        }
        unacknowledged += to - from;
        return to - from;
    }

    /** What the peer should be told of; 0 while that is too little. */
    int toAcknowledge() {
        return unacknowledged >= WINDOW / 2 ? unacknowledged : 0;
    }

    /** The peer may send so much more. */
    void acknowledged(int bytes) {
        window += bytes;
        unacknowledged -= bytes;
    }

    void clear(SlabPool slabs) {
        waiting.clear(slabs);
        endsFrame();
    }
}
