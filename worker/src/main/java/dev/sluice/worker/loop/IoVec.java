package dev.sluice.worker.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * An array of {@code struct iovec} (readv(2)) in native memory, filled and used within one call.
 *
 * <p>Owner: event loop; one per loop is enough.
 */
public final class IoVec {

    /** Entries: a response is a head, a body and little more; pipelining adds some. */
    public static final int ENTRIES_MAX = 64;
    private static final int ENTRY_BYTES = 16;

    private final ByteBuf memory =
            Unpooled.directBuffer(ENTRIES_MAX * ENTRY_BYTES, ENTRIES_MAX * ENTRY_BYTES);
    private int count;
    private long byteCount;

    public void clear() {
        count = 0;
        byteCount = 0;
    }

    public boolean isFull() {
        return count == ENTRIES_MAX;
    }

    /** Appends one piece of memory; it must stay valid until the call that sends it returns. */
    public void add(long address, long length) {
        assert !isFull() && length > 0;
        memory.setLongLE(count * ENTRY_BYTES, address);
        memory.setLongLE(count * ENTRY_BYTES + 8, length);
        count++;
        byteCount += length;
    }

    public int count() {
        return count;
    }

    public long byteCount() {
        return byteCount;
    }

    long address() {
        return memory.memoryAddress();
    }
}
