package dev.sluice.worker.cache;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.linux.Libc;
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

    static final long BROKEN = -1;
    private static final int SCRATCH_BYTES = 16 * 1024;

    final HitHead head = new HitHead();
    private final Deque<CacheReader> free = new ArrayDeque<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);
    private final long scratchAddress = MemorySegment.ofBuffer(scratch).address();

    /**
     * Gives a part of a file in copies: behind a head without a length pieces are framed one by
     * one, which sendfile cannot.
     *
     * @return behind what the client has taken; {@link #BROKEN} when the file has ended before,
     *     and the client with it
     */
    long copyOfFile(ClientStream client, Stored s, long from, long to) {
        long at = from;
        while (at < to) {
            long count = Libc.pread(s.fd, scratchAddress, Math.min(scratch.capacity(), to - at),
                    s.fileBodyAt + at);
            if (count <= 0) {
                client.abort(count == 0 ? Termination.FILE_SHRANK : Termination.FILE_ERROR);
                return BROKEN;
            }
            int taken = client.writeCopy(scratch, 0, (int) count);
            at += taken;
            if (taken < count) {
                return at;
            }
        }
        return at;
    }

    CacheReader take() {
        CacheReader one = free.poll();
        return one == null ? new CacheReader(this) : one;
    }

    void giveBack(CacheReader one) {
        free.push(one);
    }
}
