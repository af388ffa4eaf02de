package dev.sluice.worker.cache;

import dev.sluice.common.cache.CacheIndex;
import dev.sluice.worker.loop.Timed;

/**
 * Looks again and again whether another process has brought an answer, for as long as that
 * process claims to fetch it.
 *
 * <p>Owner: event loop; a part of its reader. Reused.
 */
final class Polling extends Timed {

    private static final long POLL_NS = 20_000_000;

    private final CacheReader reader;
    private Cache cache;
    private long place;
    private long hash;
    private long serial;
    private long giveUpNs;

    Polling(CacheReader reader) {
        this.reader = reader;
    }

    /** @param timeoutNs after which the peer is asked without waiting any longer */
    void begin(Cache of, long atPlace, long hashWanted, long timeoutNs) {
        cache = of;
        place = atPlace;
        hash = hashWanted;
        serial = cache.index.serial(atPlace);
        long nowNs = cache.ctx.clock.nowNs();
        giveUpNs = nowNs + timeoutNs;
        cache.ctx.timers.set(this, nowNs + POLL_NS);
    }

    @Override
    protected void onDeadline(long nowNs) {
        CacheIndex index = cache.index;
        if (!index.isOf(place, hash) || index.serial(place) != serial
                || index.claims().isOver(place, cache.nowS())) {
            reader.again();
        } else if (nowNs >= giveUpNs) {
            reader.waitedTooLong();
        } else {
            cache.ctx.timers.set(this, nowNs + POLL_NS);
        }
    }

    void end() {
        if (cache != null) {
            cache.ctx.timers.clear(this);
            cache = null;
        }
    }
}
