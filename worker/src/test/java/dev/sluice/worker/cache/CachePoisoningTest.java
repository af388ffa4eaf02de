package dev.sluice.worker.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RecordingStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others have fallen for: answers given to whom they are not for. */
final class CachePoisoningTest extends StagedTest {

    private static final String FRESH = "Cache-Control: max-age=60";
    private static final String PAGE = "GET /page?a=1 HTTP/1.1\nHost: www.test\n";

    /** Asks for it, and the peer gives it when it is asked. @return whether it was */
    private boolean asks(String request, String... fields) throws Exception {
        return asks(stage.ask(request), 200, fields);
    }

    private boolean asks(RecordingStream client, int status, String... fields) throws Exception {
        boolean asked = !stage.asked.isEmpty();
        if (asked) {
            stage.answer(status, status == 204 ? "" : "evil", fields);
        }
        stage.finish(client);
        return asked;
    }

    /** What was not stored is asked for by each on his own for five seconds. */
    private void later() throws Exception {
        stage.pass(6000);
    }

    /** CVE-2026-2836: a key without host, scheme or port. */
    @ParameterizedTest
    @ValueSource(strings = {
        "GET /page?a=1 HTTP/1.1\nHost: evil.test\n",
        "GET /page?a=2 HTTP/1.1\nHost: www.test\n",
        "GET /page?a=1& HTTP/1.1\nHost: www.test\n",
        "GET /page HTTP/1.1\nHost: www.test\n",
        "GET /page? HTTP/1.1\nHost: www.test\n",
        "GET /page%3Fa=1 HTTP/1.1\nHost: www.test\n",
        "GET /page%20127.0.0.1:1?a=1 HTTP/1.1\nHost: www.test\n",
        "GET /PAGE?a=1 HTTP/1.1\nHost: www.test\n",
        "GET /page/?a=1 HTTP/1.1\nHost: www.test\n",
        // Parameter cloaking: for some peers a semicolon parts parameters, for others it does not.
        "GET /page?a=1;b=2 HTTP/1.1\nHost: www.test\n",
        "GET /page?a=1&b=2;a=1 HTTP/1.1\nHost: www.test\n",
        "GET /page?a=1&a=1 HTTP/1.1\nHost: www.test\n",
        // Path parameters and encoded separators, which some peers cut off or decode.
        "GET /page;x.css?a=1 HTTP/1.1\nHost: www.test\n",
        "GET /page%2Fx.css?a=1 HTTP/1.1\nHost: www.test\n",
        "GET /page%3B.css?a=1 HTTP/1.1\nHost: www.test\n",
        "GET /page%23.css?a=1 HTTP/1.1\nHost: www.test\n",
    })
    void anotherUrlIsAnotherAnswer(String other) throws Exception {
        assertTrue(asks(other, FRESH));
        assertTrue(asks(PAGE, FRESH));
        assertEquals(false, asks(PAGE, FRESH));
        assertEquals(false, asks(other, FRESH));
    }

    @Test
    void theSchemeIsPartOfTheKey() throws Exception {
        assertTrue(asks(PAGE, FRESH));
        assertTrue(asks(stage.ask(PAGE, client -> client.secure = true), 200, FRESH));
    }

    @Test
    void theSameHostInOtherWordsIsNoOther() throws Exception {
        assertTrue(asks(PAGE, FRESH));
        assertEquals(false, asks(PAGE.replace("www.test", "WWW.test"), FRESH));
        assertEquals(false, asks(PAGE.replace("www.test", "www.test:80"), FRESH));
        assertEquals(false, asks(PAGE.replace("www.test", "www.test:"), FRESH));
        assertEquals(false, asks(PAGE.replace("GET /", "GET http://Www.test/"), FRESH));
    }

    /** Peers are told of it by X-Forwarded-Host, and make links and redirects of it. */
    @ParameterizedTest
    @ValueSource(strings = {
        "GET /page?a=1 HTTP/1.1\nHost: www.test:6666\n",
        "GET /page?a=1 HTTP/1.1\nHost: www.test:443\n",
        "GET http://www.test:6666/page?a=1 HTTP/1.1\nHost: www.test\n",
        "GET /page?a=1 HTTP/1.1\nHost: www.test.\n",
        "GET /page?a=1 HTTP/1.1\nHost: www.test.:80\n",
        "GET /page?a=1 HTTP/1.0\n",
    })
    void whatThePeerIsToldOfTheHostIsPartOfTheKey(String other) throws Exception {
        assertTrue(asks(other, FRESH));
        assertTrue(asks(PAGE, FRESH));
        assertEquals(false, asks(PAGE, FRESH));
        assertEquals(false, asks(other, FRESH));
    }

    @Test
    void withoutAPortItIsThatOfTheScheme() throws Exception {
        assertTrue(asks(stage.ask(PAGE, client -> client.secure = true), 200, FRESH));
        assertEquals(false, asks(stage.ask(PAGE.replace("www.test", "www.test:443"),
                client -> client.secure = true), 200));
        assertTrue(asks(stage.ask(PAGE.replace("www.test", "www.test:80"),
                client -> client.secure = true), 200, FRESH));
    }

    @Test
    void anUnsafeMethodRemovesWhatIsStoredForItsPort() throws Exception {
        String other = PAGE.replace("www.test", "www.test:6666");
        assertTrue(asks(other, FRESH));
        assertTrue(asks(PAGE, FRESH));
        assertTrue(asks(stage.ask(other.replace("GET", "POST")), 204));
        assertEquals(false, asks(PAGE, FRESH));
        assertTrue(asks(other, FRESH));
    }

    /** Web cache deception: a path that looks like a file changes nothing about a person's page. */
    @ParameterizedTest
    @ValueSource(strings = {"Cache-Control: private, max-age=60", "Cache-Control: no-store",
        "Set-Cookie: session=1", "X-Nothing: said", "Vary: *",
        "Cache-Control: max-age=60, private=\"Set-Cookie\""})
    void whatLooksLikeAFileIsNoFile(String field) throws Exception {
        String request = "GET /account/x.css HTTP/1.1\nHost: www.test\nCookie: session=1\n";
        assertTrue(asks(request, field, "Content-Type: text/html"));
        assertTrue(asks(request.replace("session=1", "session=2"), field));
    }

    @Test
    void withAuthorizationOnlyWhatSaysSoIsForAll() throws Exception {
        assertTrue(asks(PAGE + "Authorization: Basic YTpi\n", FRESH));
        assertTrue(asks(PAGE, FRESH, "X-Who: nobody"));
        assertEquals(false, asks(PAGE, FRESH));
    }

    /** CVE-2024-35296: an Accept-Encoding that cannot be read mixes nothing. */
    @ParameterizedTest
    @ValueSource(strings = {",;q=,;", "gzip;q=x", "gzip;;;", "\"gzip\"", "gzip;q=0.000", "=",
        "*;q=0"})
    void strangeAcceptEncoding(String value) throws Exception {
        assertTrue(asks(PAGE + "Accept-Encoding: " + value + "\n", FRESH,
                "Vary: Accept-Encoding"));
        assertEquals(false, asks(PAGE + "Accept-Encoding: " + value + "\n"));
        boolean asked = asks(PAGE + "Accept-Encoding: br\n", FRESH, "Vary: Accept-Encoding",
                "Content-Encoding: br");
        assertTrue(asked, "a client of br has what another one got");
    }

    /** CVE-2026-60005: a part that is taken for another part, or for the whole. */
    @Test
    void aPartIsNeverTakenForTheWhole() throws Exception {
        RecordingStream client = stage.ask(PAGE + "Range: bytes=0-3\n");
        assertTrue(asks(client, 206, FRESH, "Content-Range: bytes 0-3/1000", "ETag: \"a\""));
        later();
        assertTrue(asks(PAGE, FRESH));
        assertEquals(false, asks(PAGE, FRESH));
    }

    /** 416: a range that there is not makes no error of the whole. */
    @Test
    void anUnsatisfiableRangeIsNotTheAnswerOfAll() throws Exception {
        RecordingStream client = stage.ask(PAGE + "Range: bytes=900-\n");
        assertTrue(asks(client, 200, FRESH));
        assertEquals(416, client.status());
        assertEquals(false, asks(PAGE, FRESH));
        client = stage.ask(PAGE.replace("/page", "/gone") + "Range: bytes=900-\n");
        assertTrue(asks(client, 416, FRESH, "Content-Range: bytes */4"));
        later();
        stage.ask(PAGE.replace("/page", "/gone"));
        assertEquals(1, stage.asked.size(), "a 416 that is stored would be given to all");
    }

    /** The peer's answer to a HEAD is no answer to a GET, nor one without its body. */
    @Test
    void aHeadIsNeverTheAnswerToAGet() throws Exception {
        RecordingStream head = stage.ask(PAGE.replace("GET", "HEAD"));
        assertTrue(asks(head, 200, FRESH));
        assertEquals(0, head.bodyLength());
        RecordingStream get = stage.finish(stage.ask(PAGE));
        assertEquals(0, stage.asked.size());
        assertEquals("evil", get.body());
    }

    /** CPDoS: fields that make a peer answer an error or another method's answer to a GET. */
    @ParameterizedTest
    @ValueSource(strings = {"X-HTTP-Method-Override: POST", "X-HTTP-Method: DELETE",
        "X-Method-Override: PUT", "X-Original-URL: /admin",
        "X-Rewrite-URL: /admin", "X-Forwarded-Scheme: http", "X-Forwarded-Port: 1"})
    void anErrorThatAFieldProvokesIsNotKept(String field) throws Exception {
        assertTrue(asks(stage.ask(PAGE + field + "\n"), 404, "X: y"));
        assertTrue(asks(stage.ask(PAGE), 200, FRESH));
    }

    /** What breaks a peer (a header that is too long, a method that it takes from a field). */
    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 413, 431, 500, 502, 503})
    void errorsThatNameNoTimeAreNotKept(int status) throws Exception {
        assertTrue(asks(stage.ask(PAGE + "X-Oversized: aaaa\n"), status, "X: y"));
        assertTrue(asks(stage.ask(PAGE), 200, FRESH));
    }

    @Test
    void aGetWithABodyPassesBy() throws Exception {
        assertTrue(asks(PAGE + "Content-Length: 3\n", FRESH));
        assertTrue(asks(PAGE, FRESH));
    }

    /** Fields that a client sets for itself: what they change the peer must name in Vary. */
    @Test
    void whatVaryNamesIsKeyedWhateverItIs() throws Exception {
        String forwarded = PAGE + "X-Forwarded-Host: evil.test\n";
        assertTrue(asks(forwarded, FRESH, "Vary: X-Forwarded-Host"));
        assertTrue(asks(PAGE, FRESH, "Vary: X-Forwarded-Host"));
        assertEquals(false, asks(PAGE, FRESH));
    }

    @Test
    void anAnswerThatIsCutIsNotKept() throws Exception {
        RecordingStream client = stage.ask(PAGE);
        Exchange x = stage.asked.removeLast();
        stage.answerHead(x, 200, 1000, FRESH).give("half");
        stage.on(() -> {
            x.client.abort(Termination.UPSTREAM_CUT_BODY);
            return null;
        });
        stage.finish(client);
        assertTrue(client.aborted() != null);
        assertTrue(asks(PAGE, FRESH));
    }
}
