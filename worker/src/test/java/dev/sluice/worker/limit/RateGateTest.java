package dev.sluice.worker.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LimitConfig;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.counters.Termination;
import dev.sluice.common.zones.LimitZone;
import dev.sluice.common.zones.LimitZone.Count;
import dev.sluice.common.zones.ZoneFile;
import dev.sluice.common.zones.ZonePlan;
import dev.sluice.common.zones.ZoneSpec;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.dispatch.RoutingHarness;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.HeaderToAdd;
import dev.sluice.worker.exchange.LimitStatus;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.route.GateFactory;
import dev.sluice.worker.variables.WorkerScope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests at limits, with a client and a stepped clock. */
class RateGateTest {

    private static final String REQUEST = "GET /a HTTP/1.1\nHost: www.example.com";
    private static final String PER_CLIENT = """
            [limit a]
            rate = 10r/s
            headers = on
            """;
    private static final int LANE = 5;

    @TempDir
    Path folder;

    private RoutingHarness h;
    private SluiceConfig config;

    /** The text has the limits; the line stands in the only location. */
    private void start(String limits, String... lines) throws IOException {
        LoadedConfig loaded = ConfigLoader.loadText(limits + """
                [server www]
                listen = 127.0.0.1:80
                root = .
                [location www /]
                error_page = 404 /page
                """ + String.join("\n", lines) + "\n", folder);
        assertEquals(List.of(), loaded.errors());
        config = loaded.config();
        for (ZoneSpec spec : ZonePlan.of(config)) {
            ZoneFile.create(folder.resolve(spec.fileName()), spec, 0, new byte[16]);
        }
        h = new RoutingHarness(config, (ctx, scope, paths) -> gates(ctx, scope));
    }

    private GateFactory gates(LoopContext ctx, WorkerScope scope) {
        Limits limits = Limits.of(config, Limits.Zones.open(config, folder, LANE), ctx, scope);
        return new GateFactory() {
            @Override
            public Gate[] gatesFor(LocationConfig location) {
                Gate gate = limits.rateGateFor(location);
                return gate == null ? Gate.NONE : new Gate[] {gate};
            }

            @Override
            public HeaderToAdd[] headers() {
                return limits.headers();
            }
        };
    }

    /** A field that the location adds to the answer; null when it is left out. */
    private String field(String name) {
        for (HeaderToAdd add : h.client.exchange.location.addHeaders) {
            if (new String(add.name(), StandardCharsets.US_ASCII).equals(name)) {
                ByteSink out = h.scope.scratch();
                add.value().append(h.client.exchange, out);
                byte[] bytes = new byte[out.position()];
                out.buffer().get(0, bytes);
                return bytes.length == 0 ? null : new String(bytes, StandardCharsets.US_ASCII);
            }
        }
        throw new AssertionError(name);
    }

    private long counted(String name, Count what) throws IOException {
        for (LimitConfig limit : config.limits()) {
            if (limit.name().equals(name)) {
                return LimitZone.total(ZoneFile.open(folder, LimitZone.spec(limit)), what);
            }
        }
        throw new AssertionError(name);
    }

    private void advanceMs(long ms) {
        h.clock.stepMs(ms);
        h.ctx.clock.update();
    }

    private String answers(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(h.get("/a").status()).append(' ');
        }
        return text.toString().strip();
    }

    @Test
    void refusesWhatIsBeyondTheBurst() throws IOException {
        start(PER_CLIENT, "limit = a burst=2");
        assertEquals("200 200 200 429 429", answers(5));
        assertEquals(LimitStatus.REJECTED, h.client.exchange.limitStatus);
        advanceMs(100);
        assertEquals("200 429", answers(2));
        assertEquals(4, counted("a", Count.PASSED));
        assertEquals(3, counted("a", Count.REJECTED));
    }

    @Test
    void tellsTheClient() throws IOException {
        start(PER_CLIENT, "limit = a burst=2");
        h.get("/a");
        assertEquals("\"a\";q=10;w=1", field("RateLimit-Policy"));
        assertEquals("\"a\";r=2;t=1", field("RateLimit"));
        assertEquals(0, h.client.exchange.retryAfterS);
        answers(2);
        h.get("/a");
        assertEquals(429, h.client.status());
        assertEquals("\"a\";r=0;t=1", field("RateLimit"));
        assertEquals(1, h.client.exchange.retryAfterS);
    }

    @Test
    void logsRefusalsButNotMany() throws IOException {
        start(PER_CLIENT, "limit = a");
        answers(20);
        assertEquals(5, h.errors.size(), h.errors.toString());
        assertTrue(h.errors.getFirst().startsWith("warn: request refused: 1 requests ahead of"
                + " limit \"a\" (10r/s)"), h.errors.getFirst());
        advanceMs(1000);
        answers(2);
        assertTrue(h.errors.getLast().contains("14 lines like this left out"),
                h.errors.getLast());
    }

    @Test
    void aShadowOnlyCounts() throws IOException {
        start(PER_CLIENT + "mode = shadow\n", "limit = a");
        assertEquals("200 200 200", answers(3));
        assertEquals(LimitStatus.REJECTED_SHADOW, h.client.exchange.limitStatus);
        assertNull(field("RateLimit"));
        assertEquals(1, counted("a", Count.PASSED));
        assertEquals(2, counted("a", Count.REJECTED_SHADOW));
    }

    @Test
    void oneThatIsRefusedIsNotChargedElsewhere() throws IOException {
        start("""
                [limit wide]
                rate = 10r/s
                [limit narrow]
                rate = 10r/s
                key = $http_x_user
                """, "limit = wide burst=3", "limit = narrow");
        String user = REQUEST + "\nX-User: ";
        assertEquals(200, h.send(user + "ann").status());
        for (int i = 0; i < 10; i++) {
            assertEquals(429, h.send(user + "ann").status());
        }
        assertEquals(200, h.send(user + "bob").status());
        assertEquals(200, h.send(REQUEST).status(), "an empty key is not limited");
        assertEquals(200, h.send(REQUEST).status());
        assertEquals(429, h.send(REQUEST).status());
        assertEquals(4, counted("wide", Count.PASSED));
        assertEquals(2, counted("narrow", Count.PASSED));
    }

    @Test
    void anInternalRedirectIsNotCountedAgain() throws IOException {
        start(PER_CLIENT, "limit = a burst=5");
        h.get("/missing");
        assertEquals(1, counted("a", Count.PASSED));
    }

    @Test
    void aDelayedRequestWaitsForTheRate() throws IOException {
        start(PER_CLIENT + "delay = 1\n", "limit = a burst=5");
        assertEquals("200 200", answers(2));
        Exchange x = h.client.request(REQUEST);
        h.onRequest(x);
        assertFalse(h.client.headSent());
        assertSame(LimitStatus.DELAYED, x.limitStatus);
        advanceMs(99);
        h.ctx.timers.advance(h.ctx.clock.nowNs());
        assertFalse(h.client.headSent(), "not before its time");
        advanceMs(101);
        h.ctx.timers.advance(h.ctx.clock.nowNs());
        assertEquals(200, h.client.finish().status());
        assertEquals(1, counted("a", Count.DELAYED));
        assertEquals(2, counted("a", Count.PASSED));
    }

    @Test
    void aClientThatLeavesWhileItWaitsIsForgotten() throws IOException {
        start(PER_CLIENT, "limit = a burst=5 delay=0");
        answers(1);
        Exchange x = h.client.request(REQUEST);
        h.onRequest(x);
        assertEquals(1, h.ctx.timers.linkedCount());
        x.terminate(Termination.CLIENT_RESET);
        Responder waiting = x.responder;
        waiting.onClientGone(x);
        x.end();
        assertEquals(0, h.ctx.timers.linkedCount());
        advanceMs(500);
        assertEquals(0, h.ctx.timers.advance(h.ctx.clock.nowNs()));
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8::1, 2001:db8::ffff:1, 429",
        "2001:db8::1, 2001:db8:0:1::1, 200",
        "192.0.2.1, 192.0.2.1, 429",
        "192.0.2.1, 192.0.2.2, 200",
        "unix:, unix:, 429",
        "unix:, 192.0.2.1, 200",
    })
    void aNetworkOfIpv6IsOneClient(String first, String second, int status)
            throws IOException {
        start(PER_CLIENT, "limit = a");
        h.client.remoteAddress = first;
        assertEquals(200, h.get("/a").status());
        h.client.remoteAddress = second;
        assertEquals(status, h.get("/a").status());
    }
}
