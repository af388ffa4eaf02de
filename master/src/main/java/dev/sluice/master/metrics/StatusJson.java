package dev.sluice.master.metrics;

import dev.sluice.common.counters.BlockLabels;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterValues;
import dev.sluice.common.counters.HistogramBounds;
import dev.sluice.common.counters.HistogramCounts;
import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.ServerCounterId;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * {@code /status.json}: totals and levels of the moment, as /metrics has them, and what the status
 * page and {@code sluice top} make rates of. Histograms are the counts of {@link
 * HistogramBounds#TIMES}, whose bounds come along in seconds. One object, in this order: {@code
 * generation workers respawns reloads lastReload counters reasons examples servers routes peers
 * caches limits modules certificates processes bounds}. Stateless.
 */
final class StatusJson {

    private static final double NS_PER_SECOND = 1e9;

    private StatusJson() {
    }

    /** @param values what a worker's file held when the totals were made */
    static String text(FleetTotals sums, MetricsSource source,
            Function<Path, CounterValues> values) {
        List<WorkerProcessFacts> processes = source.processes();
        JsonText json = new JsonText().open('{');
        json.number("generation", source.generation()).number("workers", source.workers())
                .number("respawns", source.respawns());
        json.key("reloads").open('{');
        for (String result : MetricsSource.RELOAD_RESULTS) {
            json.number(result, source.reloads(result));
        }
        json.close('}').key("lastReload").open('{')
                .number("good", source.lastReloadGood() ? 1 : 0)
                .number("goodMs", source.lastGoodReloadMs());
        json.close('}').key("counters").open('{');
        for (CounterId id : CounterId.values()) {
            json.number(id.name().toLowerCase(Locale.ROOT), sums.scalars[id.ordinal()]);
        }
        json.close('}').key("reasons").open('{');
        sums.terminations.forEach(json::number);
        json.close('}');
        StatusParts.examples(json, LastErrors.of(processes));
        blocks(json, "servers", sums, BlockLabels::isServer);
        blocks(json, "routes", sums, label -> BlockLabels.route(label) != null);
        peers(json, sums);
        StatusParts.caches(json, source.caches());
        StatusParts.limits(json, source.limits());
        StatusParts.modules(json, source.modules(), sums.named);
        StatusParts.certificates(json, source.certificateEndsMs());
        StatusParts.processes(json, processes, values);
        json.key("bounds").open('[');
        for (int i = 0; i < HistogramBounds.TIMES.bucketCount() - 1; i++) {
            json.element(HistogramBounds.TIMES.boundNs(i) / NS_PER_SECOND);
        }
        return json.close(']').close('}').toString();
    }

    private static void blocks(JsonText json, String what, FleetTotals sums,
            Predicate<String> which) {
        json.key(what).open('[');
        for (Map.Entry<String, FleetTotals.Block> one : sums.servers.entrySet()) {
            if (!which.test(one.getKey())) {
                continue;
            }
            List<String> route = BlockLabels.route(one.getKey());
            json.open('{').text("server", route == null ? one.getKey() : route.get(0));
            if (route != null) {
                json.text("route", route.get(1));
            }
            FleetTotals.Block sum = one.getValue();
            json.number("requests", sum.value(ServerCounterId.REQUESTS))
                    .number("4xx", sum.value(ServerCounterId.RESPONSES_4XX))
                    .number("5xx", sum.value(ServerCounterId.RESPONSES_5XX))
                    .number("sent", sum.value(ServerCounterId.BYTES_SENT));
            times(json, sum.times);
            json.close('}');
        }
        json.close(']');
    }

    private static void times(JsonText json, HistogramCounts times) {
        json.key("times").open('[');
        for (int i = 0; i < HistogramBounds.TIMES.bucketCount(); i++) {
            json.element(times.count(i));
        }
        json.close(']');
    }

    private static void peers(JsonText json, FleetTotals sums) {
        json.key("peers").open('[');
        sums.peers.forEach((label, sum) -> {
            json.open('{').text("upstream", label.upstream()).text("peer", label.peer());
            for (PeerCounterId id : PeerCounterId.values()) {
                json.number(id.name().toLowerCase(Locale.ROOT), sum.value(id));
            }
            times(json, sum.times);
            json.close('}');
        });
        json.close(']');
    }
}
