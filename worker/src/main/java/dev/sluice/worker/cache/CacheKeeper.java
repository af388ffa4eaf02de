package dev.sluice.worker.cache;

import dev.sluice.common.cache.CacheFolder;
import dev.sluice.common.cache.CacheIndex;
import dev.sluice.common.cache.CacheOrphans;
import dev.sluice.common.cache.CacheRecount;
import dev.sluice.common.cache.CacheSweep;
import dev.sluice.common.log.Level;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.SideThread;
import dev.sluice.worker.loop.Timed;
import java.io.IOException;

/**
 * Looks after a cache once a second, beside the loop, if something was stored or may be too old:
 * whether its folder is there still, which a worker makes again as it has made it at its start,
 * with the rights that it has; whether one that could not be used at the start can be used now; and
 * where this is the first worker, it sweeps a part of it. No process with more rights makes
 * folders, in a place that others may have changed meanwhile.
 *
 * <p>Owner: event loop.
 */
final class CacheKeeper extends Timed {

    private static final long PERIOD_NS = 1_000_000_000L;
    private static final long MS_PER_S = 1000;
    /** Files that nobody knows are looked for from the start, after a minute, and each hour. */
    private static final int LOOKS_TO_SECOND_SEARCH = 70;
    private static final int LOOKS_PER_SEARCH = 3600;
    private static final int IDLE_LOOKS = 10;

    private final LoopContext ctx;
    private final Cache cache;
    private final boolean sweeps;
    private final SideThread side;
    private CacheSweep sweep;
    private CacheOrphans orphans;
    private CacheRecount recount;
    private int looks;
    private long storedBefore = -1;

    CacheKeeper(LoopContext ctx, Cache cache) {
        this.ctx = ctx;
        this.cache = cache;
        this.sweeps = ctx.slot == 0;
        this.side = sweeps ? new SideThread() : cache.side;
        of(cache.folder);
    }

    private void of(CacheFolder folder) {
        if (folder.isAbsent()) {
            return;
        }
        sweep = new CacheSweep(folder);
        orphans = new CacheOrphans(folder);
        recount = new CacheRecount(folder);
    }

    void start() {
        ctx.timers.set(this, ctx.clock.nowNs() + PERIOD_NS);
    }

    @Override
    protected void onDeadline(long nowNs) {
        boolean idle = !cache.folder.isAbsent() && isIdle();
        CacheFolder folder = cache.folder;
        long nowMs = ctx.clock.nowMs();
        if (idle || !side.submit(ctx.loop, () -> look(folder, nowMs))) {
            start();
        }
    }

    private boolean isIdle() {
        long stored = cache.index.counted(CacheIndex.Count.STORED);
        boolean more = stored != storedBefore;
        storedBefore = stored;
        int number = looks++;
        if (number == 0 || number % LOOKS_PER_SEARCH == LOOKS_TO_SECOND_SEARCH) {
            orphans.begin();
            recount.begin();
        }
        return !more && number % IDLE_LOOKS != 0 && !orphans.isLooking()
                && !recount.isLooking() && !cache.trouble.isGone();
    }

    /** On the side thread. */
    private Runnable look(CacheFolder folder, long nowMs) {
        try {
            if (!folder.isThere()) {
                CacheFolder again = folder.restored(nowMs);
                return () -> madeAgain(folder, again);
            }
        } catch (IOException e) {
            return () -> cannotBeMade(folder, e);
        }
        if (sweeps) {
            sweep(nowMs / MS_PER_S);
        }
        return () -> {
            cache.trouble.found();
            start();
        };
    }

    private void sweep(long nowS) {
        try {
            int wrong = recount.look(nowS);
            if (wrong > 0) {
                cache.trouble.log(Level.NOTICE, "the index was wrong of " + wrong
                        + " answers: they had no file or one of another length");
            }
            sweep.run(nowS, cache.config.sizeMax(), cache.config.inactiveMs() / MS_PER_S);
            int removed = orphans.removeUnfinished();
            if (orphans.isLooking()) {
                removed += orphans.look(nowS);
            }
            if (removed > 0) {
                cache.trouble.log(Level.NOTICE,
                        "removed " + removed + " files that belonged to nothing");
            }
        } catch (IOException e) {
            cache.trouble.log(Level.WARN, "cannot be swept: " + e);
        }
    }

    private void madeAgain(CacheFolder before, CacheFolder again) {
        if (before.isAbsent()) {
            cache.trouble.log(Level.NOTICE, "\"" + before.path() + "\" can be used now");
        } else if (again.index() == before.index()) {
            cache.trouble.log(Level.ERROR, "a part of \"" + before.path() + "\" was removed while"
                    + " it was in use, and is made again");
        } else {
            cache.trouble.log(again.isNew() ? Level.ERROR : Level.NOTICE, "\"" + before.path()
                    + "\" was removed while it was in use: it is made again, and what was stored"
                    + " is forgotten; \"sluice purge " + cache.config.name()
                    + " -a\" empties a cache");
        }
        cache.renew(again);
        of(again);
        cache.trouble.found();
        start();
    }

    private void cannotBeMade(CacheFolder folder, IOException why) {
        if (folder.isAbsent()) {
            cache.trouble.unusable(folder.path(), why);
        } else {
            cache.trouble.failed("\"" + folder.path() + "\" was removed while it was in use and"
                    + " cannot be made again (" + why + "; "
                    + StoreTrouble.remedy(folder.path()) + ")");
        }
        start();
    }
}
