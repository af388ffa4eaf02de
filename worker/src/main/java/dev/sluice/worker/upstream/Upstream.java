package dev.sluice.worker.upstream;

import dev.sluice.common.config.BalanceConfig;
import dev.sluice.common.config.PeerConfig;
import dev.sluice.common.config.UpstreamConfig;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.PeerCounters;
import dev.sluice.common.log.Level;
import dev.sluice.common.zones.PeerTable;
import dev.sluice.worker.balance.Balancer;
import dev.sluice.worker.loop.LoopContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A named group of peers. Backup peers are chosen only while no primary one can be used.
 *
 * <p>Owner: event loop.
 */
public final class Upstream {

    /** A peer that another worker has filled or probes in this moment is not met that often. */
    private static final int BEGIN_TRIES = 4;

    private static final int RETRY_AFTER_MAX_S = 60;
    private static final TriedPeers NOBODY = new TriedPeers();

    public final UpstreamConfig config;
    final List<Peer> peers;
    private final LoopContext ctx;
    private final List<PeerPlaces> places = new ArrayList<>();
    private final PeerGroup primaries;
    private final PeerGroup backups;
    /** Those that are not configured to be down. */
    private final Peer[] members;
    private final long[] secret;
    /** Whether times of answers are kept. */
    final boolean measures;
    private boolean tookProbe;
    private final RetryBudget budget = new RetryBudget();
    /** Null without. */
    private final Circuit circuit;
    /** Where requests wait while all peers are busy; null without. */
    public final WaitQueue queue;

    /** @param firstPeerIndex of its peers in the flattened list of all upstreams' peers */
    Upstream(UpstreamConfig config, LoopContext ctx, int firstPeerIndex, SharedPeers shared) {
        this.config = config;
        this.ctx = ctx;
        measures = config.balance().method() == BalanceConfig.Method.EWMA;
        List<Peer> all = new ArrayList<>();
        List<Peer> first = new ArrayList<>();
        List<Peer> second = new ArrayList<>();
        for (int i = 0; i < config.peers().size(); i++) {
            PeerConfig peerConfig = config.peers().get(i);
            PeerCounters counters = ctx.counters.peer(firstPeerIndex + i);
            List<Peer> mine = new ArrayList<>();
            for (String name : peerConfig.places()) {
                mine.add(new Peer(peerConfig, name, this, ctx, counters,
                        shared.row(config.name(), name)));
            }
            all.addAll(mine);
            int half = peerConfig.addressesMax() == 0 ? 1 : peerConfig.addressesMax();
            (peerConfig.backup() ? second : first).addAll(mine.subList(0, half));
            second.addAll(mine.subList(half, mine.size()));
            if (peerConfig.addressesMax() > 0) {
                places.add(new PeerPlaces(peerConfig, this, ctx, mine));
            }
        }
        peers = List.copyOf(all);
        members = all.stream().filter(peer -> !peer.config.down()).toArray(Peer[]::new);
        primaries = new PeerGroup(first, config);
        backups = new PeerGroup(second, config);
        secret = shared.secret();
        queue = config.queue() == null ? null : new WaitQueue(ctx, this);
        circuit = config.circuit() == null ? null
                : new Circuit(shared.row(config.name(), PeerTable.CIRCUIT),
                        config.circuit().failures(), config.circuit().openMs());
    }

    public String name() {
        return config.name();
    }

    /** Used at boot, where a module chooses among the peers. @param made one for each group */
    public void balanceBy(Supplier<Balancer> made) {
        primaries.balanceBy(made.get());
        backups.balanceBy(made.get());
    }

    /** 128 bits that all workers know and nobody else. */
    public long[] secret() {
        return secret.clone();
    }

    /**
     * Chooses a peer and begins an attempt there.
     *
     * @param wanted the peer that the request belongs to, or null
     * @param key hash of what it is balanced by
     * @return null when no peer can be used now
     */
    public Peer take(TriedPeers tried, Peer wanted, long key) {
        assert ctx.loop.inEventLoop();
        long nowNs = ctx.clock.nowNs();
        if (!circuitAdmits(nowNs)) {
            return null;
        }
        if (wanted != null && wanted.usable(nowNs) && !tried.has(wanted) && began(wanted, nowNs)) {
            return wanted;
        }
        for (int i = 0; i < BEGIN_TRIES; i++) {
            Peer peer = primaries.pick(tried, key, nowNs);
            if (peer == null) {
                peer = backups.pick(tried, key, nowNs);
            }
            if (peer == null || began(peer, nowNs)) {
                return peer;
            }
        }
        return null;
    }

    private boolean circuitAdmits(long nowNs) {
        return circuit == null || circuit.admits(nowNs / Peer.NS_PER_MS);
    }

    /** Whether it is left alone now, because requests there have failed one after the other. */
    public boolean isLeftAlone() {
        return !circuitAdmits(ctx.clock.nowNs());
    }

    private boolean began(Peer peer, long nowNs) {
        if (circuit != null && !circuit.enter(nowNs / Peer.NS_PER_MS)) {
            return false;
        }
        PeerHealth.Choice choice = peer.begin(nowNs);
        tookProbe = choice == PeerHealth.Choice.GO_AS_PROBE;
        return choice != PeerHealth.Choice.TOO_LATE;
    }

    /** Whether the attempt that {@link #take} has just begun is a probe. */
    public boolean tookProbe() {
        return tookProbe;
    }

    /** Whether {@link #take} would most likely find a peer. */
    public boolean hasUsable(TriedPeers tried) {
        long nowNs = ctx.clock.nowNs();
        return circuitAdmits(nowNs)
                && (primaries.hasUsable(tried, nowNs) || backups.hasUsable(tried, nowNs));
    }

    /** Whether somebody waits for a peer. */
    public boolean hasQueue() {
        return queue != null && queue.count() > 0;
    }

    boolean hasPlace() {
        return hasUsable(NOBODY);
    }

    /** Whether a peer would serve if it were not at its max_conns. */
    public boolean isBusy() {
        long nowNs = ctx.clock.nowNs();
        for (Peer peer : members) {
            if (!peer.config.drain() && peer.healthy(nowNs)) {
                return true;
            }
        }
        return false;
    }

    /** When it is worth to ask again, for Retry-After: when the next peer is tried again. */
    public int retryAfterS() {
        long nowMs = ctx.clock.nowNs() / Peer.NS_PER_MS;
        long least = RETRY_AFTER_MAX_S * 1000L;
        for (Peer peer : members) {
            least = Math.min(least, peer.health.usableAtMs() - nowMs);
        }
        if (circuit != null) {
            least = Math.max(least, circuit.opensAtMs() - nowMs);
        }
        return (int) Math.max(1, (least + 999) / 1000);
    }

    /** A request begins its first attempt: its share of the retries' budget. */
    public void requestBegins() {
        budget.request(ctx.clock.nowNs());
    }

    /** Asks for one retry, which is counted as made when it is allowed, else as refused. */
    public boolean mayRetry(int percent) {
        boolean allowed = budget.take(percent, ctx.clock.nowNs());
        ctx.counters.add(allowed ? CounterId.UPSTREAM_RETRIES
                : CounterId.UPSTREAM_RETRIES_REFUSED, 1);
        return allowed;
    }

    /** Whether this peer may be set aside: another can serve, and half of them stay. */
    boolean mayEject(Peer one, long nowNs) {
        return (primaries.hasHealthyBeside(one, nowNs) || backups.hasHealthyBeside(one, nowNs))
                && (ejectedBeside(one) + 1) * 2 <= memberCount();
    }

    /** Workers may have ejected different peers at once. */
    boolean tooManyEjected() {
        return ejectedBeside(null) * 2 > memberCount();
    }

    /** Without those that have no address. */
    private int memberCount() {
        int count = 0;
        for (Peer peer : members) {
            count += peer.resolved() ? 1 : 0;
        }
        return count;
    }

    private int ejectedBeside(Peer one) {
        int count = 0;
        for (Peer peer : members) {
            if (peer != one && peer.resolved() && peer.health.state() != PeerHealth.State.UP) {
                count++;
            }
        }
        return count;
    }

    /** @param wasUp false when it rested, and the request that was to find out has failed */
    void wentDown(Peer peer, long restMs, boolean wasUp) {
        int fails = peer.config.maxFails();
        ctx.log.log(Level.WARN, "peer " + peer.label() + " of upstream " + config.name()
                + " is set aside for " + restMs + " ms " + (wasUp
                        ? "after " + fails + (fails == 1 ? " failure" : " failures")
                        : "more, as it has failed when it was tried again"));
    }

    /** One of its peers has answered well. */
    void answered() {
        if (circuit != null && circuit.succeeded()) {
            ctx.log.log(Level.NOTICE, "upstream " + config.name() + " answers again");
        }
    }

    /** One of its peers has failed. */
    void attemptFailed(long nowNs) {
        if (circuit != null && circuit.failed(nowNs / Peer.NS_PER_MS)) {
            ctx.log.log(Level.ERROR, "upstream " + config.name() + " is left alone for "
                    + config.circuit().openMs() + " ms, its requests fail one after the other");
        }
    }

    void closeIdle() {
        for (Peer peer : peers) {
            peer.closeIdle();
        }
    }

    /** Those of its peers that stand for the addresses of a name. */
    List<PeerPlaces> places() {
        return places;
    }

    /** Its peers in the order of the configuration, for status and tests. */
    public List<Peer> peers() {
        return peers;
    }
}
