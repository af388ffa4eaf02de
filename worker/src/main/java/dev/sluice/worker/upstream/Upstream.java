package dev.sluice.worker.upstream;

import dev.sluice.common.config.PeerConfig;
import dev.sluice.common.config.UpstreamConfig;
import dev.sluice.common.log.Level;
import dev.sluice.worker.loop.LoopContext;
import java.util.ArrayList;
import java.util.List;

/**
 * A named group of peers. Backup peers are chosen only while no primary one can be used.
 *
 * <p>Owner: event loop.
 */
public final class Upstream {

    public final UpstreamConfig config;
    final List<Peer> peers;
    private final LoopContext ctx;
    private final PeerGroup primaries;
    private final PeerGroup backups;

    /** @param firstPeerIndex of its peers in the flattened list of all upstreams' peers */
    Upstream(UpstreamConfig config, LoopContext ctx, int firstPeerIndex) {
        this.config = config;
        this.ctx = ctx;
        List<Peer> all = new ArrayList<>();
        List<Peer> first = new ArrayList<>();
        List<Peer> second = new ArrayList<>();
        for (PeerConfig peerConfig : config.peers()) {
            Peer peer = new Peer(peerConfig, this, config, ctx,
                    ctx.counters.peer(firstPeerIndex + all.size()));
            all.add(peer);
            (peerConfig.backup() ? second : first).add(peer);
        }
        peers = List.copyOf(all);
        primaries = new PeerGroup(first, config.balance());
        backups = new PeerGroup(second, config.balance());
    }

    public String name() {
        return config.name();
    }

    /** @return the peer for the next attempt, or null when none can be used now */
    public Peer pick(TriedPeers tried) {
        assert ctx.loop.inEventLoop();
        long nowNs = ctx.clock.nowNs();
        Peer primary = primaries.pick(tried, nowNs);
        return primary != null ? primary : backups.pick(tried, nowNs);
    }

    /** Whether {@link #pick} would find a peer. */
    public boolean hasUsable(TriedPeers tried) {
        long nowNs = ctx.clock.nowNs();
        return primaries.hasUsable(tried, nowNs) || backups.hasUsable(tried, nowNs);
    }

    boolean isLastUsable(Peer one, long nowNs) {
        return !primaries.hasHealthyBeside(one, nowNs) && !backups.hasHealthyBeside(one, nowNs);
    }

    void wentDown(Peer peer) {
        ctx.log.log(Level.WARN, "peer " + peer.config.text() + " of upstream " + config.name()
                + " is set aside for " + peer.config.failTimeoutMs() + " ms after "
                + peer.config.maxFails() + " failures");
    }

    void closeIdle() {
        for (Peer peer : peers) {
            peer.idle.closeAll();
        }
    }

    /** Its peers in the order of the configuration, for status and tests. */
    public List<Peer> peers() {
        return peers;
    }
}
