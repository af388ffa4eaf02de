package dev.sluice.worker.cache;

import dev.sluice.common.cache.CacheFolder;
import dev.sluice.common.cache.CacheOwner;
import dev.sluice.common.config.CacheConfig;
import dev.sluice.common.config.CacheUse;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.exchange.ValueTemplate;
import dev.sluice.worker.loop.LoopContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The caches of a worker.
 *
 * <p>Owner: event loop, after boot.
 */
public final class Caches {

    private final LoopContext ctx;
    private final int headersMax;
    private final Function<String, ValueTemplate> templates;
    private final CacheReaders readers = new CacheReaders();
    private final Map<String, Cache> caches = new HashMap<>();

    /**
     * Opens the folders. One that cannot be used is told of, and its locations work without until
     * it can, see {@link CacheKeeper}.
     *
     * @param templates compiles values with variables
     */
    public Caches(SluiceConfig config, LoopContext ctx,
            Function<String, ValueTemplate> templates) {
        this.ctx = ctx;
        this.headersMax = config.http().maxHeaders();
        this.templates = templates;
        CacheOwner owner = new CacheOwner(config.main().runDirectory(),
                ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L));
        for (CacheConfig one : config.caches()) {
            caches.put(one.name(), cacheOf(one, owner));
        }
    }

    private Cache cacheOf(CacheConfig one, CacheOwner owner) {
        if (one.path().equals(CacheConfig.IN_MEMORY)) {
            return new Cache(one, CacheFolder.inMemory(one.name(), one.keys()), ctx);
        }
        Path path = Path.of(one.path());
        try {
            return new Cache(one, CacheFolder.open(path, one.name(), one.keys(),
                    ctx.clock.nowMs(), owner), ctx);
        } catch (IOException e) {
            Cache cache = new Cache(one,
                    CacheFolder.absent(path, one.name(), one.keys(), owner), ctx);
            cache.trouble.unusable(path, e);
            return cache;
        }
    }

    /** What answers a location out of its cache, in front of what answers it without. */
    public ContentHandler handlerOf(Location location, ContentHandler inner) {
        CacheUse use = location.config.proxy().cache();
        if (use.statusField()) {
            location.headRules(StatusField.before(location.headRules()));
        }
        return new CacheHandler(
                new CachePlan(caches.get(use.name()), location.config, inner, templates),
                readers, headersMax);
    }

    /** The worker serves: it looks after its caches. */
    public void start() {
        for (Cache cache : caches.values()) {
            new CacheKeeper(ctx, cache).start();
        }
    }
}
