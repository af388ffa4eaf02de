package dev.sluice.worker.upstream;

import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.UpstreamConfig;
import dev.sluice.worker.loop.LoopContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All upstreams of a worker and what they share.
 *
 * <p>Written at boot, then read-only; the parts belong to the event loop.
 */
public final class Upstreams {

    private final Map<String, Upstream> byName = new LinkedHashMap<>();
    private final Connector connector;
    private final HostLookup lookup;

    private Upstreams(SluiceConfig config, LoopContext ctx, SharedPeers shared,
            HostLookup.Resolver resolver) {
        connector = new Connector(ctx);
        int peerIndex = 0;
        List<Peer> unresolved = new ArrayList<>();
        for (UpstreamConfig one : config.upstreams()) {
            Upstream upstream = new Upstream(one, ctx, peerIndex, shared);
            peerIndex += one.peers().size();
            byName.put(one.name(), upstream);
            for (Peer peer : upstream.peers()) {
                if (!peer.resolved()) {
                    unresolved.add(peer);
                }
            }
        }
        lookup = new HostLookup(ctx, unresolved, resolver);
    }

    /** Builds all upstreams; opens no socket and resolves no name. */
    public static Upstreams build(SluiceConfig config, LoopContext ctx, SharedPeers shared) {
        return build(config, ctx, shared, HostLookup.SYSTEM);
    }

    /** With another way to look names up, for tests. */
    public static Upstreams build(
            SluiceConfig config, LoopContext ctx, SharedPeers shared,
            HostLookup.Resolver resolver) {
        return new Upstreams(config, ctx, shared, resolver);
    }

    /** Null when there is none of this name, which the configuration has ruled out. */
    public Upstream upstream(String name) {
        return byName.get(name);
    }

    public Connector connector() {
        return connector;
    }

    /** Start it at boot, stop it at the end. */
    public HostLookup lookup() {
        return lookup;
    }

    /** Closes the idle connections of all peers: the worker drains. Called on the loop. */
    public void closeIdle() {
        byName.values().forEach(Upstream::closeIdle);
    }
}
