package dev.sluice.worker.answer;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http1.PathNormaliser;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Sets the path of an exchange, always in its canonical form: the one that was received, or
 * another that a rule puts in its place. A path that is not the received bytes themselves lies in
 * memory of the exchange.
 *
 * <p>Owner: event loop.
 */
public final class ExchangePath {

    private static final int MEMORY_BYTES_MIN = 256;
    /** Larger memory is not kept for the exchanges that follow. */
    private static final int KEPT_BYTES_MAX = 4096;
    /** A path may grow by the slash that an empty one becomes. */
    private static final int GROWTH_MAX = 1;

    private final PathNormaliser normaliser = new PathNormaliser();
    private final ByteSink sink = new ByteSink();
    private final boolean mergeSlashes;

    public ExchangePath(boolean mergeSlashes) {
        this.mergeSlashes = mergeSlashes;
    }

    /** Takes path and query from the head. @return why the path is refused, null if it is not */
    public ParseError receive(Exchange x) {
        RequestHead head = x.request;
        ByteBuffer b = head.buffer();
        ByteBuffer memory = x.pathMemory;
        int capacity = memory == null ? 0 : memory.capacity();
        sink.reset(memory == null ? b : memory, 0, capacity);
        ParseError error = normalise(x, b, head.pathOffset, head.pathLength);
        if (error == ParseError.PATH_TOO_LONG && capacity < head.pathLength + GROWTH_MAX) {
            memory = memory(x, head.pathLength + GROWTH_MAX);
            sink.reset(memory, 0, memory.capacity());
            error = normalise(x, b, head.pathOffset, head.pathLength);
        }
        x.queryBuffer = b;
        x.queryOffset = head.queryOffset;
        x.queryLength = head.queryLength;
        return error;
    }

    private ParseError normalise(Exchange x, ByteBuffer b, int offset, int length) {
        if (!normaliser.normalise(b, offset, length, mergeSlashes, sink)) {
            return normaliser.error();
        }
        x.pathBuffer = normaliser.inPlace() ? b : sink.buffer();
        x.pathOffset = normaliser.offset();
        x.pathLength = normaliser.length();
        return null;
    }

    /**
     * Puts another path and query in the place of the exchange's. The bytes are copied; they must
     * not lie in the exchange's own memory. Escapes in the path are decoded.
     *
     * @param queryLength {@link Exchange#NO_QUERY} for none
     * @return why the path is refused, null if it is not; the exchange is unchanged then
     */
    public ParseError change(Exchange x, ByteBuffer from, int pathOffset, int pathLength,
            int queryOffset, int queryLength) {
        assert from != x.pathMemory;
        int queryBytes = Math.max(0, queryLength);
        if (x.pathBuffer == x.pathMemory) {
            // A change that is refused must leave the path that is in there.
            x.pathMemory = null;
        }
        ByteBuffer memory = memory(x, pathLength + GROWTH_MAX + queryBytes);
        sink.reset(memory, 0, memory.capacity() - queryBytes);
        if (!normaliser.normalise(from, pathOffset, pathLength, mergeSlashes, sink)) {
            return normaliser.error();
        }
        int length = normaliser.length();
        if (normaliser.inPlace()) {
            memory.put(0, from, normaliser.offset(), length);
        }
        memory.put(length, from, queryOffset, queryBytes);
        x.pathBuffer = memory;
        x.pathOffset = 0;
        x.pathLength = length;
        x.queryBuffer = memory;
        x.queryOffset = length;
        x.queryLength = queryLength;
        x.pathChanged = true;
        return null;
    }

    private static ByteBuffer memory(Exchange x, int bytes) {
        ByteBuffer memory = x.pathMemory;
        if (memory != null && memory.capacity() >= bytes) {
            return memory;
        }
        int capacity = Math.max(MEMORY_BYTES_MIN, Integer.highestOneBit(bytes) * 2);
        memory = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
        if (capacity <= KEPT_BYTES_MAX) {
            x.pathMemory = memory;
        }
        return memory;
    }
}
