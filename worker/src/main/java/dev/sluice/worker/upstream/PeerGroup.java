package dev.sluice.worker.upstream;

import dev.sluice.common.config.BalanceConfig;
import dev.sluice.common.config.UpstreamConfig;
import dev.sluice.common.zones.PeerTable;
import dev.sluice.worker.balance.Balancer;
import dev.sluice.worker.balance.Candidates;
import dev.sluice.worker.balance.LeastConnections;
import dev.sluice.worker.balance.LeastTime;
import dev.sluice.worker.balance.RandomTwo;
import dev.sluice.worker.balance.Rendezvous;
import dev.sluice.worker.balance.SmoothRoundRobin;
import java.util.List;
import java.util.SplittableRandom;

/** The primary or the backup peers of an upstream, with a balancer. Owner: event loop. */
final class PeerGroup implements Candidates {

    private final Peer[] peers;
    private Balancer balancer;
    /** Of the choice at hand. */
    private TriedPeers tried;
    private long nowNs;

    PeerGroup(List<Peer> members, UpstreamConfig config) {
        peers = members.toArray(new Peer[0]);
        balancer = balancer(config.balance(), config.name());
    }

    private Balancer balancer(BalanceConfig balance, String upstream) {
        int count = peers.length;
        return switch (balance.method()) {
            case ROUND_ROBIN -> new SmoothRoundRobin(count);
            case LEAST_CONN -> new LeastConnections(count);
            case RANDOM_TWO -> new RandomTwo(new SplittableRandom().nextLong());
            case EWMA -> new LeastTime();
            // Until its module is open.
            case MODULE -> new LeastConnections(count);
            case IP_HASH, HASH -> new Rendezvous(names(upstream), balance.boundPercent());
        };
    }

    /** Used at boot: a balancer that comes later than the peers. */
    void balanceBy(Balancer later) {
        balancer = later;
    }

    /** Of a peer's text alone: the same keys find it whatever its place in the list. */
    private long[] names(String upstream) {
        long[] names = new long[peers.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = PeerTable.key(upstream, peers[i].name());
        }
        return names;
    }

    /** @return the peer to use, or null */
    Peer pick(TriedPeers without, long key, long atNs) {
        tried = without;
        nowNs = atNs;
        int index = balancer.pick(this, key);
        return index == Balancer.NONE ? null : peers[index];
    }

    boolean hasUsable(TriedPeers without, long atNs) {
        tried = without;
        nowNs = atNs;
        for (int i = 0; i < peers.length; i++) {
            if (usable(i)) {
                return true;
            }
        }
        return false;
    }

    boolean hasHealthyBeside(Peer one, long atNs) {
        for (Peer peer : peers) {
            if (peer != one && peer.healthy(atNs)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int count() {
        return peers.length;
    }

    @Override
    public String name(int index) {
        return peers[index].name();
    }

    @Override
    public int weight(int index) {
        return peers[index].weight(nowNs);
    }

    @Override
    public int inFlight(int index) {
        return peers[index].inFlight();
    }

    @Override
    public long latencyNs(int index) {
        return peers[index].latencyNs(nowNs);
    }

    /** A peer that drains is not chosen: only its cookie leads there. */
    @Override
    public boolean usable(int index) {
        Peer peer = peers[index];
        return !peer.config.drain() && peer.usable(nowNs) && !tried.has(peer);
    }
}
