package dev.sluice.worker.arena;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One block of native memory: a whole slab, or a part of one that was cut. Borrowed from a
 * {@link SlabPool} by exactly one holder at a time; the holder alone reads and writes it. Contents
 * are undefined when borrowed.
 *
 * <p>Owner: event loop.
 */
public final class Slab {

    /** Size of every whole slab in bytes. */
    public static final int BYTES = 64 * 1024;

    /** All of the slab, little-endian so that eight bytes can be scanned as one long. */
    public final ByteBuffer bytes;
    /** Address of byte 0, for system calls. */
    public final long address;
    /** Guards against a slab given back twice. */
    boolean lent;
    /** What this is a part of; null for a whole slab. */
    final CutSlab of;
    /** The parts of a whole slab, by the place of their size; null until it was cut so. */
    final CutSlab[] cuts;

    /** @param of null for a whole slab */
    Slab(ByteBuffer bytes, long address, CutSlab of) {
        assert of != null || bytes.capacity() == BYTES : bytes;
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
        this.address = address;
        this.of = of;
        this.cuts = of == null ? new CutSlab[SlabPool.PART_SIZES] : null;
    }

    /** Its own size in bytes. */
    public int size() {
        return bytes.capacity();
    }
}
