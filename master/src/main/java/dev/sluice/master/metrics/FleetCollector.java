package dev.sluice.master.metrics;

import dev.sluice.common.counters.BlockLabels;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterKind;
import dev.sluice.common.counters.CounterValues;
import dev.sluice.common.counters.HistogramBounds;
import dev.sluice.common.counters.HistogramCounts;
import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.PeerLabel;
import dev.sluice.common.counters.ServerCounterId;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Gives the sums over all workers to the registry. Owner: the thread that renders. */
final class FleetCollector implements MultiCollector {
    private final Supplier<FleetTotals> totals;

    private final MetricsSource source;

    private final Function<Path, CounterValues> values;

    /** @param values what a file held when the totals were made; null for none */
    FleetCollector(Supplier<FleetTotals> totals, MetricsSource source,
            Function<Path, CounterValues> values) {
        this.totals = totals;
        this.source = source;
        this.values = values;
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
        sums.servers.forEach((label, sum) -> addBlock(families, label, sum));
        sums.peers.forEach((peer, sum) -> addPeer(families, peer, sum));
        addUpstreams(families, sums);
        ModuleFamilies.add(families, sums.named);
        StubStatus.add(families, sums, source.workers() > 0);
        source.processes().forEach(facts ->
                ProcessFamilies.add(families, facts, values.apply(facts.counters())));
        return families.build();
    }

    private static void addBlock(Families families, String label, FleetTotals.Block sum) {
        List<String> route = BlockLabels.route(label);
        List<String> phase = BlockLabels.phase(label);
        if (BlockLabels.isServer(label)) {
            addServer(families, label, sum);
        } else if (route != null) {
            addRoute(families, route, sum);
        } else if (phase != null) {
            boolean connect = phase.get(1).equals("connect");
            families.addHistogram(connect ? "sluice_upstream_connect_seconds"
                    : "sluice_upstream_header_seconds", connect
                    ? "How long it took to have a connection to a peer; 0 for a kept one."
                    : "From sending a request to a peer to the end of its response's head.",
                    Labels.of("upstream", phase.get(0)), sum.times);
        }
    }

    /** The first locations of the file; all further ones are one. */
    private static void addRoute(Families families, List<String> route, FleetTotals.Block sum) {
        Labels labels = Labels.of("server", route.get(0), "route", route.get(1));
        for (ServerCounterId id : ServerCounterId.values()) {
            if (!id.statusClass().isEmpty()) {
                families.add(CounterKind.TOTAL, "sluice_route_responses_total",
                        "Responses of a location by class of status.",
                        withClass(labels, id.statusClass()), sum.value(id));
            }
        }
        families.addHistogram("sluice_route_request_duration_seconds",
                "From the first byte of a request to the last of its response, by location.",
                labels, sum.times);
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

    /** Of those upstreams whose other times there are: the sum of their peers. */
    private static void addUpstreams(Families families, FleetTotals sums) {
        Map<String, HistogramCounts> times = new LinkedHashMap<>();
        for (String label : sums.servers.keySet()) {
            List<String> phase = BlockLabels.phase(label);
            if (phase != null) {
                times.put(phase.getFirst(), new HistogramCounts(HistogramBounds.TIMES));
            }
        }
        sums.peers.forEach((peer, sum) -> {
            HistogramCounts all = times.get(peer.upstream());
            if (all != null) {
                all.add(sum.times);
            }
        });
        times.forEach((upstream, all) -> families.addHistogram("sluice_upstream_duration_seconds",
                "From sending a request to any peer to the last byte of its response.",
                Labels.of("upstream", upstream), all));
    }

    private static Labels withClass(Labels labels, String statusClass) {
        return statusClass.isEmpty() ? labels : labels.add("class", statusClass);
    }
}
