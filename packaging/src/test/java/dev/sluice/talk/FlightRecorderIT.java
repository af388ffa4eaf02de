package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What a worker did last is known after its death, at a burst of errors, and on demand. */
final class FlightRecorderIT {

    @Test
    void lastRequestsAreKept() throws Exception {
        var arrived = new CountDownLatch(1);
        try (var peer = ScriptedUpstream.playing(talk -> {
            while (talk.readRequest()) {
                if (talk.target().startsWith("/fatal")) {
                    arrived.countDown();
                    talk.waitForEnd();
                } else {
                    talk.answer(503, "busy");
                }
            }
        }); var sluice = RunningSluice.proxyTo(peer).main("flight_recorder_burst = 3").start()) {
            try (var client = sluice.client()) {
                for (int i = 0; i < 6; i++) {
                    assertEquals(503, client.get("/busy?token=hush").response().status());
                }
                sluice.awaitErrorLog("3 answers with 5xx within 10 s; its last ");
                client.get("/fatal/way");
                Await.that("the request at the peer", () -> arrived.getCount() == 0);
                ShortCommand.run("flight", "-c", sluice.configuration().toString()).expect(0,
                        "worker0/gen1 ", " 503 done client=127.0.0.1:" + client.localPort(),
                        " server=s location=/ \"GET /busy\" upstream=" + peer.address(),
                        " under_way ", "\"GET /fatal/way\"");
                ShortCommand shown = ShortCommand.run("flight", "-c",
                        sluice.configuration().toString(), "--under-way", "-n", "10");
                assertEquals(1, shown.output().lines().count(), shown.output());
                Processes.signal(sluice.workerPids().getFirst(), "KILL");
                sluice.awaitErrorLog("is dead with a request under way: ");
                sluice.awaitErrorLog("\"GET /fatal/way\"");
            }
            Path folder = sluice.folder().resolve("run/flight");
            try (var files = Files.list(folder)) {
                for (Path dump : files.toList()) {
                    String text = Files.readString(dump);
                    assertTrue(text.contains("\"GET /busy\""), text);
                    assertTrue(!text.contains("hush"), text);
                }
            }
            assertEquals(1, sluice.errorLog().lines()
                    .filter(line -> line.contains("answers with 5xx")).count(), "one burst");
            Await.that("the next worker", () -> sluice.errorLog().lines()
                    .filter(line -> line.contains(" is ready after ")).count() == 2);
            ProcessHandle.of(sluice.masterPid()).ifPresent(ProcessHandle::destroyForcibly);
            Await.that("the workers to follow", () -> Processes.naming(sluice.folder()).isEmpty());
            sluice.startAgain();
            sluice.awaitErrorLog("ended with its master; its last ");
            Await.that("no file but the new worker's", () -> {
                try (var files = Files.list(sluice.folder().resolve("run/counters"))) {
                    return files.filter(f -> f.toString().endsWith(".flight")).count() == 1;
                }
            });
        }
    }
}
