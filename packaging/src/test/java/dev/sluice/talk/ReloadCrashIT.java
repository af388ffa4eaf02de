package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** An old worker that is killed during a reload takes only its own requests with it. */
final class ReloadCrashIT {

    private static final int CLIENTS = 2;

    private static final String BEFORE = """
            [server s]
            listen = 127.0.0.1:@PORT@
            return = 200 before
            """;

    @Test
    void newGenerationServesAllTheSame() throws Exception {
        try (var sluice = RunningSluice.with(BEFORE).workers(2).start();
                // Connections that rest keep an old worker from ending at once.
                var idle = new IdlePosts(sluice.port(), 16);
                var load = new Load(sluice.port(), "/", CLIENTS, 1)) {
            List<Long> old = sluice.workerPids();
            sluice.writeConfiguration(BEFORE.replace("before", "after"));
            sluice.signal("HUP");
            Await.that("new workers", () -> sluice.workerPids().size() >= old.size() + 2);
            // While the new ones warm up, and then while this one drains.
            Processes.signal(old.getFirst(), "KILL");
            sluice.awaitErrorLog("generation 2 serves");
            Processes.signal(old.getLast(), "KILL");
            Await.that("two new workers", () -> sluice.workerPids().size() == 2
                    && sluice.workerPids().stream().noneMatch(old::contains));
            load.awaitAnswers(100);
            assertTrue(load.failures().size() <= 2 * CLIENTS, load.failures().toString());
            idle.sendWithin(0, 1).await();
            assertEquals(16, idle.foundClosed(), "those of the killed workers are gone");
            try (var client = sluice.client()) {
                assertEquals("after", client.get("/").response().text());
            }
        }
    }
}
