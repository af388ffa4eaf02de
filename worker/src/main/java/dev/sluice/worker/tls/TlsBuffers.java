package dev.sluice.worker.tls;

import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.arena.SlabPool;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Where records are while they are made and taken apart: one buffer each way for all connections
 * of a loop, because each is done with before the next begins. A connection borrows a slab only
 * for what is left over: half a record, or output that the kernel has not taken.
 *
 * <p>Owner: event loop.
 */
public final class TlsBuffers {

    final SlabPool slabs;
    final ByteBuffer in = ByteBuffer.allocateDirect(Slab.BYTES);
    final long inAddress = MemorySegment.ofBuffer(in).address();
    final ByteBuffer out = ByteBuffer.allocateDirect(Slab.BYTES);
    final long outAddress = MemorySegment.ofBuffer(out).address();

    /** The engine wants room for a record even where only the handshake is read. */
    final ByteBuffer unused = ByteBuffer.allocateDirect(Slab.BYTES / 2);

    public TlsBuffers(SlabPool slabs) {
        this.slabs = slabs;
    }
}
