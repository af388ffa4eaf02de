package dev.sluice.worker.cache;

import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.arena.SlabPool;

/**
 * The answers that a worker has at hand: small ones whole, large ones as a head and an open file.
 * What is kept is decided by S3-FIFO (Yang et al., SOSP 2023): a new answer begins in a small
 * queue; one that is asked for again there moves to the main queue, the others are forgotten but
 * for a mark, and whose mark is found comes to the main queue at once.
 *
 * <p>Owner: event loop.
 */
final class MemoryTier {

    private static final int SMALL_SHARE = 10;
    private static final int FREQUENCY_MAX = 3;
    private static final int EVICTIONS_MAX = 64;

    /** A queue: oldest at its head. */
    private static final class Queue {
        Stored oldest;
        Stored newest;
        int count;

        void push(Stored s) {
            s.older = newest;
            s.newer = null;
            if (newest == null) {
                oldest = s;
            } else {
                newest.newer = s;
            }
            newest = s;
            count++;
        }

        void remove(Stored s) {
            if (s.older == null) {
                oldest = s.newer;
            } else {
                s.older.newer = s.newer;
            }
            if (s.newer == null) {
                newest = s.older;
            } else {
                s.newer.older = s.older;
            }
            s.older = null;
            s.newer = null;
            count--;
        }
    }

    private final SlabPool pool;
    private final Stored[] table;
    private final long[] ghosts;
    private final HeldFiles files;
    private final Queue small = new Queue();
    private final Queue main = new Queue();

    /**
     * @param bytesMax memory for heads and bodies
     * @param files those that are open
     */
    MemoryTier(long bytesMax, HeldFiles files) {
        int slabs = (int) Math.max(1, bytesMax / Slab.BYTES);
        this.pool = new SlabPool(slabs);
        this.files = files;
        int places = Math.max(1024, Integer.highestOneBit(slabs * 16) << 1);
        table = new Stored[places];
        ghosts = new long[places];
    }

    /** Null when it is not there. */
    Stored get(long hash) {
        Stored s = table[(int) hash & table.length - 1];
        while (s != null && s.hash != hash) {
            s = s.next;
        }
        if (s != null && s.frequency < FREQUENCY_MAX) {
            s.frequency++;
        }
        return s;
    }

    /** Memory for an answer; null when none can be had. Handed over. */
    Slab memory(int bytes) {
        for (int tries = 0; tries < EVICTIONS_MAX; tries++) {
            Slab slab = pool.borrow(bytes);
            if (slab != null || !evict()) {
                return slab;
            }
        }
        return null;
    }

    SlabPool pool() {
        return pool;
    }

    /** Keeps it; one of the same hash goes. */
    void add(Stored s) {
        Stored old = find(s.hash);
        if (old != null) {
            drop(old);
        }
        while (s.fd != Stored.NO_FILE && files.isFull() && evict()) {
            // Until there is a place for its file.
        }
        int at = (int) s.hash & table.length - 1;
        s.next = table[at];
        table[at] = s;
        s.inTier = true;
        s.frequency = 0;
        s.inMain = ghosts[at] == s.hash;
        (s.inMain ? main : small).push(s);
        if (s.fd != Stored.NO_FILE) {
            files.add(s);
        }
    }

    private Stored find(long hash) {
        Stored s = table[(int) hash & table.length - 1];
        while (s != null && s.hash != hash) {
            s = s.next;
        }
        return s;
    }

    /** Forgets what has been removed from the cache. */
    void removed(long hash, long serial) {
        Stored s = find(hash);
        if (s != null && s.serial == serial) {
            drop(s);
        }
    }

    /** Forgets it; who uses it still may go on. */
    void drop(Stored s) {
        assert s.inTier;
        int at = (int) s.hash & table.length - 1;
        if (table[at] == s) {
            table[at] = s.next;
        } else {
            Stored before = table[at];
            while (before.next != s) {
                before = before.next;
            }
            before.next = s.next;
        }
        s.next = null;
        (s.inMain ? main : small).remove(s);
        s.inTier = false;
        if (s.fd != Stored.NO_FILE) {
            files.remove(s);
        }
        if (s.users == 0) {
            s.free();
        }
    }

    /** Forgets all. */
    void clear() {
        while (small.oldest != null || main.oldest != null) {
            drop(small.oldest != null ? small.oldest : main.oldest);
        }
    }

    /** Makes room by letting one go. @return false when there is none */
    private boolean evict() {
        while (small.count + main.count > 0) {
            boolean fromSmall = main.count == 0
                    || small.count * SMALL_SHARE >= small.count + main.count;
            Stored s = fromSmall ? small.oldest : main.oldest;
            if (s.frequency == 0 || small.count + main.count == 1) {
                if (fromSmall) {
                    ghosts[(int) s.hash & table.length - 1] = s.hash;
                }
                drop(s);
                return true;
            }
            (fromSmall ? small : main).remove(s);
            s.frequency = fromSmall ? 0 : s.frequency - 1;
            s.inMain = true;
            main.push(s);
        }
        return false;
    }

    int count() {
        return small.count + main.count;
    }
}
