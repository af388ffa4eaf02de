package dev.sluice.worker.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.http.HeaderName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a 304 does to what is stored, and who gets what comes of it (RFC 9111 §4.3). */
final class Rfc9111ValidationTest extends StagedTest {

    private static final String GET = "GET /a HTTP/1.1\nHost: www\n";
    private static final String FRESH = "Cache-Control: max-age=60";
    private static final String STALE = "Cache-Control: max-age=0";

    private RecordingStream get(String request, int status, String... answer) throws Exception {
        RecordingStream client = stage.ask(request);
        assertEquals(1, stage.asked.size());
        stage.answer(status, status == 304 ? "" : "body", answer);
        return client;
    }

    private void isStored(String... answer) throws Exception {
        stage.finish(get(GET, 200, answer));
    }

    private boolean isConditional() {
        Exchange x = stage.asked.getLast();
        int i = x.request.headers.find(HeaderName.IF_NONE_MATCH);
        return i >= 0 && !x.request.headers.dropped(i);
    }

    /** A tag of another answer tells nothing of the stored one; the mark of a weak one does. */
    @ParameterizedTest
    @CsvSource({"'\"a\"','\"a\"',true", "'\"a\"','\"b\"',false", "'\"a\"','W/\"a\"',true",
        "'W/\"a\"','\"a\"',true", "'W/\"a\"','W/\"b\"',false", "'\"a\"','\"ab\"',false"})
    void section4Point3Point4OnlyAnAnswerOfTheSameTagIsFreshened(String stored, String confirmed,
            boolean holds) throws Exception {
        isStored(STALE, "ETag: " + stored);
        RecordingStream client = get(GET, 304, FRESH, "ETag: " + confirmed);
        if (!holds) {
            assertEquals(1, stage.asked.size());
            assertEquals(false, isConditional());
            stage.answer(200, "other", FRESH, "ETag: " + confirmed);
        }
        stage.finish(client);
        assertEquals(200, client.status());
        assertEquals(holds ? "body" : "other", client.body());
        assertEquals(holds ? stored : confirmed, client.header("etag"));
    }

    @Test
    void section4Point3Point4ATagWhereNoneIsStoredIsOfAnother() throws Exception {
        isStored(STALE, "Last-Modified: Thu, 26 Nov 2026 10:00:00 GMT");
        RecordingStream client = get(GET, 304, FRESH, "ETag: \"b\"");
        stage.answer(200, "other", FRESH, "ETag: \"b\"");
        assertEquals("other", stage.finish(client).body());
    }

    @Test
    void section4Point1AnAnswerThatVariesOtherwiseByNowIsFetchedAnew() throws Exception {
        isStored(STALE, "ETag: \"a\"");
        RecordingStream one = get(GET + "Cookie: u=1\n", 304, FRESH, "ETag: \"a\"",
                "Vary: Cookie");
        stage.answer(200, "one", FRESH, "ETag: \"a\"", "Vary: Cookie");
        assertEquals("one", stage.finish(one).body());
        RecordingStream two = get(GET + "Cookie: u=2\n", 200, FRESH, "Vary: Cookie");
        assertEquals("body", stage.finish(two).body());
        assertEquals("one", stage.finish(stage.ask(GET + "Cookie: u=1\n")).body());
    }

    @Test
    void section4Point1AnAnswerThatVariesAsBeforeIsFreshened() throws Exception {
        isStored(STALE, "ETag: \"a\"", "Vary: X-A, X-B");
        RecordingStream client = get(GET, 304, FRESH, "ETag: \"a\"", "Vary: x-a,X-b");
        assertEquals("body", stage.finish(client).body());
        stage.finish(stage.ask(GET));
        assertEquals(0, stage.asked.size());
    }

    @ParameterizedTest
    @CsvSource({"500,true", "501,false", "502,true", "503,true", "504,true", "505,false",
        "404,false"})
    void rfc5861Section4StaleIfErrorIsForFourStatuses(int status, boolean stale)
            throws Exception {
        isStored(STALE + ", stale-if-error=60", "ETag: \"a\"");
        RecordingStream client = stage.finish(get(GET, status, "X: y"));
        assertEquals(stale ? 200 : status, client.status());
    }

    /** What a 304 brings for the client that was asked for is not for those who wait. */
    @ParameterizedTest
    @CsvSource({"Set-Cookie: session=1", "Cache-Control: private", "Cache-Control: no-store"})
    void aConfirmationForOneIsNotForTheOthers(String field) throws Exception {
        isStored("Cache-Control: max-age=1", "ETag: \"a\"");
        stage.pass(2000);
        RecordingStream first = stage.ask(GET);
        RecordingStream second = stage.ask(GET);
        assertEquals(1, stage.asked.size());
        stage.answer(304, "", field, "ETag: \"a\"", "X-For: one");
        assertEquals("one", stage.finish(first).header("x-for"));
        assertEquals(1, stage.asked.size());
        stage.answer(304, "", FRESH, "ETag: \"a\"");
        assertEquals("body", stage.finish(second).body());
        assertNull(second.header("x-for"));
        assertNull(second.header("set-cookie"));
        stage.finish(stage.ask(GET));
        assertEquals(0, stage.asked.size(), "what nobody had claimed is kept, too");
    }

    @Test
    void section3ANoStoreThatComesWithA304Counts() throws Exception {
        isStored(STALE, "ETag: \"a\"");
        stage.finish(get(GET, 304, "Cache-Control: no-store", "ETag: \"a\""));
        RecordingStream next = stage.ask(GET);
        assertEquals(false, isConditional());
        stage.answer(200, "new", FRESH);
        assertEquals("new", stage.finish(next).body());
        assertTrue(stage.cache.fetches.isEmpty());
    }
}
