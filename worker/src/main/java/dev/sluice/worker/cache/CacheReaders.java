package dev.sluice.worker.cache;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Readers for reuse, and what they share. There are never more than exchanges at once.
 *
 * <p>Owner: event loop.
 */
final class CacheReaders {

    private static final int SCRATCH_BYTES = 16 * 1024;

    final HitHead head = new HitHead();
    private final Deque<CacheReader> free = new ArrayDeque<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);
    private final long scratchAddress = MemorySegment.ofBuffer(scratch).address();

    /** For what is used up before the method that fills it returns. */
    ByteBuffer scratch() {
        return scratch;
    }

    long scratchAddress() {
        return scratchAddress;
    }

    CacheReader take() {
        CacheReader one = free.poll();
        return one == null ? new CacheReader(this) : one;
    }

    void giveBack(CacheReader one) {
        free.push(one);
    }
}
