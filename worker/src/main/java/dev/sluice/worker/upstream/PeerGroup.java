package dev.sluice.worker.upstream;

import dev.sluice.common.config.UpstreamConfig;
import dev.sluice.worker.balance.Balancer;
import dev.sluice.worker.balance.Candidates;
import dev.sluice.worker.balance.LeastConnections;
import dev.sluice.worker.balance.SmoothRoundRobin;
import java.util.List;

/** The primary or the backup peers of an upstream, with a balancer. Owner: event loop. */
final class PeerGroup implements Candidates {

    private final Peer[] peers;
    private final Balancer balancer;
    /** Of the choice at hand. */
    private TriedPeers tried;
    private long nowNs;

    PeerGroup(List<Peer> members, UpstreamConfig.Balance balance) {
        peers = members.toArray(new Peer[0]);
        balancer = switch (balance) {
            case ROUND_ROBIN -> new SmoothRoundRobin(peers.length);
            case LEAST_CONN -> new LeastConnections(peers.length);
        };
    }

    /** @return the peer to use, or null */
    Peer pick(TriedPeers without, long atNs) {
        tried = without;
        nowNs = atNs;
        int index = balancer.pick(this);
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
    public int weight(int index) {
        return peers[index].config.weight();
    }

    @Override
    public int inFlight(int index) {
        return peers[index].inFlight();
    }

    @Override
    public boolean usable(int index) {
        return peers[index].usable(nowNs) && !tried.has(peers[index]);
    }
}
