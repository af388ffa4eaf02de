package dev.sluice.worker.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LimitConfig;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.zones.HoldTable;
import dev.sluice.common.zones.LimitZone;
import dev.sluice.common.zones.LimitZone.Count;
import dev.sluice.common.zones.ZoneFile;
import dev.sluice.common.zones.ZonePlan;
import dev.sluice.worker.dispatch.RoutingHarness;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.LimitStatus;
import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.exchange.SteadyAllocation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Requests at limits of connections, beside others that do not end. */
class HoldGateTest {

    private static final int LANE = 5;
    private static final int OTHER_LANE = 6;
    private static final String REQUEST = "GET /a HTTP/1.1\nHost: www.example.com";
    private static final String PER_CLIENT = """
            [limit a]
            connections = 2
            """;

    private final Map<String, ZoneFile> zones = new LinkedHashMap<>();
    private RoutingHarness h;
    private Limits here;
    private Limits elsewhere;
    private LocationConfig location;

    private void start(String limits, String... lines) throws IOException {
        LoadedConfig loaded = ConfigLoader.loadText(limits + """
                [server www]
                listen = 127.0.0.1:80
                root = .
                [location www /]
                error_page = 404 /page
                """ + String.join("\n", lines) + "\n", Path.of("."));
        assertEquals(List.of(), loaded.errors());
        SluiceConfig config = loaded.config();
        location = config.servers().getFirst().locations().getFirst();
        for (LimitConfig limit : config.limits()) {
            zones.put(limit.name(), ZoneFile.inMemory(ZonePlan.ofLimit(limit, config)));
        }
        h = new RoutingHarness(config, (ctx, scope, paths) -> {
            here = Limits.of(config, new Limits.Zones(zones, LANE), ctx, scope);
            elsewhere = Limits.of(config, new Limits.Zones(zones, OTHER_LANE), ctx, scope);
            return one -> {
                Gate gate = here.holdGateFor(one);
                return gate == null ? Gate.NONE : new Gate[] {gate};
            };
        });
    }

    /** A request that another worker has let in; it goes on. */
    private Exchange open(Limits worker, String request) {
        Exchange x = new RecordingStream(h.ctx, h).request(request);
        assertEquals(Gate.Outcome.PASS, worker.holdGateFor(location).enter(x));
        return x;
    }

    private long counted(String name, Count what) {
        return LimitZone.total(zones.get(name), what);
    }

    private long inProgress(String name) {
        return new HoldTable(zones.get(name)).inProgress();
    }

    @Test
    void refusesWhatIsBeyondTheLimitOverAllWorkers() throws IOException {
        start(PER_CLIENT, "limit = a");
        assertEquals(200, h.get("/a").status());
        assertEquals(LimitStatus.PASSED, h.client.exchange.holdStatus);
        assertEquals(0, inProgress("a"), "its end gives it back");
        open(here, REQUEST);
        Exchange other = open(elsewhere, REQUEST);
        assertEquals(429, h.get("/a").status());
        assertEquals(LimitStatus.REJECTED, h.client.exchange.holdStatus);
        assertEquals("warn: request refused: 2 requests in progress at limit \"a\""
                + " (2 connections)", h.errors.getFirst().split(" while ")[0]);
        assertEquals(2, inProgress("a"));
        other.end();
        assertEquals(200, h.get("/a").status());
        assertEquals(4, counted("a", Count.PASSED));
        assertEquals(1, counted("a", Count.REJECTED));
    }

    @Test
    void aLocationMayHaveAnotherNumber() throws IOException {
        start(PER_CLIENT, "limit = a connections=1");
        open(here, REQUEST);
        assertEquals(429, h.get("/a").status());
    }

    @Test
    void otherKeysAndEmptyOnesAreNotConcerned() throws IOException {
        start("[limit a]\nconnections = 1\nkey = $http_x_user\nstatus = 503\n", "limit = a");
        open(here, REQUEST + "\nX-User: ann");
        assertEquals(503, h.send(REQUEST + "\nX-User: ann").status());
        assertEquals(200, h.send(REQUEST + "\nX-User: bob").status());
        open(here, REQUEST);
        assertEquals(200, h.send(REQUEST).status());
        assertEquals(1, inProgress("a"));
    }

    @Test
    void whatOneLimitLetPassIsGivenBackWhenAnotherRefuses() throws IOException {
        start("""
                [limit wide]
                connections = 9
                [limit middle]
                connections = 9
                [limit narrow]
                connections = 1
                """, "limit = wide", "limit = middle", "limit = narrow");
        Exchange first = open(here, REQUEST);
        assertEquals(429, h.get("/a").status());
        assertEquals(1, inProgress("wide"));
        assertEquals(1, inProgress("middle"));
        first.end();
        assertEquals(200, h.get("/a").status());
        assertEquals(0, inProgress("wide") + inProgress("middle") + inProgress("narrow"));
    }

    @Test
    void aShadowOnlyCounts() throws IOException {
        start(PER_CLIENT + "mode = shadow\n", "limit = a");
        open(here, REQUEST);
        open(elsewhere, REQUEST);
        assertEquals(200, h.get("/a").status());
        assertEquals(LimitStatus.REJECTED_SHADOW, h.client.exchange.holdStatus);
        assertEquals(1, counted("a", Count.REJECTED_SHADOW));
        assertEquals(2, inProgress("a"), "one beyond the limit is not counted, as in nginx");
    }

    @Test
    void anInternalRedirectIsCountedOnce() throws IOException {
        start("[limit a]\nconnections = 1\n", "limit = a");
        assertEquals(404, h.get("/missing").status(), "its page is in the same location");
        assertEquals(1, counted("a", Count.PASSED));
        assertEquals(0, inProgress("a"));
    }

    @Test
    void aFullTableRefusesAndSaysSo() throws IOException {
        start("[limit a]\nconnections = 1\nkey = $http_x_user\nsize = 4k\n", "limit = a");
        int keys = 0;
        while (counted("a", Count.FULL) == 0) {
            Exchange x = new RecordingStream(h.ctx, h).request(REQUEST + "\nX-User: " + keys++);
            here.holdGateFor(location).enter(x);
            assertTrue(keys <= 512, "more keys than the table has");
        }
        assertTrue(keys > 64, "full after " + keys);
        assertEquals("warn: request refused: no room for its key in limit \"a\""
                + " (1 connections)", h.errors.getFirst().split(" while ")[0]);
    }

    @Test
    void aRequestThatPassesAllocatesNothing() throws IOException {
        start("[limit a]\nconnections = 2\n[limit b]\nconnections = 2\n", "limit = a",
                "limit = b");
        Exchange x = new RecordingStream(h.ctx, h).request(REQUEST);
        Gate gate = here.holdGateFor(location);
        long least = SteadyAllocation.leastBytes(0, () -> {
            for (int i = 0; i < 1000; i++) {
                x.holdStatus = LimitStatus.NONE;
                gate.enter(x);
                x.holder.release(x);
            }
        });
        assertEquals(0, least);
    }
}
