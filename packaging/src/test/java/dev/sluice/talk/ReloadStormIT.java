package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A hundred HUPs in a second end in a few reloads, of which the last has the last file. */
final class ReloadStormIT {

    private static final String FILE = """
            [server s]
            listen = 127.0.0.1:@PORT@
            return = 200 file-@F@
            """;

    @Test
    void lastFileIsServed() throws Exception {
        try (var sluice = RunningSluice.with(FILE.replace("@F@", "0")).start();
                var load = new Load(sluice.port(), "/", 2, 5)) {
            for (int i = 1; i <= 10; i++) {
                sluice.writeConfiguration(FILE.replace("@F@", "" + i));
                for (int j = 0; j < 10; j++) {
                    sluice.signal("HUP");
                }
            }
            Await.that("the last file", () -> answer(sluice).equals("file-10"));
            Await.that("one worker", () -> sluice.workerPids().size() == 1);
            long reloads = sluice.errorLog().lines()
                    .filter(line -> line.contains(" serves: ")).count() - 1;
            assertTrue(reloads <= 6, reloads + " reloads");
            load.awaitAnswers(50);
            assertEquals(List.of(), load.failures());
        }
    }

    private static String answer(RunningSluice sluice) throws Exception {
        try (var client = sluice.client()) {
            return client.request("GET / HTTP/1.1", "Host: h", "Connection: close")
                    .response().text();
        }
    }
}
