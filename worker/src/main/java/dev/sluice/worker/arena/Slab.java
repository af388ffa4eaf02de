package dev.sluice.worker.arena;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One block of native memory. Borrowed from a {@link SlabPool} by exactly one holder at a time;
 * the holder alone reads and writes it. Contents are undefined when borrowed.
 *
 * <p>Owner: event loop.
 */
public final class Slab {

    /** Size of every slab in bytes. */
    public static final int BYTES = 64 * 1024;

    /** All of the slab, little-endian so that eight bytes can be scanned as one long. */
    public final ByteBuffer bytes;
    /** Address of byte 0, for system calls. */
    public final long address;
    /** Guards against a slab given back twice. */
    boolean lent;

    Slab(ByteBuffer bytes, long address) {
        assert bytes.capacity() == BYTES : bytes;
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
        this.address = address;
    }
}
