package dev.sluice.worker.arena;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The slabs of one worker, handed out last in, first out so that the warm one is used next. Memory
 * is taken from the system in chunks of {@value #CHUNK_SLABS} slabs when first needed and kept; its
 * pages become resident only where they are written. Whoever needs little gets a part of a slab,
 * which is whole again when all its parts are back.
 *
 * <p>Owner: event loop.
 */
public final class SlabPool {

    static final int PART_SIZES = 2;
    private static final int CHUNK_SLABS = 8;
    private static final int SMALL_BYTES = 4 * 1024;
    private static final int MEDIUM_BYTES = 16 * 1024;

    private final Slab[] free;
    /** Keeps the memory reachable: it lives as long as the worker. */
    private final ByteBuf[] chunks;
    private final int slabsMax;
    private int freeCount;
    private int slabCount;
    private int lentMax;
    /** By size: the slabs that are cut and have free parts. */
    private final CutSlab[] withParts = new CutSlab[PART_SIZES];

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
                    new Slab(chunk.nioBuffer(offset, Slab.BYTES).slice(), address + offset, null);
        }
        chunks[slabCount / CHUNK_SLABS] = chunk;
        slabCount += more;
        return true;
    }

    /**
     * As {@link #borrow()}, of no more than is needed: 4, 16 or 64 KiB.
     *
     * @param bytes at most {@link Slab#BYTES}
     */
    public Slab borrow(int bytes) {
        assert bytes <= Slab.BYTES : bytes;
        if (bytes > MEDIUM_BYTES) {
            return borrow();
        }
        int kind = bytes > SMALL_BYTES ? 1 : 0;
        CutSlab cut = withParts[kind];
        if (cut == null) {
            cut = cut(kind);
            if (cut == null) {
                return null;
            }
        }
        Slab part = cut.take();
        if (cut.isUsedUp()) {
            unlink(cut);
        }
        assert !part.lent;
        part.lent = true;
        return part;
    }

    private CutSlab cut(int kind) {
        Slab whole = borrow();
        if (whole == null) {
            return null;
        }
        if (whole.cuts[kind] == null) {
            whole.cuts[kind] = new CutSlab(whole, kind, kind == 0 ? SMALL_BYTES : MEDIUM_BYTES);
        }
        link(whole.cuts[kind]);
        return whole.cuts[kind];
    }

    private void link(CutSlab cut) {
        CutSlab first = withParts[cut.kind];
        cut.next = first;
        cut.before = null;
        if (first != null) {
            first.before = cut;
        }
        withParts[cut.kind] = cut;
    }

    private void unlink(CutSlab cut) {
        if (cut.before == null) {
            withParts[cut.kind] = cut.next;
        } else {
            cut.before.next = cut.next;
        }
        if (cut.next != null) {
            cut.next.before = cut.before;
        }
    }

    /** Takes a slab or a part back; the caller must not touch it any more. */
    public void giveBack(Slab slab) {
        assert slab.lent : "slab given back twice";
        slab.lent = false;
        CutSlab cut = slab.of;
        if (cut == null) {
            free[freeCount++] = slab;
            return;
        }
        if (cut.isUsedUp()) {
            link(cut);
        }
        cut.put(slab);
        if (cut.isUnused()) {
            unlink(cut);
            giveBack(cut.whole);
        }
    }

    /** Slabs that are lent now, whole or in parts. */
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
