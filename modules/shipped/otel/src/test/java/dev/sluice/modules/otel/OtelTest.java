package dev.sluice.modules.otel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.module.ModuleException;
import dev.sluice.module.testkit.InMemorySluice;
import dev.sluice.module.testkit.TestAnswer;
import dev.sluice.module.testkit.TestRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests without sockets, spans over a real one. */
final class OtelTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String OWN = "00f067aa0ba902b7";
    private static final String CLIENTS = "a3ce929d0e0e4736";

    private final AtomicLong nowMs = new AtomicLong(1_795_197_600_000L);
    private Receiver receiver;
    private InMemorySluice sluice;

    @BeforeEach
    void listen() throws IOException {
        receiver = new Receiver();
    }

    @AfterEach
    void close() {
        if (sluice != null) {
            sluice.close();
        }
        receiver.close();
    }

    private InMemorySluice sluice() {
        return InMemorySluice.of(new OtelModule(() -> Instant.ofEpochMilli(nowMs.get())))
                .set("otel", "on").location("/api/")
                .setOfModule("endpoint", receiver.endpoint()).setOfModule("every", "50ms")
                .peer(request -> {
                    nowMs.addAndGet(40);
                    return TestAnswer.of(200, "of the peer");
                });
    }

    private TestRequest request(String flags) {
        return TestRequest.get("/api/a?b=c").host("www.example.com:8443").overTls()
                .header("User-Agent", "curl/8")
                .variable("traceparent", "00-" + TRACE + "-" + OWN + "-" + flags)
                .variable("server_protocol", "HTTP/1.1")
                .variable("upstream_addr", "10.0.0.7:80").variable("upstream_status", "200");
    }

    @Test
    void aRequestIsASpanAndItsPeerIsAChildOfIt() throws Exception {
        sluice = sluice().open();
        sluice.send(request("03"));
        String field = sluice.fieldSeenByPeer("traceparent");
        Receiver.Span peer = receiver.next();
        Receiver.Span own = receiver.next();
        assertEquals("00-" + TRACE + "-" + peer.spanId() + "-03", field);
        assertNotEquals(OWN, peer.spanId());
        assertEquals(OWN, peer.parentId());
        assertEquals(3, peer.kind());
        assertEquals("GET", peer.name());
        assertEquals(Map.of("http.request.method", "GET", "http.response.status_code", "200",
                "server.address", "10.0.0.7", "server.port", "80"), peer.attributes());
        assertEquals(TRACE, own.traceId());
        assertEquals(OWN, own.spanId());
        assertEquals("", own.parentId());
        assertEquals(2, own.kind());
        assertEquals("GET /api/", own.name());
        assertEquals(40_000_000, own.toNs() - own.fromNs());
        assertEquals(0, own.status());
        assertEquals(Map.ofEntries(Map.entry("http.request.method", "GET"),
                Map.entry("http.response.status_code", "200"), Map.entry("http.route", "/api/"),
                Map.entry("url.path", "/api/a"), Map.entry("url.query", "b=c"),
                Map.entry("url.scheme", "https"), Map.entry("server.address", "www.example.com"),
                Map.entry("server.port", "8443"), Map.entry("client.address", "192.0.2.7"),
                Map.entry("network.protocol.version", "1.1"),
                Map.entry("user_agent.original", "curl/8")), own.attributes());
        assertEquals(2, sluice.counter("queued"));
    }

    @Test
    void aTraceThatGoesOnHasTheClientsSpanAsParentAndItsDecision() throws Exception {
        sluice = sluice().set("otel_one_of", "1000000").open();
        String received = "00-" + TRACE + "-" + CLIENTS + "-01";
        sluice.send(request("01").header("traceparent", received));
        receiver.next();
        assertEquals(CLIENTS, receiver.next().parentId());
        sluice.send(request("00").header("traceparent", received.replace("-01", "-00")));
        assertEquals("00-" + TRACE + "-" + OWN + "-00", sluice.fieldSeenByPeer("traceparent"));
        assertEquals(2, sluice.counter("queued"));
    }

    @Test
    void newTracesAreSampledByTheirNumberAndPeersAreToldSo() throws Exception {
        sluice = sluice().set("otel_one_of", "1000000").open();
        sluice.send(request("03"));
        assertEquals("00-" + TRACE + "-" + OWN + "-02", sluice.fieldSeenByPeer("traceparent"));
        assertEquals(0, sluice.counter("queued"));
        Random random = new Random(42);
        Sampling tenth = new Sampling(10);
        int taken = 0;
        for (int i = 0; i < 10_000; i++) {
            taken += tenth.takes(String.format("%016x%016x", random.nextLong(),
                    random.nextLong())) ? 1 : 0;
        }
        assertTrue(taken > 900 && taken < 1100, taken + " of 10000");
        assertTrue(new Sampling(1).takes("f".repeat(32)));
    }

    @Test
    void withoutATraceOfTheServerNothingIsRecorded() throws Exception {
        sluice = sluice().open();
        sluice.send(request("03").variable("traceparent", ""));
        assertNull(sluice.fieldSeenByPeer("traceparent"));
        assertEquals(0, sluice.counter("queued"));
    }

    @Test
    void errorsOfTheServerAreErrorsOfTheSpan() throws Exception {
        sluice = sluice().peer(request -> null).open();
        sluice.send(request("03").variable("upstream_status", "502"));
        Receiver.Span peer = receiver.next();
        assertEquals("502", peer.attributes().get("error.type"));
        Receiver.Span own = receiver.next();
        assertEquals(2, own.status());
        assertEquals("502", own.attributes().get("error.type"));
    }

    @Test
    void aReceiverThatIsAwayCostsABoundedQueueAndIsToldOfOnce() throws Exception {
        receiver.status = 503;
        sluice = sluice().setOfModule("queue", "16").setOfModule("batch", "4")
                .setOfModule("field", "Authorization Bearer hunter2").open();
        for (int i = 0; i < 200; i++) {
            sluice.send(request("03"));
        }
        assertEquals(400, sluice.counter("queued") + sluice.counter("dropped"));
        assertTrue(sluice.counter("dropped") > 0);
        assertEquals("Bearer hunter2", receiver.authorizations.poll(20, TimeUnit.SECONDS));
        while (sluice.counter("lost") == 0) {
            sluice.send(request("00").header("traceparent",
                    "00-" + TRACE + "-" + CLIENTS + "-00"));
        }
        receiver.status = 200;
        while (sluice.log().size() < 2) {
            sluice.send(request("03"));
        }
        assertTrue(sluice.log().getFirst().startsWith("warn: spans do not arrive at http://127"));
        assertEquals("info: spans arrive again", sluice.log().get(1));
        assertFalse(sluice.log().toString().contains("hunter2"));
    }

    @Test
    void whatWaitsIsSentAtTheEnd() throws Exception {
        sluice = sluice().setOfModule("every", "1m").open();
        sluice.send(request("03"));
        sluice.close();
        sluice = null;
        receiver.next();
        receiver.next();
    }

    @Test
    void offAndPlacesThatAreNone() throws Exception {
        try (InMemorySluice off = InMemorySluice.of(new OtelModule()).open()) {
            assertFalse(off.hasHooks());
        }
        for (String bad : new String[] {"ftp://a/", "a", "http://"}) {
            assertThrows(ModuleException.class, () -> InMemorySluice.of(new OtelModule())
                    .setOfModule("endpoint", bad).open(), bad);
        }
        String message = assertThrows(ModuleException.class, () -> InMemorySluice.of(
                new OtelModule()).setOfModule("field", "hunter2").open()).getMessage();
        assertFalse(message.contains("hunter2"));
    }
}
