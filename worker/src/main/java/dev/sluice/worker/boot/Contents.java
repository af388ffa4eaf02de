package dev.sluice.worker.boot;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.worker.cache.Caches;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.proxy.ProxyHandlers;
import dev.sluice.worker.route.ContentFactory;
import dev.sluice.worker.statics.StaticFiles;
import dev.sluice.worker.tunnel.Tunnels;
import dev.sluice.worker.upstream.Upstreams;

/** What answers in the locations of a worker. Used at boot. */
final class Contents implements ContentFactory {

    private final SluiceConfig config;
    private final LoopContext ctx;
    private final Upstreams upstreams;
    private final ProxyHandlers proxies;
    private final StaticFiles files;
    /** Null when there are none. */
    private final Caches caches;
    /** Null until the first: nothing of them is loaded where CONNECT is refused. */
    private Tunnels tunnels;

    Contents(SluiceConfig config, LoopContext ctx, Upstreams upstreams, ProxyHandlers proxies,
            StaticFiles files, Caches caches) {
        this.caches = caches;
        this.config = config;
        this.ctx = ctx;
        this.upstreams = upstreams;
        this.proxies = proxies;
        this.files = files;
    }

    @Override
    public ContentHandler contentFor(LocationConfig location, Location compiled) {
        assert compiled.config == location;
        if (location.proxy() == null) {
            return files.handler(location);
        }
        ContentHandler proxy = proxies.handlerOf(location);
        return caches == null || location.proxy().cache() == null ? proxy
                : caches.handlerOf(compiled, proxy);
    }

    @Override
    public ContentHandler tunnelFor(LocationConfig location) {
        if (tunnels == null) {
            tunnels = new Tunnels(config, ctx, upstreams);
        }
        return tunnels.handlerOf(location.connect());
    }
}
