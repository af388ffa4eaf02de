package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Limits are exact over all workers, whatever happens to one of them. */
final class LimitIT {

    private static final int CONNECTIONS = 60;
    private static final int REQUESTS_PER_CONNECTION = 3;

    private static final long TWENTIETH_NS = 50_000_000;

    private static final String TEXT = """
            [limit per_client]
            rate = 1r/h
            burst = 50
            [server s]
            listen = 127.0.0.1:@PORT@
            [location s /]
            limit = per_client
            return = 200 "passed"
            [admin]
            listen = 127.0.0.1:@PORT:admin@
            """;

    private int passed;
    private int refused;
    private Response last;

    /** Asks on many connections, which the kernel spreads over the workers. */
    private void ask(RunningSluice sluice) throws Exception {
        for (int i = 0; i < CONNECTIONS; i++) {
            try (var client = sluice.client()) {
                for (int r = 0; r < REQUESTS_PER_CONNECTION; r++) {
                    last = client.get("/").response();
                    passed += last.status() == 200 ? 1 : 0;
                    refused += last.status() == 429 ? 1 : 0;
                }
            }
        }
    }

    @Test
    void threeWorkersAdmitExactlyTheBurst() throws Exception {
        try (var sluice = RunningSluice.with(TEXT).workers(3).start()) {
            ask(sluice);
            assertEquals(51, passed);
            assertEquals(CONNECTIONS * REQUESTS_PER_CONNECTION - 51, refused);
            // An hour after the first request, which may have been a while ago.
            int retryAfter = Integer.parseInt(last.field("Retry-After"));
            assertTrue(retryAfter > 3000 && retryAfter <= 3600, last.toString());
            assertEquals("\"per_client\";q=1;w=3600", last.field("RateLimit-Policy"));
            assertTrue(last.field("RateLimit").startsWith("\"per_client\";r=0;t="),
                    last.toString());

            long killed = sluice.workerPids().getFirst();
            Processes.signal(killed, "KILL");
            Await.that("a replacement", () -> sluice.workerPids().size() == 3
                    && !sluice.workerPids().contains(killed));
            ask(sluice);
            assertEquals(51, passed, "after a worker was killed");

            List<Long> old = sluice.workerPids();
            sluice.writeConfiguration(TEXT.replace("passed", "changed"));
            sluice.signal("HUP");
            Await.that("only new workers", () -> sluice.workerPids().size() == 3
                    && sluice.workerPids().stream().noneMatch(old::contains));
            ask(sluice);
            assertEquals(51, passed, "after a reload");

            try (var admin = RawClient.connect(sluice.port("admin"))) {
                String metrics = admin.get("/metrics").response().text();
                assertTrue(metrics.contains("sluice_limit_requests_total{limit=\"per_client\","
                        + "result=\"passed\"} 51.0\n"), metrics);
                assertTrue(metrics.contains("result=\"rejected\"} " + refused + ".0\n"), metrics);
            }

            Processes.signal(sluice.masterPid(), "KILL");
            Await.that("the workers to follow", () -> Processes.naming(sluice.folder()).isEmpty());
            sluice.startAgain();
            ask(sluice);
            assertEquals(51, passed, "after the master was killed");
        }
    }

    /**
     * While more is asked for all the time, three workers together admit floor(rate x t) + burst +
     * 1 until the moment of a refusal: of t nothing is unknown but how long two answers took.
     */
    @Test
    void threeWorkersAdmitExactlyTheRateAndTheBurst() throws Exception {
        try (var sluice = RunningSluice.with(
                TEXT.replace("1r/h", "20r/s").replace("50", "400")).workers(3).start();
                var edge = sluice.client()) {
            long firstSentNs = Await.nowNs();
            edge.get("/").response();
            long firstAnsweredNs = Await.nowNs();
            var admitted = new AtomicInteger(1);
            List<Thread> askers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                askers.add(Thread.ofPlatform().start(
                        () -> askForASecond(sluice, firstSentNs, admitted)));
            }
            for (Thread asker : askers) {
                asker.join();
            }
            while (true) {
                long sentNs = Await.nowNs();
                int status = edge.get("/").response().status();
                long answeredNs = Await.nowNs();
                if (status != 200) {
                    assertEquals(429, status);
                    long least = (sentNs - firstAnsweredNs) / TWENTIETH_NS + 401;
                    long most = (answeredNs - firstSentNs) / TWENTIETH_NS + 401;
                    assertTrue(admitted.get() >= least && admitted.get() <= most,
                            admitted + " passed, expected " + least + " to " + most);
                    return;
                }
                admitted.incrementAndGet();
            }
        }
    }

    private static void askForASecond(
            RunningSluice sluice, long beganNs, AtomicInteger admitted) {
        while (Await.millisecondsSince(beganNs) < 1000) {
            try (var client = sluice.client()) {
                for (int i = 0; i < 10; i++) {
                    admitted.addAndGet(client.get("/").response().status() == 200 ? 1 : 0);
                }
            } catch (IOException failed) {
                // Then the sum is wrong.
                admitted.addAndGet(1_000_000);
            }
        }
    }

    /** Three may be in progress over all workers; what killed workers had comes back. */
    @Test
    void connectionsAreCountedOverAllWorkers() throws Exception {
        var hold = new CountDownLatch(1);
        try (var peer = ScriptedUpstream.playing(talk -> {
                    while (talk.readRequest()) {
                        talk.waitFor(hold);
                        talk.answer(200, "done");
                    }
                });
                var sluice = RunningSluice.with("""
                        [limit open]
                        connections = 3
                        [upstream app]
                        server = %s
                        retry = off
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /]
                        limit = open
                        proxy_pass = http://app
                        """.formatted(peer.address())).workers(2).start()) {
            List<RawClient> lost = threeInProgress(sluice, peer, 3);
            List<Long> killed = sluice.workerPids();
            for (long pid : killed) {
                Processes.signal(pid, "KILL");
            }
            Await.that("replacements", () -> sluice.workerPids().size() == 2
                    && sluice.workerPids().stream().noneMatch(killed::contains));
            List<RawClient> kept = threeInProgress(sluice, peer, 6);
            hold.countDown();
            for (RawClient client : kept) {
                assertEquals("done", client.response().text());
                client.close();
            }
            try (var client = sluice.client()) {
                assertEquals(200, client.get("/").response().status(), "and all ended");
            }
            for (RawClient client : lost) {
                client.close();
            }
        }
    }

    /** What a limit would do is seen before it does it. */
    @Test
    void aShadowRefusesNobodyAndTellsAll() throws Exception {
        try (var sluice = RunningSluice.with("""
                [limit tried]
                rate = 1r/h
                burst = 1
                mode = shadow
                [limit held]
                rate = 1r/h
                burst = 3
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /]
                limit = tried
                limit = held
                return = 200 "passed"
                [log_format status]
                format = $status $limit_req_status
                [admin]
                listen = 127.0.0.1:@PORT:admin@
                """).accessLogFormat("status").start();
                var client = sluice.client()) {
            for (int i = 0; i < 4; i++) {
                Response passed = client.get("/").response();
                assertEquals(200, passed.status());
                assertNull(passed.field("Retry-After"));
            }
            assertEquals(429, client.get("/").response().status(), "by the other limit");
            assertEquals(List.of("200 PASSED", "200 PASSED", "200 REJECTED_DRY_RUN",
                    "200 REJECTED_DRY_RUN", "429 REJECTED"), sluice.awaitAccessLog(5));
            sluice.awaitErrorLog("request would be refused");
            try (var admin = RawClient.connect(sluice.port("admin"))) {
                String metrics = admin.get("/metrics").response().text();
                // Who is refused by the other limit costs nothing here.
                assertTrue(metrics.contains(
                        "limit=\"tried\",result=\"rejected_shadow\"} 2.0\n"), metrics);
            }
        }
    }

    /** Files and answers of peers are sent no faster than they should be. */
    @Test
    void answersAreSentAtTheirRate() throws Exception {
        String text = "0123456789".repeat(20_000);
        try (var peer = ScriptedUpstream.answering(text);
                var sluice = RunningSluice.with("""
                        [upstream app]
                        server = %s
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        root = @DIR@/www
                        limit_rate = 100k
                        [location s /app]
                        limit_rate = $arg_rate
                        limit_rate_after = 50000
                        proxy_pass = http://app
                        """.formatted(peer.address())).file("www/file", text).start();
                var client = sluice.client()) {
            long fileMs = timeOf(client, "/file", text);
            assertTrue(fileMs >= 900, "a second's worth of two at once: " + fileMs + " ms");
            long peerMs = timeOf(client, "/app?rate=100k", text);
            assertTrue(peerMs >= 400, "the rest of 150000 bytes: " + peerMs + " ms");
            assertEquals(text, client.get("/app?rate=fast").response().text());
        }
    }

    private static long timeOf(RawClient client, String target, String expected)
            throws Exception {
        long beganNs = SystemClock.INSTANCE.nowNs();
        assertEquals(expected, client.get(target).response().text());
        return (SystemClock.INSTANCE.nowNs() - beganNs) / 1_000_000;
    }

    /** So many pass, one after the other, and no more. */
    private static List<RawClient> threeInProgress(
            RunningSluice sluice, ScriptedUpstream peer, int requestsSoFar) throws Exception {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 2; i >= 0; i--) {
            int expected = requestsSoFar - i;
            RawClient client = sluice.client();
            clients.add(client);
            client.get("/");
            Await.that("a request in progress", () -> peer.requestCount() == expected);
        }
        for (int i = 0; i < 12; i++) {
            try (var client = sluice.client()) {
                Response refused = client.get("/").response();
                assertEquals(429, refused.status());
                assertEquals("1", refused.field("Retry-After"));
            }
        }
        assertEquals(requestsSoFar, peer.requestCount());
        return clients;
    }
}
