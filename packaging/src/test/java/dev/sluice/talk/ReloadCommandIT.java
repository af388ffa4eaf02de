package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** {@code sluice -s reload} waits, tells what changed and how it ended, and the code says so. */
final class ReloadCommandIT {

    private static final String BEFORE = """
            [server s]
            listen = 127.0.0.1:@PORT@
            return = 200 before
            """;

    @Test
    void tellsWhatChangedAndHowLongItTook() throws Exception {
        try (var sluice = RunningSluice.with(BEFORE).start()) {
            sluice.workers(2).writeConfiguration(BEFORE + """
                    listen = 127.0.0.1:@PORT:second@
                    [location s /new]
                    return = 200 new
                    """);
            ShortCommand.ask(sluice, "reload").expect(0,
                    "check     ", " ms",
                    "listen    + 127.0.0.1:" + sluice.port("second"),
                    "server    ~ s",
                    "location  + s /new",
                    "main      ~ workers: 1 -> 2",
                    "sockets   ", "ready     ", "2 workers", "switch    ", "drain     ",
                    "generation 2 serves: 2 workers");
            String line = sluice.errorLog().lines()
                    .filter(l -> l.contains("generation 2 serves")).toList().getLast();
            assertTrue(line.matches(".*check \\d+ ms, sockets \\d+ ms, ready \\d+ ms, switch \\d+"
                    + " ms; listen \\+ .*, main ~ workers: 1 -> 2"), line);
        }
    }

    @Test
    void equalFileChangesNothing() throws Exception {
        try (var sluice = RunningSluice.with(BEFORE).start()) {
            List<Long> workers = sluice.workerPids();
            ShortCommand.ask(sluice, "reload").expect(0, "has not changed");
            sluice.signal("HUP");
            Await.that("the second answer", () -> sluice.errorLog().lines()
                    .filter(l -> l.contains("has not changed")).count() == 2);
            assertEquals(workers, sluice.workerPids());
        }
    }

    @Test
    void badFileIsNamedWithItsLine() throws Exception {
        try (var sluice = RunningSluice.with(BEFORE).start()) {
            List<Long> workers = sluice.workerPids();
            sluice.writeConfiguration(BEFORE + "retrun = 200 oops\n");
            ShortCommand.ask(sluice, "reload").expect(1, "sluice.ini:", "retrun");
            assertEquals(workers, sluice.workerPids());
        }
    }

    @Test
    void addressOfAnotherIsRolledBack() throws Exception {
        try (var sluice = RunningSluice.with(BEFORE).start();
                var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Long> workers = sluice.workerPids();
            String address = "127.0.0.1:" + other.getLocalPort();
            sluice.writeConfiguration(BEFORE + "listen = " + address + "\n");
            ShortCommand.ask(sluice, "reload").expect(3, "listen    + " + address, address);
            assertEquals(workers, sluice.workerPids());
            assertEquals("before", answer(sluice));
        }
    }

    @Test
    void newWorkerKilledWhileItWarmsUpIsRolledBack() throws Exception {
        try (var sluice = RunningSluice.with(BEFORE).start()) {
            List<Long> workers = sluice.workerPids();
            sluice.workers(2).writeConfiguration(BEFORE.replace("before", "after"));
            var reload = new FutureTask<>(() -> ShortCommand.ask(sluice, "reload"));
            Thread.ofPlatform().start(reload);
            Await.that("a new worker", () -> sluice.workerPids().size() > workers.size());
            for (long pid : sluice.workerPids()) {
                if (!workers.contains(pid)) {
                    Processes.signal(pid, "KILL");
                }
            }
            reload.get().expect(3, "signal 9", "rolled back");
            Await.that("only the old worker", () -> sluice.workerPids().equals(workers));
            assertEquals("before", answer(sluice));
        }
    }

    @Test
    void logFolderThatIsMissingIsRolledBack() throws Exception {
        try (var sluice = RunningSluice.with(BEFORE).start()) {
            sluice.writeConfiguration(BEFORE.replace("before", "after")
                    + "access_log = @DIR@/absent/access.log combined\n");
            ShortCommand.ask(sluice, "reload").expect(3,
                    "/absent/access.log: its folder does not exist", "rolled back");
            assertEquals("before", answer(sluice));
        }
    }

    private static String answer(RunningSluice sluice) throws Exception {
        try (var client = sluice.client()) {
            return client.request("GET / HTTP/1.1", "Host: h", "Connection: close")
                    .response().text();
        }
    }
}
