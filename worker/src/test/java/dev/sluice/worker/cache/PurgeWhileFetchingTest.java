package dev.sluice.worker.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.common.cache.CachePurge;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RecordingStream;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What one worker purges while another fetches it: nobody who asks after that is given what was
 * asked for before.
 */
final class PurgeWhileFetchingTest {

    private static final String GET = "GET /a HTTP/1.1\nHost: www\n";
    private static final String FRESH = "Cache-Control: max-age=60";

    @TempDir Path folder;
    private CacheStage one;
    private CacheStage other;

    @BeforeEach
    void make() throws Exception {
        one = new CacheStage(folder, "max_size = 100m");
        other = new CacheStage(folder, "max_size = 100m");
    }

    @AfterEach
    void close() throws Exception {
        one.close();
        other.close();
    }

    private void post() throws Exception {
        RecordingStream client = other.ask("POST /a HTTP/1.1\nHost: www\nContent-Length: 0\n");
        other.answer(204, "");
        other.finish(client);
    }

    private String given(RecordingStream client) throws Exception {
        return one.finish(client).body();
    }

    /** Both orders in which the two answers may come. */
    private void checkNewOneStays(boolean oldFirst, String... fields) throws Exception {
        RecordingStream before = one.ask(GET);
        Exchange old = one.asked.removeLast();
        post();
        RecordingStream after = one.ask(GET);
        assertEquals(1, one.asked.size(), "it waits for what was asked for before");
        Exchange fresh = one.asked.removeLast();
        RecordingStream joins = one.ask(GET);
        assertEquals(0, one.asked.size(), "it waits for what was asked for after");
        answer(oldFirst ? old : fresh, oldFirst ? "old" : "new", fields);
        answer(oldFirst ? fresh : old, oldFirst ? "new" : "old", fields);
        assertEquals("old", given(before));
        assertEquals("new", given(after));
        assertEquals("new", given(joins));
        assertEquals("new", given(one.ask(GET)));
        assertEquals("new", other.finish(other.ask(GET)).body());
    }

    private void answer(Exchange x, String body, String... fields) throws Exception {
        one.answerHead(x, 200, body.length(), fields).give(body).end();
        one.settle();
    }

    @Test
    void theOldAnswerComesFirst() throws Exception {
        checkNewOneStays(true, FRESH);
    }

    @Test
    void theOldAnswerComesLast() throws Exception {
        checkNewOneStays(false, FRESH);
    }

    @Test
    void answersThatVary() throws Exception {
        checkNewOneStays(true, FRESH, "Vary: X-A");
    }

    @Test
    void answersThatVaryInTheOtherOrder() throws Exception {
        checkNewOneStays(false, FRESH, "Vary: X-A");
    }

    @Test
    void whatHasBegunToComeIsForNobodyElse() throws Exception {
        RecordingStream before = one.ask(GET);
        CacheStage.Peer old = one.answerHead(one.asked.removeLast(), 200, 6, FRESH).give("old");
        post();
        RecordingStream after = one.ask(GET);
        assertEquals(1, one.asked.size());
        one.answer(200, "new", FRESH);
        old.give("old").end();
        assertEquals("oldold", given(before));
        assertEquals("new", given(after));
        assertEquals("new", given(one.ask(GET)));
    }

    @Test
    void aPurgeOfAll() throws Exception {
        RecordingStream before = one.ask(GET);
        Exchange old = one.asked.removeLast();
        new CachePurge(other.cache.folder).run(CachePurge.By.ALL, "");
        RecordingStream after = one.ask(GET);
        assertEquals(1, one.asked.size());
        one.answer(200, "new", FRESH);
        answer(old, "old", FRESH);
        assertEquals("old", given(before));
        assertEquals("new", given(after));
        assertEquals("new", given(one.ask(GET)));
    }

    @Test
    void whatIsOutdatedIsNotSaidToBeStored() throws Exception {
        RecordingStream before = one.ask(GET);
        post();
        one.answer(200, "old", FRESH);
        assertFalse(one.finish(before).header("cache-status").contains("stored"));
    }

    @Test
    void theAnswerToAnotherKeyIsShared() throws Exception {
        one.ask(GET.replace("/a", "/b"));
        post();
        one.ask(GET.replace("/a", "/b"));
        assertEquals(1, one.asked.size());
    }
}
