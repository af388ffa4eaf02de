package dev.sluice.master.metrics;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterKind;
import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.PeerLabel;
import dev.sluice.common.counters.ServerCounterId;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Map;
import java.util.function.Supplier;

/** Gives the sums over all workers to the registry. Owner: the thread that renders. */
final class FleetCollector implements MultiCollector {
    private final Supplier<FleetTotals> totals;

    FleetCollector(Supplier<FleetTotals> totals) {
        this.totals = totals;
    }

    @Override
    public MetricSnapshots collect() {
        FleetTotals sums = totals.get();
        Families families = new Families();
        for (CounterId id : CounterId.values()) {
            Labels labels =
                    id.labelName().isEmpty()
                            ? Labels.EMPTY
                            : Labels.of(id.labelName(), id.labelValue());
            families.add(id.kind(), id.metric(), id.help(), labels, sums.scalars[id.ordinal()]);
        }
        for (Map.Entry<String, Long> e : sums.terminations.entrySet()) {
            families.add(
                    CounterKind.TOTAL,
                    "sluice_terminations_total",
                    "Ends of exchanges by reason; anything but done suggests where to look.",
                    Labels.of("reason", e.getKey()),
                    e.getValue());
        }
        families.addHistogram(
                "sluice_worker_loop_lag_seconds",
                "How late event loops came back to their work; long ones delay all clients.",
                Labels.EMPTY,
                sums.loopLag);
        sums.servers.forEach((server, sum) -> addServer(families, server, sum));
        sums.peers.forEach((peer, sum) -> addPeer(families, peer, sum));
        ModuleFamilies.add(families, sums.named);
        return families.build();
    }

    private static void addServer(Families families, String server, FleetTotals.Block sum) {
        Labels labels = Labels.of("server", server);
        for (ServerCounterId id : ServerCounterId.values()) {
            families.add(
                    id.kind(),
                    id.metric(),
                    id.help(),
                    withClass(labels, id.statusClass()),
                    sum.value(id));
        }
        families.addHistogram(
                "sluice_http_request_duration_seconds",
                "From the first byte of a request to the last of its response.",
                labels,
                sum.times);
    }

    private static void addPeer(Families families, PeerLabel peer, FleetTotals.Block sum) {
        Labels labels = Labels.of("upstream", peer.upstream(), "peer", peer.peer());
        for (PeerCounterId id : PeerCounterId.values()) {
            families.add(
                    id.kind(),
                    id.metric(),
                    id.help(),
                    withClass(labels, id.statusClass()),
                    sum.value(id));
        }
        families.addHistogram(
                "sluice_upstream_response_seconds",
                "From sending a request to this peer to the last byte of its response.",
                labels,
                sum.times);
    }

    private static Labels withClass(Labels labels, String statusClass) {
        return statusClass.isEmpty() ? labels : labels.add("class", statusClass);
    }
}
