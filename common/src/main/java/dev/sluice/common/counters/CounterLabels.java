package dev.sluice.common.counters;

import java.util.ArrayList;
import java.util.List;

/**
 * What the blocks of a counter file belong to: servers in the order of the configuration, peers of
 * all upstreams flattened in that order, and the reasons an exchange ends. Immutable.
 */
public record CounterLabels(
        List<String> servers, List<PeerLabel> peers, List<String> terminations) {
    public CounterLabels {
        servers = List.copyOf(servers);
        peers = List.copyOf(peers);
        terminations = List.copyOf(terminations);
    }

    public CounterLabels(List<String> servers, List<PeerLabel> peers) {
        this(servers, peers, Termination.labels());
    }

    /** Labels server0.. and upstream0/peer0.. for tests. */
    public static CounterLabels numbered(int serverCount, int peerCount) {
        List<String> servers = new ArrayList<>();
        for (int i = 0; i < serverCount; i++) {
            servers.add("server" + i);
        }
        List<PeerLabel> peers = new ArrayList<>();
        for (int i = 0; i < peerCount; i++) {
            peers.add(new PeerLabel("upstream" + i, "peer" + i));
        }
        return new CounterLabels(servers, peers);
    }
}
