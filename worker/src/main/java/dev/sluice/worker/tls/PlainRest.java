package dev.sluice.worker.tls;

import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.arena.SlabPool;
import java.nio.ByteBuffer;

/**
 * Plain bytes of a record of which a reader wanted a part, in a slab that is held as long as any
 * are left.
 *
 * <p>Owner: event loop.
 */
final class PlainRest {

    private final SlabPool slabs;
    private Slab slab;
    private int from;
    private int to;

    PlainRest(SlabPool slabs) {
        this.slabs = slabs;
    }

    boolean isEmpty() {
        return slab == null;
    }

    /** Moves as much as fits behind the target's position. */
    void take(ByteBuffer target) {
        if (slab == null) {
            return;
        }
        int count = Math.min(target.remaining(), to - from);
        target.put(target.position(), slab.bytes, from, count);
        target.position(target.position() + count);
        from += count;
        if (from == to) {
            release();
        }
    }

    /**
     * Moves as much as fits behind the target's position and keeps what is left; copied.
     *
     * @return false when no slab is free
     */
    boolean takeAndKeep(ByteBuffer plain, ByteBuffer target) {
        assert slab == null;
        int count = Math.min(target.remaining(), plain.remaining());
        target.put(target.position(), plain, plain.position(), count);
        target.position(target.position() + count);
        int left = plain.remaining() - count;
        if (left == 0) {
            return true;
        }
        slab = slabs.borrow();
        if (slab == null) {
            return false;
        }
        slab.bytes.put(0, plain, plain.position() + count, left);
        from = 0;
        to = left;
        return true;
    }

    void release() {
        if (slab != null) {
            slabs.giveBack(slab);
            slab = null;
        }
    }
}
