package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code -s upgrade}: another master takes over, and no client notices. */
final class UpgradeIT {

    private static final String FILE = """
            [server s]
            listen = 127.0.0.1:@PORT@
            root = @DIR@/www
            [location s /post]
            return = 200 posted
            [admin]
            listen = 127.0.0.1:@PORT:admin@
            """;
    private static final int BIG = 32 << 20;

    @Test
    void underLoadNothingFails() throws Exception {
        try (var sluice = RunningSluice.with(FILE).workers(2).main("worker_shutdown_timeout = 12s")
                        .file("www/index.html", "page").file("www/big", new byte[BIG]).start();
                var slow = RawClient.connect(sluice.port(), 4096);
                var fresh = new Load(sluice.port(), "/", 1, 1);
                var kept = new Load(sluice.port(), "/", 1, Integer.MAX_VALUE);
                var posts = new IdlePosts(sluice.port(), 50)) {
            slow.get("/big");
            assertEquals(200, slow.responseHead().status());
            long before = sluice.pidInFile();
            double totalBefore = requests(sluice);
            posts.sendWithin(6_000, 5);

            ShortCommand.ask(sluice, "upgrade").expect(0, "ready     ", "2 workers",
                    "switch    ", "upgraded: pid " + before + " -> pid ");

            long after = sluice.pidInFile();
            assertNotEquals(before, after);
            ShortCommand.ask(sluice, "status").expect(0, "master RUNNING, generation 2",
                    "generation 2) serving", "pid " + before + ", drains");
            assertTrue(requests(sluice) >= totalBefore, "totals went back");
            ShortCommand.ask(sluice, "upgrade").expect(1, "(pid " + before + ") drains");
            assertEquals(BIG, slow.readExactly(BIG).length);
            posts.await();
            fresh.awaitAnswers(50);
            kept.awaitAnswers(50);
            assertEquals(List.of(), fresh.failures());
            assertEquals(List.of(), kept.failures());
            assertEquals(List.of(), posts.lost());
            assertEquals(0, sluice.awaitExit());
            assertEquals(after, sluice.pidInFile());
            assertTrue(requests(sluice) >= totalBefore, "totals went back");
            ShortCommand.ask(sluice, "reload").expect(0, "has not changed");
            ShortCommand.ask(sluice, "stop").expect(0);
            assertFalse(Files.exists(sluice.folder().resolve("sluice.pid")));
        }
    }

    private static double requests(RunningSluice sluice) throws Exception {
        try (var client = RawClient.connect(sluice.port("admin"))) {
            return client.get("/metrics").response().text().lines()
                    .filter(line -> line.startsWith("sluice_server_requests_total{server=\"s\"}"))
                    .mapToDouble(line -> Double.parseDouble(
                            line.substring(line.lastIndexOf(' ') + 1))).sum();
        }
    }

    @Test
    void newMasterThatIsKilledWhileItStartsIsNotMissed() throws Exception {
        try (var sluice = RunningSluice.with(FILE).workers(2).file("www/index.html", "page")
                        .start();
                var fresh = new Load(sluice.port(), "/", 1, 1);
                var kept = new Load(sluice.port(), "/", 1, Integer.MAX_VALUE)) {
            List<Long> workers = sluice.workerPids();
            var upgrade = new FutureTask<>(() -> ShortCommand.ask(sluice, "upgrade"));
            Thread.ofPlatform().start(upgrade);
            Await.that("workers of the new master", () -> !workersOf(successor(sluice)).isEmpty());
            long killed = successor(sluice);
            List<Long> orphans = workersOf(killed);
            Processes.signal(killed, "KILL");
            upgrade.get().expect(3, "the upgrade is rolled back", "the old program serves on");
            Await.that("no orphans", () -> orphans.stream().noneMatch(Processes::alive));
            assertEquals(workers, sluice.workerPids());
            assertEquals(sluice.masterPid(), sluice.pidInFile());
            fresh.awaitAnswers(50);
            kept.awaitAnswers(50);
            assertEquals(List.of(), fresh.failures());
            assertEquals(List.of(), kept.failures());
            ShortCommand.ask(sluice, "reload").expect(0, "has not changed");
        }
    }

    /** The pid of the new master while it starts; 0 before. */
    private static long successor(RunningSluice sluice) {
        return Processes.naming(sluice.folder()).stream()
                .filter(pid -> pid != sluice.masterPid())
                .filter(pid -> Processes.commandLine(pid).contains("MasterMain"))
                .filter(pid -> !Processes.commandLine(pid).contains(" -s "))
                .findFirst().orElse(0L);
    }

    private static List<Long> workersOf(long master) {
        return master == 0 ? List.of() : Processes.children(master).stream()
                .filter(pid -> Processes.commandLine(pid).contains("WorkerMain")).toList();
    }

    @Test
    void brokenProgramLeavesTheOldOne() throws Exception {
        try (var sluice = RunningSluice.with(FILE).file("www/index.html", "page")) {
            Path link = Files.createSymbolicLink(sluice.folder().resolve("program"),
                    RunningSluice.distribution().resolve("bin/sluice"));
            sluice.launcher(link).start();
            Files.delete(link);
            Files.writeString(link, "#!/bin/sh\necho 'a jar is missing' >&2\nexit 1\n");
            assertTrue(link.toFile().setExecutable(true));
            List<Long> workers = sluice.workerPids();
            ShortCommand.ask(sluice, "upgrade").expect(3, "a jar is missing", "rolled back");
            sluice.awaitErrorLog("the upgrade is rolled back: the new program ended: a jar");
            assertEquals(workers, sluice.workerPids());
            assertEquals(sluice.masterPid(), sluice.pidInFile());
            try (var client = sluice.client();
                    Stream<Path> left = Files.list(sluice.folder().resolve("run"))) {
                assertEquals("page", client.get("/").response().text());
                assertEquals(List.of(), left.filter(f -> f.toString().contains("gen-2")
                        || f.toString().contains("upgrade")).toList());
            }
        }
    }
}
