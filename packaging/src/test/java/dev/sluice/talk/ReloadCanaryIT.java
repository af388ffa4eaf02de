package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** With {@code canary} one new worker serves first; a worse one takes the reload back. */
final class ReloadCanaryIT {

    private static final String BEFORE = """
            [server s]
            listen = 127.0.0.1:@PORT@
            return = 200 before
            """;

    @Test
    void worseOneIsRolledBack() throws Exception {
        try (var sluice = RunningSluice.with(BEFORE).main("canary = 1s").start();
                var load = new Load(sluice.port(), "/", 4, 3)) {
            List<Long> workers = sluice.workerPids();
            sluice.writeConfiguration(BEFORE.replace("200 before", "500 after"));
            ShortCommand.ask(sluice, "reload").expect(3, "server    ~ s", "canary",
                    "the canary did worse: 5xx 100.0 %");
            sluice.awaitErrorLog("the canary did worse");
            Await.that("only the old worker", () -> sluice.workerPids().equals(workers));
            assertEquals("before", answer(sluice));
            int failed = load.failures().size();
            load.awaitAnswers(100);
            assertEquals(failed, load.failures().size());
        }
    }

    @Test
    void goodOneIsFollowedByTheOthers() throws Exception {
        try (var sluice = RunningSluice.with(BEFORE).main("canary = 1s").workers(2).start();
                var load = new Load(sluice.port(), "/", 4, 3)) {
            sluice.writeConfiguration(BEFORE.replace("before", "after"));
            ShortCommand.ask(sluice, "reload").expect(0,
                    "canary", "requests here", "ready", "generation 2 serves: 2 workers");
            Await.that("two workers", () -> sluice.workerPids().size() == 2);
            assertEquals("after", answer(sluice));
            assertEquals(List.of(), load.failures());
        }
    }

    @Test
    void killedOneIsRolledBack() throws Exception {
        try (var sluice = RunningSluice.with(BEFORE).main("canary = 20s").start()) {
            List<Long> workers = sluice.workerPids();
            sluice.writeConfiguration(BEFORE.replace("before", "after"));
            sluice.signal("HUP");
            sluice.awaitErrorLog("generation 2) is ready");
            for (long pid : sluice.workerPids()) {
                if (!workers.contains(pid)) {
                    Processes.signal(pid, "KILL");
                }
            }
            sluice.awaitErrorLog("the canary failed");
            assertEquals(workers, sluice.workerPids());
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
