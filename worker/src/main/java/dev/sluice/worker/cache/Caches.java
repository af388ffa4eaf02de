package dev.sluice.worker.cache;

import dev.sluice.common.cache.CacheFolder;
import dev.sluice.common.cache.CacheIndex;
import dev.sluice.common.cache.CacheOrphans;
import dev.sluice.common.cache.CacheSweep;
import dev.sluice.common.config.CacheConfig;
import dev.sluice.common.config.CacheUse;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.log.Level;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.exchange.ValueTemplate;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.SideThread;
import dev.sluice.worker.loop.Timed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The caches of a worker. The worker of the first slot sweeps them, beside its loop.
 *
 * <p>Owner: event loop, after boot.
 */
public final class Caches {

    private static final long SWEEP_NS = 1_000_000_000L;
    private static final long MS_PER_S = 1000;
    /** Files that nobody knows are looked for from the start, after a minute, and each hour. */
    private static final int SWEEPS_TO_SECOND_LOOK = 70;
    private static final int SWEEPS_PER_LOOK = 3600;

    private final LoopContext ctx;
    private final int headersMax;
    private final Function<String, ValueTemplate> templates;
    private final CacheReaders readers = new CacheReaders();
    private final Map<String, Cache> caches = new HashMap<>();

    /**
     * Opens the folders. One that cannot be used is told of, and its locations work without.
     *
     * @param templates compiles values with variables
     */
    public Caches(SluiceConfig config, LoopContext ctx,
            Function<String, ValueTemplate> templates) {
        this.ctx = ctx;
        this.headersMax = config.http().maxHeaders();
        this.templates = templates;
        for (CacheConfig one : config.caches()) {
            try {
                caches.put(one.name(), new Cache(one, folderOf(one), ctx));
            } catch (IOException e) {
                ctx.log.log(Level.ERROR, "[cache " + one.name() + "] cannot be used: " + e);
            }
        }
    }

    private CacheFolder folderOf(CacheConfig one) throws IOException {
        return one.path().equals(CacheConfig.IN_MEMORY)
                ? CacheFolder.inMemory(one.name(), one.keys())
                : CacheFolder.open(Path.of(one.path()), one.name(), one.keys(),
                        ctx.clock.nowMs());
    }

    /** What answers a location out of its cache, in front of what answers it without. */
    public ContentHandler handlerOf(Location location, ContentHandler inner) {
        CacheUse use = location.config.proxy().cache();
        Cache cache = caches.get(use.name());
        if (cache == null) {
            return inner;
        }
        if (use.statusField()) {
            location.headRules(StatusField.before(location.headRules()));
        }
        return new CacheHandler(
                new CachePlan(cache, location.config, inner, templates), readers, headersMax);
    }

    /** The worker serves: if it is the first, it keeps the caches within their bounds. */
    public void start() {
        if (ctx.slot == 0) {
            for (Cache cache : caches.values()) {
                new Sweeper(ctx, cache).start();
            }
        }
    }

    /** Sweeps a part of one cache once a second, if something was stored or may be too old. */
    private static final class Sweeper extends Timed {

        private static final int IDLE_SWEEPS = 10;

        private final LoopContext ctx;
        private final Cache cache;
        private final SideThread side = new SideThread();
        private final CacheSweep sweep;
        private final CacheOrphans orphans;
        private int sweeps;
        private long storedBefore = -1;

        Sweeper(LoopContext ctx, Cache cache) {
            this.ctx = ctx;
            this.cache = cache;
            this.sweep = new CacheSweep(cache.folder);
            this.orphans = new CacheOrphans(cache.folder);
        }

        void start() {
            ctx.timers.set(this, ctx.clock.nowNs() + SWEEP_NS);
        }

        @Override
        protected void onDeadline(long nowNs) {
            long stored = cache.index.counted(CacheIndex.Count.STORED);
            int number = sweeps++;
            if (number == 0 || number % SWEEPS_PER_LOOK == SWEEPS_TO_SECOND_LOOK) {
                orphans.begin();
            }
            long nowS = cache.nowS();
            if (stored == storedBefore && number % IDLE_SWEEPS != 0 && !orphans.isLooking()
                    || !side.submit(ctx.loop, () -> sweep(nowS))) {
                start();
            }
            storedBefore = stored;
        }

        /** On the side thread. */
        private Runnable sweep(long nowS) {
            sweep.run(nowS, cache.config.sizeMax(), cache.config.inactiveMs() / MS_PER_S);
            try {
                int removed = orphans.removeUnfinished();
                if (orphans.isLooking()) {
                    removed += orphans.look(nowS);
                }
                if (removed > 0) {
                    ctx.log.log(Level.NOTICE, "[cache " + cache.config.name() + "] removed "
                            + removed + " files that belonged to nothing");
                }
            } catch (IOException e) {
                ctx.log.log(Level.WARN, "[cache " + cache.config.name()
                        + "] cannot be swept: " + e);
            }
            return this::start;
        }
    }
}
