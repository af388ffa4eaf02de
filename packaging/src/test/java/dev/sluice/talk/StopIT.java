package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** TERM finishes what is being done, INT does not, and no worker outlives its master. */
final class StopIT {

    @Test
    void termFinishesRequests() throws Exception {
        var word = new CountDownLatch(1);
        try (var peer = ScriptedUpstream.playing(talk -> {
                    talk.readRequest();
                    talk.waitFor(word);
                    talk.answer(200, "finished");
                    talk.waitForEnd();
                });
                var sluice = RunningSluice.proxyTo(peer).start();
                var client = sluice.client();
                var idle = sluice.client()) {
            assertEquals(200, idle.get("/healthz").response().status());
            client.get("/");
            Await.that("the request at the peer", () -> peer.requestCount() == 1);
            sluice.signal("TERM");
            idle.expectClosed();
            Await.during(300, "the worker waits", () -> sluice.workerPids().size() == 1);
            word.countDown();
            Response response = client.response();
            assertEquals("finished", response.text());
            client.expectClosed();
            assertEquals(0, sluice.awaitExit());
            assertFalse(Files.exists(sluice.folder().resolve("sluice.pid")), "pid file left");
            assertEquals(2, sluice.accessLog().size(), "the idle one's and the last");
        }
    }

    @Test
    void termWaitsNoLongerThanItsTimeout() throws Exception {
        try (var peer = ScriptedUpstream.playing(UpstreamTalk::waitForEnd);
                var sluice = RunningSluice.proxyTo(peer).main("worker_shutdown_timeout = 1s")
                        .start();
                var client = sluice.client()) {
            client.get("/");
            Await.that("a connection to the peer", () -> peer.connectionCount() == 1);
            sluice.signal("TERM");
            assertEquals(0, sluice.awaitExit());
            client.readUntilClosed();
        }
    }

    @Test
    void intEndsAtOnce() throws Exception {
        try (var peer = ScriptedUpstream.playing(UpstreamTalk::waitForEnd);
                var sluice = RunningSluice.proxyTo(peer).start();
                var client = sluice.client()) {
            client.get("/");
            Await.that("a connection to the peer", () -> peer.connectionCount() == 1);
            long startNs = Await.nowNs();
            sluice.signal("INT");
            assertEquals(0, sluice.awaitExit());
            long tookMs = Await.millisecondsSince(startNs);
            assertTrue(tookMs < 3000, "took " + tookMs + " ms");
            client.readUntilClosed();
        }
    }

    /** As nohup leaves it, or a script that starts it in the background. */
    @Test
    void signalsThatItsParentIgnoredAreHeeded() throws Exception {
        var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                return = 200 ok
                """);
        Path launcher = sluice.folder().resolve("launcher");
        Files.writeString(launcher, "#!/bin/sh\ntrap '' HUP INT TERM\nexec '"
                + RunningSluice.command().getFirst() + "' \"$@\"\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (sluice) {
            sluice.launcher(launcher).start();
            sluice.signal("HUP");
            sluice.awaitErrorLog("has not changed");
            sluice.signal("INT");
            assertEquals(0, sluice.awaitExit());
        }
    }

    @Test
    void workersDieWithTheirMasterAndANewStartWorksAtOnce() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                listen = unix:@DIR@/listen.sock
                return = 200 ok
                """).workers(2).start()) {
            Await.that("two workers", () -> sluice.workerPids().size() == 2);
            List<Long> workers = sluice.workerPids();
            long killed = sluice.masterPid();
            sluice.signal("KILL");
            // At once: not when the last worker has gone.
            sluice.startAgain();
            sluice.awaitErrorLog("ready, 2 workers, pid " + sluice.masterPid());
            assertNotEquals(killed, sluice.pidInFile());
            assertEquals(sluice.masterPid(), sluice.pidInFile());
            Await.that("no old worker left", () -> workers.stream().noneMatch(Processes::alive));
            try (var client = RawClient.connect(sluice.folder().resolve("listen.sock"))) {
                assertEquals("ok", client.get("/").response().text());
            }
            ShortCommand.ask(sluice, "status").expect(0, "master RUNNING, generation 1");
            // Each has its counts there, and its last requests.
            assertEquals(List.of(), left(sluice, "counters", 2 * workers.size()));
        }
    }

    /** Files beyond those that the living ones need. */
    private static List<String> left(RunningSluice sluice, String folder, int needed) {
        String[] all = sluice.folder().resolve("run").resolve(folder).toFile().list();
        return all.length <= needed ? List.of() : List.of(all);
    }

    @Test
    void commandStopsTheRunningOne() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                return = 200 ok
                """).start()) {
            var reload = Processes.run(RunningSluice.command(
                    "-c", sluice.configuration().toString(), "-s", "reload"));
            assertEquals(0, reload.exitCode(), reload.output());
            var stop = Processes.run(RunningSluice.command(
                    "-c", sluice.configuration().toString(), "-s", "quit"));
            assertEquals(0, stop.exitCode(), stop.output());
            assertEquals(0, sluice.awaitExit());
        }
    }
}
