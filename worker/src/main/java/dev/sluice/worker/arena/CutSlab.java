package dev.sluice.worker.arena;

/**
 * A slab that is lent in parts of one size, and which of them are free. Kept by its slab, so that
 * cutting it again makes no objects.
 *
 * <p>Owner: event loop.
 */
final class CutSlab {

    final Slab whole;
    /** Place of the size of the parts in the pool's tables. */
    final int kind;
    private final Slab[] free;
    private int freeCount;
    /** Links of the pool's list of those with free parts. */
    CutSlab next;
    CutSlab before;

    CutSlab(Slab whole, int kind, int partBytes) {
        this.whole = whole;
        this.kind = kind;
        free = new Slab[Slab.BYTES / partBytes];
        for (int at = 0; at < Slab.BYTES; at += partBytes) {
            free[freeCount++] =
                    new Slab(whole.bytes.slice(at, partBytes), whole.address + at, this);
        }
    }

    boolean isUsedUp() {
        return freeCount == 0;
    }

    boolean isUnused() {
        return freeCount == free.length;
    }

    Slab take() {
        return free[--freeCount];
    }

    void put(Slab part) {
        assert part.of == this;
        free[freeCount++] = part;
    }
}
