package dev.sluice.worker.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.worker.exchange.RecordingStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields that no-cache names (RFC 9111 §5.2.2.4): for those alone who are answered by the peer. */
final class WithheldFieldsTest extends StagedTest {

    private static final String GET = "GET /a HTTP/1.1\nHost: www\n";

    private RecordingStream get(String says) throws Exception {
        RecordingStream client = stage.ask(GET);
        if (!stage.asked.isEmpty()) {
            stage.answer(200, "body", "Cache-Control: max-age=60, " + says, "X-One: 1",
                    "X-Two: 2", "ETag: \"a\"");
        }
        return stage.finish(client);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-cache=\"X-One\"", "no-cache=\"x-none,, x-one \"", "no-cache=x-one",
        "no-cache=\"x-none\", no-cache=\"X-One\"", "No-Cache=\"X-ONE\""})
    void section5Point2Point2Point4NamedFieldsAreNotGivenAgain(String says) throws Exception {
        assertEquals("1", get(says).header("x-one"));
        RecordingStream again = get(says);
        assertEquals("body", again.body());
        assertNull(again.header("x-one"));
        assertEquals("2", again.header("x-two"));
        RecordingStream known = stage.finish(stage.ask(GET + "If-None-Match: \"a\"\n"));
        assertEquals(304, known.status());
        assertNull(known.header("x-one"));
        assertEquals("2", known.header("x-two"));
    }

    @Test
    void section5Point2Point2Point4NorToThoseWhoShareAFetch() throws Exception {
        RecordingStream first = stage.ask(GET);
        RecordingStream second = stage.ask(GET);
        stage.answer(200, "body", "Cache-Control: max-age=60, no-cache=\"X-One\"", "X-One: 1");
        assertEquals("1", stage.finish(first).header("x-one"));
        assertEquals("body", stage.finish(second).body());
        assertNull(second.header("x-one"));
    }

    /** With validation they may be given, and are. */
    @Test
    void section5Point2Point2Point4AfterAConfirmationTheyAreGiven() throws Exception {
        get("no-cache=\"X-One\"");
        RecordingStream client = stage.ask(GET + "Cache-Control: no-cache\n");
        stage.answer(304, "", "ETag: \"a\"", "X-One: 3");
        assertEquals("3", stage.finish(client).header("x-one"));
        assertNull(get("").header("x-one"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-cache", "no-cache=\"\"", "no-cache=", "no-cache=\" \"",
        "no-cache=\"X-One\", no-cache"})
    void section5Point2Point2Point4WithoutNamesItIsAboutAll(String says) throws Exception {
        get(says);
        stage.ask(GET);
        assertEquals(1, stage.asked.size());
    }

    /** It names what is for one alone: that is no guess to be made about the rest. */
    @Test
    void section5Point2Point2Point7APrivateFieldMakesAllPrivate() throws Exception {
        get("private=\"X-One\"");
        stage.ask(GET);
        assertEquals(1, stage.asked.size());
    }
}
