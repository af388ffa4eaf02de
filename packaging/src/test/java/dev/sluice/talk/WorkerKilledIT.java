package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A killed worker takes only its own requests with it, and is replaced within a second. */
final class WorkerKilledIT {

    private static final int CLIENTS = 8;

    @Test
    void onlyItsRequestsInFlightFail() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                root = @DIR@/www
                """).workers(2).file("www/a.txt", "hello").start();
                var kept = new Load(sluice.port(), "/a.txt", CLIENTS, Integer.MAX_VALUE);
                var fresh = new Load(sluice.port(), "/a.txt", 2, 1)) {
            Await.that("two workers", () -> sluice.workerPids().size() == 2);
            List<Long> before = sluice.workerPids();
            long killed = before.getFirst();
            Processes.signal(killed, "KILL");
            Await.that("its death", () -> !Processes.alive(killed));
            long startNs = Await.nowNs();
            Await.that("a replacement", () -> sluice.workerPids().size() == 2
                    && !sluice.workerPids().contains(killed));
            sluice.awaitErrorLog(Long.toString(killed));
            fresh.awaitAnswers(200);
            kept.awaitAnswers(500);
            long tookMs = Await.millisecondsSince(startNs);
            assertTrue(tookMs < 15_000, "took " + tookMs + " ms");
            assertTrue(kept.failures().size() <= CLIENTS, "failed: " + kept.failures());
            assertTrue(fresh.failures().size() <= 2, "failed: " + fresh.failures());
            assertTrue(sluice.workerPids().contains(before.getLast()), "the other one went on");
        }
    }

    @Test
    void respawnedAtOnce() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                root = @DIR@/www
                """).file("www/a.txt", "hello").start()) {
            long killed = sluice.workerPids().getFirst();
            Processes.signal(killed, "KILL");
            // Without waiting: how long that takes is measured by packaging/bench/lifecycle.
            sluice.awaitErrorLog("the next one starts now");
            Await.that("another worker", () -> {
                List<Long> workers = sluice.workerPids();
                return workers.size() == 1 && !workers.contains(killed);
            });
            // The master keeps the listening socket, so nobody is refused meanwhile.
            try (var client = sluice.client()) {
                assertEquals("hello", client.get("/a.txt").response().text());
            }
        }
    }
}
