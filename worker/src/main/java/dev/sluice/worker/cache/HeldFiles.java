package dev.sluice.worker.cache;

import dev.sluice.worker.loop.Timed;

/**
 * The open files of the answers at hand. An open file takes its room on the disk after its answer
 * has been removed, by whatever process; so once a second those are closed whose answers are in
 * the index no longer, unless a client is being sent one.
 *
 * <p>Owner: event loop; a part of its tier.
 */
final class HeldFiles extends Timed {

    private static final long PERIOD_NS = 1_000_000_000L;

    private final Cache cache;
    private final Stored[] files;
    private int count;

    /** @param filesMax how many may be open */
    HeldFiles(Cache cache, int filesMax) {
        this.cache = cache;
        this.files = new Stored[filesMax];
    }

    boolean isFull() {
        return count == files.length;
    }

    /** It is in the tier, with an open file. */
    void add(Stored s) {
        assert !isFull();
        s.heldAt = count;
        files[count++] = s;
        if (count == 1) {
            cache.ctx.timers.set(this, cache.ctx.clock.nowNs() + PERIOD_NS);
        }
    }

    /** It leaves the tier. */
    void remove(Stored s) {
        assert files[s.heldAt] == s;
        Stored last = files[--count];
        files[s.heldAt] = last;
        last.heldAt = s.heldAt;
        files[count] = null;
    }

    @Override
    protected void onDeadline(long nowNs) {
        for (int i = count - 1; i >= 0; i--) {
            Stored s = files[i];
            if (!cache.index.holds(s.place, s.hash, s.serial)) {
                cache.tier.drop(s);
            }
        }
        if (count > 0) {
            cache.ctx.timers.set(this, nowNs + PERIOD_NS);
        }
    }
}
