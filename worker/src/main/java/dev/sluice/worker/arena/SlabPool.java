package dev.sluice.worker.arena;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The slabs of one worker, handed out last in, first out so that the warm one is used next. Memory
 * is taken from the system in chunks of {@value #CHUNK_SLABS} slabs when first needed and kept; its
 * pages become resident only where they are written.
 *
 * <p>Owner: event loop.
 */
public final class SlabPool {

    private static final int CHUNK_SLABS = 8;

    private final Slab[] free;
    /** Keeps the memory reachable: it lives as long as the worker. */
    private final ByteBuf[] chunks;
    private final int slabsMax;
    private int freeCount;
    private int slabCount;
    private int lentMax;

    /** @param slabsMax most slabs that may exist, at least 1 */
    public SlabPool(int slabsMax) {
        if (slabsMax < 1) {
            throw new IllegalArgumentException("slabsMax " + slabsMax);
        }
        this.slabsMax = slabsMax;
        this.free = new Slab[slabsMax];
        this.chunks = new ByteBuf[(slabsMax + CHUNK_SLABS - 1) / CHUNK_SLABS];
    }

    /** Handed over to the caller until {@link #giveBack}; null when all slabs are lent. */
    public Slab borrow() {
        if (freeCount == 0 && !grow()) {
            return null;
        }
        Slab slab = free[--freeCount];
        free[freeCount] = null;
        assert !slab.lent;
        slab.lent = true;
        lentMax = Math.max(lentMax, lentCount());
        return slab;
    }

    private boolean grow() {
        int more = Math.min(CHUNK_SLABS, slabsMax - slabCount);
        if (more == 0) {
            return false;
        }
        // Netty's unpooled direct buffers are malloc'ed without being zeroed: untouched pages
        // stay out of the resident set, which ByteBuffer.allocateDirect cannot offer.
        ByteBuf chunk = Unpooled.directBuffer(more * Slab.BYTES, more * Slab.BYTES);
        long address = chunk.memoryAddress();
        for (int i = 0; i < more; i++) {
            int offset = i * Slab.BYTES;
            free[freeCount++] =
                    new Slab(chunk.nioBuffer(offset, Slab.BYTES).slice(), address + offset);
        }
        chunks[slabCount / CHUNK_SLABS] = chunk;
        slabCount += more;
        return true;
    }

    /** Takes a slab back; the caller must not touch it any more. */
    public void giveBack(Slab slab) {
        assert slab.lent : "slab given back twice";
        slab.lent = false;
        free[freeCount++] = slab;
    }

    /** Slabs that are lent now. */
    public int lentCount() {
        return slabCount - freeCount;
    }

    /** The most slabs that were ever lent at once. */
    public int lentMax() {
        return lentMax;
    }

    /** Slabs that could still be borrowed. */
    public int available() {
        return slabsMax - lentCount();
    }

    public int slabsMax() {
        return slabsMax;
    }
}
