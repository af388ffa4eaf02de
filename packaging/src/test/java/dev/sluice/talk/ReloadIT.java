package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** HUP puts a good file into force without failing a request, and leaves a broken one aside. */
final class ReloadIT {

    private static final String BEFORE = """
            [server s]
            listen = 127.0.0.1:@PORT@
            return = 200 before
            """;
    private static final String AFTER = BEFORE.replace("before", "after")
            + "listen = 127.0.0.1:@PORT:second@\n";

    @Test
    void goodFileIsServedByANewGeneration() throws Exception {
        try (var sluice = RunningSluice.with(BEFORE).workers(2).start();
                var load = new Load(sluice.port(), "/", 4, 20)) {
            List<Long> old = sluice.workerPids();
            sluice.writeConfiguration(AFTER);
            sluice.signal("HUP");
            Await.that("the new answer", () -> answer(sluice.port()).equals("after"));
            Await.that("only new workers", () -> sluice.workerPids().size() == 2
                    && sluice.workerPids().stream().noneMatch(old::contains));
            assertEquals("after", answer(sluice.port("second")));
            load.awaitAnswers(200);
            assertEquals(List.of(), load.failures());
        }
    }

    @Test
    void keptConnectionCarriesOneMoreRequest() throws Exception {
        try (var sluice = RunningSluice.with(BEFORE).start();
                var client = sluice.client()) {
            assertEquals("before", client.get("/").response().text());
            sluice.writeConfiguration(AFTER);
            sluice.signal("HUP");
            Await.that("the new answer", () -> answer(sluice.port()).equals("after"));
            client.expectSilence(1_000);
            Response last = client.get("/").response();
            assertEquals("before", last.text());
            assertTrue(last.closes(), "the answer says that it is the last");
            client.expectClosed();
            Await.that("the end of the old worker", () -> sluice.workerPids().size() == 1);
        }
    }

    @Test
    void connectionThatRestsAllTheTimeIsClosedBeforeItsEnd() throws Exception {
        try (var sluice = RunningSluice.with(BEFORE).main("worker_shutdown_timeout = 2s").start();
                var client = sluice.client()) {
            assertEquals("before", client.get("/").response().text());
            sluice.writeConfiguration(AFTER);
            sluice.signal("HUP");
            Await.that("the new answer", () -> answer(sluice.port()).equals("after"));
            client.expectClosed();
            Await.that("the end of the old worker", () -> sluice.workerPids().size() == 1);
            sluice.awaitErrorLog("has drained");
        }
    }

    @Test
    void brokenFileChangesNothing() throws Exception {
        try (var sluice = RunningSluice.with(BEFORE).start();
                var client = sluice.client()) {
            List<Long> workers = sluice.workerPids();
            sluice.writeConfiguration(BEFORE + "retrun = 200 oops\n");
            sluice.signal("HUP");
            sluice.awaitErrorLog("unknown key \"retrun\"");
            assertEquals(workers, sluice.workerPids());
            assertEquals("before", client.get("/").response().text());
            assertEquals("before", answer(sluice.port()));
            assertTrue(sluice.errorLog().contains("sluice.ini:"), "names the place");
            sluice.writeConfiguration(AFTER);
            sluice.signal("HUP");
            Await.that("the new answer", () -> answer(sluice.port()).equals("after"));
        }
    }

    private static String answer(int port) throws Exception {
        try (var client = RawClient.connect(port)) {
            return client.request("GET / HTTP/1.1", "Host: h", "Connection: close")
                    .response().text();
        }
    }
}
