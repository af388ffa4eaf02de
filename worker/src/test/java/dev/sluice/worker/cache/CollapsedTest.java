package dev.sluice.worker.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RecordingStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may have what was asked for on behalf of another (RFC 9111 §4). */
final class CollapsedTest extends StagedTest {

    private static final String ETAG = "ETag: \"a\"";

    private RecordingStream ask(String path, String... fields) throws Exception {
        return stage.ask("GET " + path + " HTTP/1.1\nHost: www.test\n"
                + String.join("", List.of(fields).stream().map(f -> f + "\n").toList()));
    }

    private void checkEnds(RecordingStream client, String body) throws Exception {
        stage.finish(client);
        assertNull(client.aborted());
        assertEquals(body, client.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-cache", "no-cache, max-age=60", "max-age=0", "public, max-age=0",
        "max-age=0, must-revalidate", "s-maxage=0",
        "max-age=0, must-revalidate, stale-while-revalidate=9"})
    void whatMustBeValidatedIsForTheOneThatAsked(String control) throws Exception {
        RecordingStream ann = ask("/", "Cookie: u=ann");
        RecordingStream bob = ask("/", "Cookie: u=bob");
        assertEquals(1, stage.asked.size());
        stage.answer(200, "for ann", "Cache-Control: " + control, ETAG);
        assertEquals(1, stage.asked.size());
        stage.answer(200, "for bob", "Cache-Control: " + control, ETAG);
        checkEnds(ann, "for ann");
        checkEnds(bob, "for bob");
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-age=60", "max-age=0, stale-while-revalidate=9"})
    void whatNeedNotBeValidatedIsForAllWhoWait(String control) throws Exception {
        RecordingStream ann = ask("/");
        RecordingStream bob = ask("/");
        stage.answer(200, "one", "Cache-Control: " + control, ETAG);
        checkEnds(ann, "one");
        checkEnds(bob, "one");
        assertEquals(0, stage.asked.size());
    }

    @Test
    void aSlowAnswerOfAShortLifeIsForAllWhoWait() throws Exception {
        RecordingStream ann = ask("/");
        RecordingStream bob = ask("/");
        stage.pass(3000);
        stage.answer(200, "slow", "Cache-Control: max-age=1", ETAG);
        checkEnds(ann, "slow");
        checkEnds(bob, "slow");
    }

    @Test
    void whatIsToBeValidatedEachTimeIsAskedForSideBySide() throws Exception {
        RecordingStream first = ask("/");
        stage.answer(200, "one", "Cache-Control: no-cache", ETAG);
        checkEnds(first, "one");
        RecordingStream ann = ask("/");
        RecordingStream bob = ask("/");
        assertEquals(2, stage.asked.size());
        stage.answerHead(stage.asked.removeFirst(), 304, -1, "Cache-Control: no-cache", ETAG).end();
        stage.answer(200, "two", "Cache-Control: no-cache", "ETag: \"b\"");
        checkEnds(ann, "one");
        checkEnds(bob, "two");
    }

    /** Nobody waits for an answer that is known to be for one alone. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "200|Cache-Control: max-age=60|Authorization: Basic eDp5",
        "200|Last-Modified: Tue, 01 Jan 2019 00:00:00 GMT|Cookie: u=ann",
        "500|X-Error: yes|X-None: 1"})
    void whatWasNotStoredIsAskedForSideBySide(int status, String field, String ofRequest)
            throws Exception {
        RecordingStream first = ask("/", ofRequest);
        stage.answer(status, "one", field);
        checkEnds(first, "one");
        RecordingStream ann = ask("/", ofRequest);
        RecordingStream bob = ask("/", ofRequest);
        assertEquals(2, stage.asked.size());
        for (Exchange x : List.copyOf(stage.asked)) {
            stage.asked.remove(x);
            stage.answerHead(x, status, 3, field).give("two").end();
        }
        checkEnds(ann, "two");
        checkEnds(bob, "two");
    }

    @Test
    void othersStillShareWhatWasNotForOneWithAuthorization() throws Exception {
        RecordingStream first = ask("/", "Authorization: Basic eDp5");
        stage.answer(200, "one", "Cache-Control: max-age=60");
        checkEnds(first, "one");
        RecordingStream ann = ask("/");
        RecordingStream bob = ask("/");
        stage.answer(200, "two", "Cache-Control: max-age=60");
        checkEnds(ann, "two");
        checkEnds(bob, "two");
    }

    /** The claim goes with the newer fetch while the answer of the older is still being written. */
    @Test
    void whoComesBehindTwoFetchesJoinsTheOneThatGoesOn() throws Exception {
        RecordingStream ann = ask("/");
        Exchange first = stage.asked.removeLast();
        CacheStage.Peer peer = stage.answerHead(first, 200, 3, "Cache-Control: max-age=60");
        peer.give("one");
        RecordingStream bob = new RecordingStream(stage.ctx, new Nowhere());
        stage.on(() -> {
            first.client.endResponse();
            CacheStage.finishWriting(stage.cache);
            stage.handle(bob.request("GET / HTTP/1.1\nHost: www.test\nCache-Control: no-cache\n"));
            return null;
        });
        stage.settle();
        RecordingStream eve = ask("/", "Cache-Control: no-cache");
        assertEquals(1, stage.asked.size());
        stage.answer(200, "two", "Cache-Control: max-age=60");
        checkEnds(ann, "one");
        checkEnds(bob, "two");
        checkEnds(eve, "two");
    }

    /** Readers are used again: what the last one has had to its end says nothing of this one. */
    @Test
    void whoseAnswerBreaksOffIsTold() throws Exception {
        RecordingStream first = ask("/stored");
        stage.answer(200, "all of it", "Cache-Control: max-age=60");
        checkEnds(first, "all of it");
        RecordingStream second = ask("/private");
        stage.answerHead(stage.asked.removeLast(), 200, 100, "Cache-Control: private")
                .give("a part").cut();
        stage.settle();
        assertEquals(Termination.UPSTREAM_CUT_BODY, second.aborted());
    }
}
