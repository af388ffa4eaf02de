package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Ten reloads, workers going up and down, an address coming and going: nobody notices. */
final class ReloadUnderLoadIT {

    private static final String BASE = """
            [server s]
            listen = 127.0.0.1:@PORT@
            return = 200 generation-@G@
            """;
    private static final String SECOND = "listen = 127.0.0.1:@PORT:second@\n";
    private static final int[] WORKERS = {3, 2, 1, 3, 2, 1, 2, 3, 1, 2};

    @Test
    void nothingFails() throws Exception {
        try (var sluice = RunningSluice.with(BASE).start();
                var fresh = new Load(sluice.port(), "/", 2, 1);
                var kept = new Load(sluice.port(), "/", 2, Integer.MAX_VALUE);
                var posts = new IdlePosts(sluice.port(), 100)) {
            posts.sendWithin(15_000, 7);
            int generation = 1;
            for (int workers : WORKERS) {
                generation++;
                boolean second = generation % 2 == 0;
                sluice.workers(workers).writeConfiguration(
                        BASE.replace("@G@", "" + generation) + (second ? SECOND : ""));
                sluice.signal("HUP");
                sluice.awaitErrorLog("generation " + generation + " serves");
                if (second) {
                    secondAnswers(sluice.port("second"));
                }
                fresh.awaitAnswers(50);
                kept.awaitAnswers(50);
            }
            posts.await();
            assertEquals(List.of(), fresh.failures());
            assertEquals(List.of(), kept.failures());
            assertEquals(List.of(), posts.lost());
            assertTrue(fresh.answered() + kept.answered() > 1_000);
        }
    }

    /** An address is there from the moment its generation serves. */
    private static void secondAnswers(int port) throws Exception {
        try (var load = new Load(port, "/", 2, 1)) {
            load.awaitAnswers(50);
            assertEquals(List.of(), load.failures());
        }
    }
}
