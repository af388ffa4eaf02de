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

    /** Plain bytes on their way where a record does not fit into, or come from, one memory. */
    public final ByteBuffer plain = ByteBuffer.allocateDirect(Slab.BYTES);
    public final long plainAddress = MemorySegment.ofBuffer(plain).address();

    public TlsBuffers(SlabPool slabs) {
        this.slabs = slabs;
    }
}
