package dev.sluice.common.counters;

import dev.sluice.common.config.PeerConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.UpstreamConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * What the blocks of a counter file belong to: servers in the order of the configuration with what
 * has their shape behind them ({@link BlockLabels}), peers of
 * all upstreams flattened in that order, the reasons an exchange ends, and totals that have nothing
 * but a name: those of modules, {@link ModuleTotals}. Immutable.
 */
public record CounterLabels(
        List<String> servers, List<PeerLabel> peers, List<String> terminations,
        List<String> named) {
    public CounterLabels {
        servers = List.copyOf(servers);
        peers = List.copyOf(peers);
        terminations = List.copyOf(terminations);
        named = List.copyOf(named);
    }

    public CounterLabels(
            List<String> servers, List<PeerLabel> peers, List<String> terminations) {
        this(servers, peers, terminations, List.of());
    }

    public CounterLabels(List<String> servers, List<PeerLabel> peers) {
        this(servers, peers, Termination.labels());
    }

    /** The labels of a configuration, in the order by which the worker asks for its counters. */
    public static CounterLabels of(SluiceConfig config) {
        List<PeerLabel> peers = new ArrayList<>();
        for (UpstreamConfig upstream : config.upstreams()) {
            for (PeerConfig peer : upstream.peers()) {
                peers.add(new PeerLabel(upstream.name(), peer.text()));
            }
        }
        return new CounterLabels(
                BlockLabels.of(config), peers,
                Termination.labels(), config.modules().isEmpty() ? List.of()
                        : ModuleTotals.names(config.modules()));
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
