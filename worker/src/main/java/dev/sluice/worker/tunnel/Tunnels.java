package dev.sluice.worker.tunnel;

import dev.sluice.common.config.ConnectConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.TransportConfig;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.counters.PeerCounters;
import dev.sluice.worker.answer.ExchangeLines;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.upstream.Connector;
import dev.sluice.worker.upstream.Upstreams;

/**
 * What the tunnels of a worker share.
 *
 * <p>Written at boot, then read-only; the parts belong to the event loop.
 */
public final class Tunnels {

    final LoopContext ctx;
    final Connector connector;
    final KnownNames names;
    final ExchangeLines lines;
    /** Targets are no peers and have no counters; the exchanges count their bytes. */
    final PeerCounters unwatched = CounterWriter.inMemory(1, 1).peer(0);
    private final Upstreams upstreams;

    public Tunnels(SluiceConfig config, LoopContext ctx, Upstreams upstreams) {
        this.ctx = ctx;
        this.upstreams = upstreams;
        this.connector = upstreams.connector();
        this.names = new KnownNames(ctx.clock, upstreams.names());
        this.lines = new ExchangeLines(config);
    }

    /** What answers CONNECT in a location of this configuration. */
    public ContentHandler handlerOf(ConnectConfig config) {
        TunnelPlan plan = new TunnelPlan(this, config, upstreams.transport(
                new TransportConfig(null, config.bindAddress(), 0, false, null)));
        return x -> new Tunnel(plan).begin(x);
    }
}
