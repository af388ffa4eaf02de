package dev.sluice.master.metrics;

import dev.sluice.common.counters.BlockLabels;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterValues;
import dev.sluice.common.counters.HistogramCounts;
import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.ServerCounterId;
import dev.sluice.master.metrics.FleetReader.Look;
import dev.sluice.master.metrics.FleetReader.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes rows of sums. Stateless. */
final class FleetRows {

    private static final long[] NO_TIMES = {};

    private FleetRows() {
    }

    static Look of(FleetTotals sums, List<Row> workers, List<CacheTotals> caches) {
        List<Row> routes = new ArrayList<>();
        List<Row> servers = new ArrayList<>();
        List<Row> peers = new ArrayList<>();
        sums.servers.forEach((label, sum) -> {
            List<String> route = BlockLabels.route(label);
            if (BlockLabels.isServer(label)) {
                servers.add(row(label, sum));
            } else if (route != null) {
                routes.add(row(route.get(0).isEmpty() ? "all others"
                        : route.get(0) + " " + route.get(1), sum));
            }
        });
        sums.peers.forEach((label, sum) -> peers.add(new Row(label.upstream() + " " + label.peer(),
                sum.value(PeerCounterId.REQUESTS), 0, sum.value(PeerCounterId.FAILURES),
                sum.value(PeerCounterId.ACTIVE), counts(sum.times))));
        List<Row> reasons = new ArrayList<>();
        sums.terminations.forEach((reason, count) -> {
            if (count > 0) {
                reasons.add(new Row(reason, count, 0, 0, 0, NO_TIMES));
            }
        });
        return new Look(routes, servers, peers, scalar(sums, CounterId.REQUESTS),
                scalar(sums, CounterId.REQUESTS_ACTIVE),
                scalar(sums, CounterId.CONNECTIONS_ACTIVE),
                scalar(sums, CounterId.CONNECTIONS_IDLE), scalar(sums, CounterId.BYTES_SENT),
                workers, reasons, caches);
    }

    /** @param file {@code slot0-gen7-12.ctr} */
    static Row worker(Path file, CounterValues values) {
        String[] parts = file.getFileName().toString().split("-");
        String name = parts.length < 3 ? parts[0]
                : parts[0].replace("slot", "") + " of generation " + parts[1].replace("gen", "");
        return new Row(name, values.value(CounterId.REQUESTS), 0, 0,
                values.value(CounterId.REQUESTS_ACTIVE), NO_TIMES);
    }

    private static long scalar(FleetTotals sums, CounterId id) {
        return sums.scalars[id.ordinal()];
    }

    private static Row row(String name, FleetTotals.Block sum) {
        return new Row(name, sum.value(ServerCounterId.REQUESTS),
                sum.value(ServerCounterId.RESPONSES_4XX),
                sum.value(ServerCounterId.RESPONSES_5XX), 0, counts(sum.times));
    }

    private static long[] counts(HistogramCounts times) {
        long[] all = new long[times.bounds().bucketCount()];
        for (int i = 0; i < all.length; i++) {
            all[i] = times.count(i);
        }
        return all;
    }
}
