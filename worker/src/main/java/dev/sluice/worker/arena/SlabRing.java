package dev.sluice.worker.arena;

import java.nio.ByteBuffer;

/**
 * Bytes that wait until somebody reads them, in no more memory than they need, and in none while
 * nothing waits.
 *
 * <pre>
 *   a ring:   | free | at: unread ... | free |        null while nothing waits
 * </pre>
 *
 * <p>Owner: event loop.
 */
public final class SlabRing {

    private Slab slab;
    private int at;
    private int count;

    public int count() {
        return count;
    }

    /**
     * Copies bytes behind those that wait; all together may be no more than {@link Slab#BYTES}.
     *
     * @return false when there is no memory
     */
    public boolean put(SlabPool slabs, ByteBuffer from, int offset, int length) {
        assert length > 0 && count + length <= Slab.BYTES;
        if (slab == null || slab.size() < count + length) {
            Slab larger = slabs.borrow(count + length);
            if (larger == null) {
                return false;
            }
            int waiting = count;
            if (waiting > 0) {
                take(slabs, larger.bytes, 0, waiting);
            }
            slab = larger;
            at = 0;
            count = waiting;
        }
        int to = (at + count) % slab.size();
        int first = Math.min(length, slab.size() - to);
        slab.bytes.put(to, from, offset, first);
        slab.bytes.put(0, from, offset + first, length - first);
        count += length;
        return true;
    }

    /** Moves waiting bytes to {@code [from, limit)} of the buffer. @return how many */
    public int take(SlabPool slabs, ByteBuffer into, int from, int limit) {
        int to = from;
        while (count > 0 && to < limit) {
            int length = Math.min(Math.min(count, slab.size() - at), limit - to);
            into.put(to, slab.bytes, at, length);
            to += length;
            at = (at + length) % slab.size();
            count -= length;
        }
        if (count == 0) {
            clear(slabs);
        }
        return to - from;
    }

    /** Drops what waits. */
    public void clear(SlabPool slabs) {
        count = 0;
        at = 0;
        if (slab != null) {
            slabs.giveBack(slab);
            slab = null;
        }
    }
}
