package dev.sluice.worker.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RecordingStream;
import org.junit.jupiter.api.Test;

/** What asks the peer gives up before it has begun an answer: nobody is left waiting. */
final class FetchAbortTest extends StagedTest {

    private static final String GET = "GET /a HTTP/1.1\nHost: www\n";

    private void abort() throws Exception {
        Exchange x = stage.asked.removeLast();
        stage.on(() -> {
            x.client.abort(Termination.WORKER_OVERLOAD);
            return null;
        });
    }

    @Test
    void allWhoWaitGetAnError() throws Exception {
        RecordingStream one = stage.ask(GET);
        RecordingStream two = stage.ask(GET);
        abort();
        assertEquals(502, stage.finish(one).status());
        assertEquals(502, stage.finish(two).status());
        assertTrue(stage.cache.fetches.isEmpty());
    }

    @Test
    void theNextOneAsksAnew() throws Exception {
        stage.ask(GET);
        abort();
        RecordingStream next = stage.ask(GET);
        stage.answer(200, "body", "Cache-Control: max-age=60");
        assertEquals("body", stage.finish(next).body());
    }

    @Test
    void nobodyWaitsForWhatIsRenewedInTheBackground() throws Exception {
        RecordingStream first = stage.ask(GET);
        stage.answer(200, "body", "Cache-Control: max-age=0, stale-while-revalidate=60");
        stage.finish(first);
        assertEquals("body", stage.finish(stage.ask(GET)).body());
        abort();
        stage.settle();
        assertTrue(stage.cache.fetches.isEmpty());
    }
}
