package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** An address that a reload removes answers whom it has accepted and refuses everybody else. */
final class ReloadRemovedAddressIT {

    private static final String ONE = """
            [server s]
            listen = 127.0.0.1:@PORT@
            return = 200 one
            """;
    private static final String TWO = ONE + "listen = 127.0.0.1:@PORT:second@\n";

    @Test
    void keptConnectionsAreAnsweredAndNewOnesRefused() throws Exception {
        try (var sluice = RunningSluice.with(TWO).workers(2).start();
                var stays = new Load(sluice.port(), "/", 1, 5);
                var kept = new IdlePosts(sluice.port("second"), 50);
                var fresh = new Load(sluice.port("second"), "/", 2, 1)) {
            sluice.writeConfiguration(ONE);
            sluice.signal("HUP");
            kept.sendWithin(2_000, 3);
            sluice.awaitErrorLog("generation 2 serves");
            Await.that("a refusal", () -> fresh.failures().size() > 10);
            kept.await();
            assertEquals(List.of(), kept.lost());
            assertEquals(50, kept.answered());
            List<String> others = fresh.failures().stream()
                    .filter(failure -> !failure.contains("refused")).toList();
            // A connection that the kernel completes between the last accept and the close.
            assertTrue(others.size() <= 2, others.toString());
            stays.awaitAnswers(20);
            assertEquals(List.of(), stays.failures());
        }
    }
}
