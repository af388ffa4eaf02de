package dev.sluice.master.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.control.OperatorPage;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterLabels;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.PeerLabel;
import dev.sluice.common.counters.Termination;
import dev.sluice.common.log.ErrorLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The text is parsed line by line: what a scraper sees, and that totals never go back. */
final class MetricsTextTest {
    private static final CounterLabels LABELS =
            new CounterLabels(
                    List.of("www", "say \"hi\"\\"),
                    List.of(new PeerLabel("api", "10.0.0.1:80"), new PeerLabel("api", "b:81")));

    @TempDir Path dir;

    private final TestFleet fleet = new TestFleet();
    private final MetricsText metrics = new MetricsText(fleet, ErrorLog.NONE);

    @Test
    void sumsWorkersAndNamesEverything() throws IOException {
        CounterWriter a = fleet.start(dir.resolve("a"), LABELS);
        CounterWriter b = fleet.start(dir.resolve("b"), LABELS);
        a.add(CounterId.REQUESTS, 3);
        b.add(CounterId.REQUESTS, 4);
        a.add(CounterId.CONNECTIONS_ACTIVE, 2);
        b.add(CounterId.CONNECTIONS_ACTIVE, 5);
        a.add(CounterId.FILE_CACHE_MISSES, 1);
        a.server(0).recordRequest(200, 100, 1000, 250_000);
        b.server(0).recordRequest(503, 10, 20, 2_000_000_000L);
        b.peer(1).add(PeerCounterId.REQUESTS, 9);
        b.peer(1).recordStatus(502);
        b.peer(1).recordResponseNs(100_000);
        b.termination(Termination.UPSTREAM_REFUSED);
        a.recordLoopLagNs(15_000);

        Map<String, Double> values = parse(metrics.render());

        assertEquals(7, values.get("sluice_http_requests_total"));
        assertEquals(1_795_197_600.5, values.get(
                "sluice_certificate_not_after_timestamp_seconds{file=\"/etc/a.crt\"}"));
        assertEquals(7, values.get("sluice_connections_active"));
        assertEquals(1, values.get("sluice_file_cache_lookups_total{result=\"miss\"}"));
        assertEquals(0, values.get("sluice_file_cache_lookups_total{result=\"hit\"}"));
        assertEquals(1, get(values, "sluice_http_responses_total", "class=2xx", "server=www"));
        assertEquals(1, get(values, "sluice_http_responses_total", "class=5xx", "server=www"));
        assertEquals(110, values.get("sluice_server_bytes_received_total{server=\"www\"}"));
        assertEquals(
                0, values.get("sluice_server_requests_total{server=\"say \\\"hi\\\"\\\\\"}"));
        assertEquals(
                9, get(values, "sluice_upstream_requests_total", "peer=b:81", "upstream=api"));
        assertEquals(
                1,
                get(
                        values,
                        "sluice_upstream_responses_total",
                        "class=5xx",
                        "peer=b:81",
                        "upstream=api"));
        assertEquals(
                1,
                get(
                        values,
                        "sluice_upstream_response_seconds_bucket",
                        "le=1.0E-4",
                        "peer=b:81",
                        "upstream=api"));
        assertEquals(
                1, values.get("sluice_terminations_total{reason=\"upstream_refused\"}"));
        assertEquals(1, values.get("sluice_worker_loop_lag_seconds_count"));
        assertEquals(2, values.get("sluice_http_request_duration_seconds_count{server=\"www\"}"));
        assertEquals(
                2.00025,
                values.get("sluice_http_request_duration_seconds_sum{server=\"www\"}"),
                1e-9);
        assertEquals(1, values.get("sluice_up"));
        assertEquals(2, values.get("sluice_workers"));
        assertEquals(7, values.get("sluice_generation"));
        assertEquals(3, values.get("sluice_respawns_total"));
        assertEquals(4, values.get("sluice_reloads_total{result=\"done\"}"));
        assertEquals(0, values.get("sluice_reloads_total{result=\"rejected\"}"));
        assertFalse(values.keySet().stream().anyMatch(k -> k.contains("heartbeat")));
    }

    @Test
    void aWorkerThatGoesLeavesItsTotalsAndTakesItsLevels() throws IOException {
        Path file = dir.resolve("a");
        CounterWriter a = fleet.start(file, LABELS);
        a.add(CounterId.REQUESTS, 3);
        a.add(CounterId.CONNECTIONS_ACTIVE, 2);
        a.add(CounterId.SLABS_MAX, 64);

        fleet.files.remove(file);
        metrics.retire(file);
        metrics.retire(file);

        Map<String, Double> values = parse(metrics.render());
        assertEquals(3, values.get("sluice_http_requests_total"));
        assertEquals(0, values.get("sluice_connections_active"));
        assertEquals(0, values.get("sluice_slabs_max"));
        assertEquals(0, values.get("sluice_up"));
        assertFalse(Files.exists(file));
    }

    @Test
    void aFileThatCannotBeReadCountsAsItWas() throws IOException {
        Path file = dir.resolve("a");
        fleet.start(file, LABELS).add(CounterId.REQUESTS, 3);
        metrics.render();
        Files.delete(file);
        Files.writeString(file, "no counters");
        assertEquals(3, parse(metrics.render()).get("sluice_http_requests_total"));
        fleet.files.remove(file);
        metrics.retire(file);
        assertEquals(3, parse(metrics.render()).get("sluice_http_requests_total"));
    }

    /** Random work, deaths, reloads with other labels and lost files. */
    @Test
    void totalsNeverGoBack() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<CounterWriter> writers = new ArrayList<>();
        Map<String, Double> before = new TreeMap<>();
        int serial = 0;
        for (int step = 0; step < 400; step++) {
            int what = random.nextInt(10);
            if (what == 0 || writers.isEmpty()) {
                CounterLabels labels = CounterLabels.numbered(random.nextInt(4), random.nextInt(4));
                writers.add(fleet.start(dir.resolve("w" + serial++), labels));
            } else if (what == 1) {
                int i = random.nextInt(writers.size());
                writers.remove(i);
                metrics.retire(fleet.files.remove(i));
            } else {
                work(writers.get(random.nextInt(writers.size())), random);
            }
            Map<String, Double> now = parse(metrics.render());
            // A process takes its own series along.
            now.keySet().removeIf(series -> series.contains("pid="));
            for (Map.Entry<String, Double> e : before.entrySet()) {
                Double value = now.get(e.getKey());
                assertNotNull(value, () -> "gone: " + e.getKey() + ", seed " + seed);
                if (e.getKey().matches(".*_(total|count|sum|bucket)($|\\{.*)")) {
                    assertTrue(
                            value >= e.getValue() - 1e-9,
                            () -> "went back: " + e.getKey() + ", seed " + seed);
                }
            }
            before = now;
        }
    }

    private static void work(CounterWriter w, Random random) {
        w.add(CounterId.values()[1 + random.nextInt(6)], random.nextInt(100));
        w.termination(random.nextInt(Termination.values().length));
        w.recordLoopLagNs(random.nextLong(1L << 36));
        if (w.serverCount() > 0) {
            w.server(random.nextInt(w.serverCount()))
                    .recordRequest(random.nextInt(700), 10, 10, random.nextLong(1L << 38));
        }
        if (w.peerCount() > 0) {
            w.peer(random.nextInt(w.peerCount())).add(PeerCounterId.FAILURES, 1);
            w.peer(random.nextInt(w.peerCount())).recordResponseNs(random.nextLong(1L << 38));
        }
    }

    /** Every line must be HELP, TYPE or a sample; each sample once; buckets must rise. */
    static Map<String, Double> parse(byte[] text) {
        Map<String, Double> values = new TreeMap<>();
        String type = "";
        double bucketBefore = 0;
        String seriesBefore = "";
        for (String line : new String(text, StandardCharsets.UTF_8).split("\n")) {
            if (line.startsWith("# HELP ")) {
                continue;
            }
            if (line.startsWith("# TYPE ")) {
                type = line.substring("# TYPE ".length());
                continue;
            }
            assertTrue(line.matches("(sluice|nginx)_[a-z_]+(\\{.*\\})? [0-9.E+-]+"), line);
            int space = line.lastIndexOf(' ');
            String series = line.substring(0, space);
            String metric = series.replaceAll("\\{.*", "");
            String family = type.substring(0, type.indexOf(' '));
            assertTrue(metric.startsWith(family), line + " under " + type);
            double value = Double.parseDouble(line.substring(space + 1));
            assertEquals(null, values.put(series, value), series);
            if (metric.endsWith("_bucket")) {
                String rest = series.replaceAll("le=\"[^\"]*\"", "");
                assertTrue(!rest.equals(seriesBefore) || value >= bucketBefore, line);
                seriesBefore = rest;
                bucketBefore = value;
            }
        }
        return values;
    }

    /** The library sorts labels as it likes; a test should not care. */
    static double get(Map<String, Double> values, String metric, String... labels) {
        for (Map.Entry<String, Double> e : values.entrySet()) {
            boolean all = e.getKey().startsWith(metric + "{");
            for (String label : labels) {
                int eq = label.indexOf('=');
                String pair = label.substring(0, eq) + "=\"" + label.substring(eq + 1) + "\"";
                all &= e.getKey().contains(pair);
            }
            if (all) {
                return e.getValue();
            }
        }
        throw new AssertionError("no " + metric + List.of(labels));
    }

    @Test
    void limitsAreNamed() {
        fleet.limits.add(new LimitTotals("a", new long[] {1, 2, 3, 4, 5, 6, 7}));
        String text = new String(metrics.render(), StandardCharsets.UTF_8);
        assertTrue(text.contains(
                "sluice_limit_requests_total{limit=\"a\",result=\"delayed\"} 2.0\n"), text);
        assertTrue(text.contains("sluice_limit_evictions_total{limit=\"a\"} 6.0\n"), text);
        assertTrue(text.contains(
                "sluice_limit_requests_total{limit=\"a\",result=\"full\"} 7.0\n"), text);
    }

    @Test
    void cachesAreNamed() {
        fleet.caches.add(new CacheTotals("pages", new long[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
                4096, 11, 1 << 20));
        String text = new String(metrics.render(), StandardCharsets.UTF_8);
        for (String line : List.of(
                "sluice_cache_requests_total{cache=\"pages\",result=\"revalidated\"} 6.0",
                "sluice_cache_requests_total{cache=\"pages\",result=\"bypass\"} 7.0",
                "sluice_cache_stored_total{cache=\"pages\"} 8.0",
                "sluice_cache_evicted_total{cache=\"pages\"} 9.0",
                "sluice_cache_purged_total{cache=\"pages\"} 10.0",
                "sluice_cache_bytes{cache=\"pages\"} 4096.0",
                "sluice_cache_max_bytes{cache=\"pages\"} 1048576.0",
                "sluice_cache_objects{cache=\"pages\"} 11.0")) {
            assertTrue(text.contains(line + "\n"), line + "\n" + text);
        }
        String json = new String(metrics.render(OperatorPage.STATUS_JSON),
                StandardCharsets.UTF_8);
        assertTrue(json.contains("\"caches\":[{\"cache\":\"pages\",\"hit\":1,\"miss\":2,"
                + "\"expired\":3,\"stale\":4,\"updating\":5,\"revalidated\":6,\"bypass\":7,"
                + "\"stored\":8,\"evicted\":9,\"purged\":10,\"bytes\":4096,"
                + "\"bytes_max\":1048576,\"objects\":11}]"), json);
    }
}
