package dev.sluice.master.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.control.OperatorPage;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterLabels;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.counters.PeerLabel;
import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.PeerLabel;
import dev.sluice.common.log.ErrorLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The other pages of the operators, other forms of the metrics, and how long they get. */
final class OperatorPagesTest {

    @TempDir Path dir;

    private final TestFleet fleet = new TestFleet();
    private final MetricsText metrics = new MetricsText(fleet, ErrorLog.NONE);

    @Test
    void pagesAreMadeOfTheSameTotals() throws IOException {
        CounterLabels labels = new CounterLabels(List.of("www", "www\t/api/", "\tother",
                "\tapp\tconnect", "\tapp\theader"),
                List.of(new PeerLabel("app", "10.0.0.7:80"), new PeerLabel("app", "10.0.0.8:80")));
        CounterWriter writer = fleet.start(dir.resolve("0"), labels);
        writer.add(CounterId.CONNECTIONS_ACCEPTED, 9);
        writer.set(CounterId.CONNECTIONS_ACTIVE, 5);
        writer.set(CounterId.CONNECTIONS_IDLE, 2);
        writer.set(CounterId.REQUESTS_ACTIVE, 1);
        writer.add(CounterId.REQUESTS, 20);
        writer.recordLoopLagNs(250_000_000);
        writer.server(1).recordRequest(503, 10, 20, 1_000_000);
        writer.server(2).recordRequest(200, 10, 20, 1_000_000);
        writer.server(3).recordTime(2_000_000);
        writer.server(4).recordTime(3_000_000);
        writer.peer(0).recordResponseNs(4_000_000);
        writer.peer(1).recordResponseNs(4_000_000);
        assertEquals("Active connections: 5 \nserver accepts handled requests\n 9 9 20 \n"
                + "Reading: 2 Writing: 1 Waiting: 2 \n",
                new String(metrics.render(OperatorPage.STUB_STATUS), StandardCharsets.UTF_8));
        String text = new String(metrics.render(OperatorPage.METRICS), StandardCharsets.UTF_8);
        for (String line : List.of("nginx_up 1.0", "nginx_connections_accepted 9.0",
                "nginx_connections_handled 9.0", "nginx_connections_active 5.0",
                "nginx_connections_reading 2.0", "nginx_connections_waiting 2.0",
                "nginx_connections_writing 1.0", "nginx_http_requests_total 20.0",
                "sluice_route_responses_total{class=\"5xx\",route=\"/api/\",server=\"www\"} 1.0",
                "sluice_route_responses_total{class=\"2xx\",route=\"other\",server=\"\"} 1.0",
                "sluice_upstream_connect_seconds_count{upstream=\"app\"} 1",
                "sluice_upstream_header_seconds_count{upstream=\"app\"} 1",
                "sluice_upstream_duration_seconds_count{upstream=\"app\"} 2",
                "sluice_upstream_duration_seconds_sum{upstream=\"app\"} 0.008",
                "sluice_worker_resident_bytes{generation=\"7\",pid=\"4711\",worker=\"2\"} 4096.0",
                "sluice_worker_open_descriptors{generation=\"7\",pid=\"4711\",worker=\"2\"} 11.0",
                "sluice_worker_cpu_seconds_total{generation=\"7\",pid=\"4711\",worker=\"2\"}"
                        + " 1.5",
                "sluice_worker_gc_pause_seconds_total{generation=\"7\",pid=\"4711\",worker=\"2\"}"
                        + " 2.5",
                "sluice_worker_connections_active{generation=\"7\",pid=\"4711\",worker=\"2\"}"
                        + " 5.0",
                "sluice_worker_loop_late_seconds_total{generation=\"7\",pid=\"4711\","
                        + "worker=\"2\"} 0.25",
                "sluice_config_last_reload_successful 0.0",
                "sluice_config_last_reload_success_timestamp_seconds 1.79500000025E9")) {
            assertTrue(text.contains("\n" + line + "\n"), line + "\n" + text);
        }
        String json = new String(metrics.render(OperatorPage.STATUS_JSON),
                StandardCharsets.UTF_8);
        assertTrue(json.startsWith("{\"generation\":7,\"workers\":1,\"respawns\":3,"), json);
        assertTrue(json.contains("\"routes\":[{\"server\":\"www\",\"route\":\"/api/\","
                + "\"requests\":1,\"4xx\":0,\"5xx\":1,\"sent\":20,\"times\":["), json);
        assertTrue(json.contains("\"lastReload\":{\"good\":0,\"goodMs\":1795000000250}"), json);
        assertTrue(json.contains("\"connections\":5,\"requests\":20,"), json);
        assertTrue(json.contains("\"modules\":[{\"name\":\"api_key\",\"version\":\"1.0.2\","
                + "\"api\":\"0.4\",\"phases\":\"access\",\"sha256\":\"3b5d\",\"calls\":0,"), json);
        assertEquals(json.chars().filter(c -> c == '{').count(),
                json.chars().filter(c -> c == '}').count());
        String page = new String(metrics.render(OperatorPage.STATUS), StandardCharsets.UTF_8);
        assertTrue(page.startsWith("<!doctype html>") && !page.contains("http://"), page);
    }

    @Test
    void openMetricsHasTheSameNumbers() throws IOException {
        CounterWriter a = fleet.start(dir.resolve("a"),
                new CounterLabels(List.of("www"), List.of()));
        a.add(CounterId.REQUESTS, 3);
        a.server(0).recordRequest(200, 100, 1000, 250_000);
        String text = new String(metrics.render(OperatorPage.OPENMETRICS),
                StandardCharsets.UTF_8);
        assertTrue(text.endsWith("\n# EOF\n"), text);
        assertTrue(text.contains("# TYPE sluice_http_requests counter\n"), text);
        assertTrue(text.contains("\nsluice_http_requests_total 3.0\n"), text);
        assertTrue(text.contains(
                "\nsluice_http_request_duration_seconds_count{server=\"www\"} 1\n"), text);
    }

    @Test
    void aPageOfMetricsHasAnEnd() throws IOException {
        List<String> servers = new ArrayList<>();
        List<PeerLabel> peers = new ArrayList<>();
        for (int i = 0; i < OwnSeries.SERVERS_MAX + 3; i++) {
            servers.add("s" + i);
        }
        for (int i = 0; i < OwnSeries.PEERS_MAX + 2; i++) {
            peers.add(new PeerLabel("u", "p" + i));
        }
        CounterWriter a = fleet.start(dir.resolve("a"), new CounterLabels(servers, peers));
        for (int i = 0; i < a.serverCount(); i++) {
            a.server(i).recordRequest(200, 1, 1, 1);
        }
        for (int i = 0; i < a.peerCount(); i++) {
            a.peer(i).add(PeerCounterId.REQUESTS, 1);
        }
        Map<String, Double> values = MetricsTextTest.parse(metrics.render());
        assertEquals(OwnSeries.SERVERS_MAX + 1, values.keySet().stream()
                .filter(k -> k.startsWith("sluice_server_requests_total{")).count());
        assertEquals(3, values.get("sluice_server_requests_total{server=\"other\"}"));
        assertEquals(2,
                MetricsTextTest.get(values, "sluice_upstream_requests_total",
                        "peer=other", "upstream=other"));
        fleet.files.clear();
        metrics.retire(dir.resolve("a"));
        // Who had none has none later, when there is room.
        fleet.start(dir.resolve("b"), new CounterLabels(List.of("s502", "s1"), List.of()))
                .server(0).recordRequest(200, 1, 1, 1);
        assertEquals(4, MetricsTextTest.parse(metrics.render()).get(
                "sluice_server_requests_total{server=\"other\"}"));
    }
}
