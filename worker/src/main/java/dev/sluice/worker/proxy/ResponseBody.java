package dev.sluice.worker.proxy;

import dev.sluice.worker.http.Framing;
import dev.sluice.worker.http1.ChunkDecoder;
import dev.sluice.worker.http1.ParseLimits;
import java.nio.ByteBuffer;

/**
 * Where the body of a peer's response ends, and what of the bytes that have come belongs to it
 * (RFC 9112 section 6.3).
 *
 * <p>Owner: event loop; a part of its {@link ResponseForward}.
 */
final class ResponseBody {

    private final ChunkDecoder chunks;
    private Framing framing;
    private long remaining;
    private int dataLength;
    private boolean done;
    private boolean surplus;

    ResponseBody(ParseLimits limits) {
        chunks = new ChunkDecoder(limits);
    }

    /** A new attempt: no body has begun. */
    void reset() {
        surplus = false;
        done = false;
    }

    /** @param length in bytes; counts for {@link Framing#LENGTH} only */
    void begin(Framing how, long length) {
        framing = how;
        remaining = length;
        if (how == Framing.CHUNKED) {
            chunks.reset();
        }
    }

    Framing framing() {
        return framing;
    }

    /**
     * Takes what has come in {@code [from, to)}; the data, without what frames it, stands at
     * {@code from} afterwards.
     *
     * @return false when it breaks the framing, {@link #error} tells how
     */
    boolean take(ByteBuffer bytes, int from, int to) {
        int length = to - from;
        switch (framing) {
            case NONE -> {
                surplus = length > 0;
                length = 0;
                done = true;
            }
            case LENGTH -> {
                surplus = length > remaining;
                length = (int) Math.min(length, remaining);
                remaining -= length;
                done = remaining == 0;
            }
            case CHUNKED -> {
                if (chunks.decode(bytes, from, to) == ChunkDecoder.BAD) {
                    return false;
                }
                done = chunks.done();
                surplus = done && chunks.consumed() < length;
                length = chunks.dataLength();
            }
            case UNTIL_CLOSE -> { }
        }
        dataLength = length;
        return true;
    }

    /** Bytes of data that {@link #take} has found last. */
    int dataLength() {
        return dataLength;
    }

    /** Whether all of it has come. */
    boolean isDone() {
        return done;
    }

    /** Whether bytes came behind its end: the connection is not clean. */
    boolean hasSurplus() {
        return surplus;
    }

    String error() {
        return chunks.error().sentence();
    }
}
