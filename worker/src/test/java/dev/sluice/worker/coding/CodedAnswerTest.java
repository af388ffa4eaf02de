package dev.sluice.worker.coding;

import static dev.sluice.worker.coding.CodingHarness.bytes;
import static dev.sluice.worker.coding.CodingHarness.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.coding.CodingHarness.Way;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.RecordingStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers get a coding, and what becomes of their heads: RFC 9110 section 8.4. */
final class CodedAnswerTest {

    private static final String GET = "GET / HTTP/1.1\nHost: www\nAccept-Encoding: gzip\n";

    private CodingHarness h = new CodingHarness(10, "gzip = on");

    @AfterEach
    void close() {
        assertEquals(0, h.onLoop(() -> h.codings.activeCount()), "coders are given back");
        h.close();
    }

    private void with(String... keys) {
        h.close();
        h = new CodingHarness(10, keys);
    }

    private RecordingStream answer(String request, int status, String... head) {
        return h.answer(request, status, List.of(head), 1000, Way.COPY, List.of(text(1000)));
    }

    private static byte[] unpacked(RecordingStream client) {
        return Unpacked.of("gzip", bytes(client.body()));
    }

    @Test
    void aTextIsCompressed() {
        RecordingStream client = h.get("gzip", "text/html", text(5000));
        assertEquals("gzip", client.header("content-encoding"));
        assertEquals("Accept-Encoding", client.header("vary"));
        assertEquals(ClientStream.LENGTH_UNKNOWN, client.contentLength());
        assertArrayEquals(text(5000), unpacked(client));
        assertTrue(client.bodyLength() < 300, "bytes " + client.bodyLength());
    }

    @Test
    void logLinesFindTheClientAtTheEnd() {
        h.get("gzip", "text/html", text(5000));
        assertEquals(4711, h.client.exchange.client.remotePort());
        h.get(null, "text/html", text(5000));
        assertEquals(4711, h.client.exchange.client.remotePort());
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "TEXT/HTML; charset=utf-8", "application/json",
        "image/svg+xml ;x=y", "text/anything",
        "text/event-stream"})
    void typesThatAreCompressed(String type) {
        assertEquals("gzip", h.get("gzip", type, text(999)).header("content-encoding"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "textual/html", "text", "text/",
        "application/octet-stream"})
    void typesThatAreNot(String type) {
        RecordingStream client = h.get("gzip", type, text(999));
        assertNull(client.header("content-encoding"));
        assertNull(client.header("vary"), "nobody gets another one");
        assertEquals(999, client.contentLength());
    }

    @Test
    void whoAcceptsNothingGetsTheBodyAsItIs() {
        RecordingStream client = h.get(null, "text/html", text(999));
        assertNull(client.header("content-encoding"));
        assertEquals("Accept-Encoding", client.header("vary"));
        assertEquals(999, client.contentLength());
        assertArrayEquals(text(999), bytes(client.body()));
    }

    @Test
    void shortBodiesStay() {
        assertNull(h.get("gzip", "text/html", text(255)).header("content-encoding"));
        assertEquals("gzip", h.get("gzip", "text/html", text(256)).header("content-encoding"));
    }

    @Test
    void aTagBecomesWeakAndRangesAreNotPromised() {
        RecordingStream client = answer(GET, 200, "Accept-Ranges: bytes", "ETag: \"a-1\"",
                "Content-Type: text/css", "X-Last: 1");
        assertEquals("W/\"a-1\"", client.header("etag"));
        assertNull(client.header("accept-ranges"));
        assertEquals("1", client.header("x-last"));
        assertEquals("gzip", client.header("content-encoding"));
        assertArrayEquals(text(1000), unpacked(client));
    }

    @Test
    void aWeakTagStays() {
        assertEquals("W/\"x\"", answer(GET, 200, "Content-Type: text/css", "ETag: W/\"x\"",
                "Accept-Ranges: bytes").header("etag"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Encoding: br", "Content-Range: bytes 0-999/2000",
        "Cache-Control: public, No-Transform", "Content-Digest: sha-256=:AA==:",
        "Repr-Digest: sha-256=:AA==:", "Content-MD5: AA=="})
    void headsThatForbidIt(String field) {
        RecordingStream client = answer(GET, 200, "Content-Type: text/html", field);
        assertEquals(1000, client.contentLength());
        assertArrayEquals(text(1000), bytes(client.body()));
        assertNull(client.header("vary"));
    }

    @ParameterizedTest
    @ValueSource(ints = {206, 301, 302, 307, 416})
    void statusThatStay(int status) {
        assertEquals(1000, answer(GET, status, "Content-Type: text/html").contentLength());
    }

    @Test
    void rfc9110Section15Dot3Dot7APartSaysVaryAsTheWholeWould() {
        String range = "Content-Range: bytes 0-999/2000";
        assertEquals("Accept-Encoding",
                answer(GET, 206, "Content-Type: text/html", range).header("vary"));
        assertNull(answer(GET, 206, "Content-Type: image/png", range).header("vary"));
        assertNull(answer(GET, 206, "Content-Type: text/html", range,
                "Cache-Control: no-transform").header("vary"));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 203, 400, 404, 500, 503})
    void statusThatAreCompressed(int status) {
        assertEquals("gzip", answer(GET, status, "Content-Type: text/html")
                .header("content-encoding"));
    }

    @Test
    void varyIsNotSaidTwice() {
        assertEquals("Origin, accept-Encoding", answer(GET, 200, "Content-Type: text/html",
                "Vary: Origin, accept-Encoding").header("vary"));
        assertEquals("*", answer(GET, 200, "Content-Type: text/html", "Vary: *").header("vary"));
    }

    @Test
    void varyCanBeLeftOut() {
        with("gzip = on", "gzip_vary = off");
        assertNull(h.get("gzip", "text/html", text(999)).header("vary"));
    }

    @Test
    void headSaysWhatGetWould() {
        RecordingStream client = h.answer("HEAD / HTTP/1.1\nHost: www\nAccept-Encoding: gzip\n",
                200, List.of("Content-Type: text/html", "ETag: \"x\""), 5000, Way.COPY,
                List.of());
        assertEquals("gzip", client.header("content-encoding"));
        assertEquals("W/\"x\"", client.header("etag"));
        assertEquals(ClientStream.LENGTH_UNKNOWN, client.contentLength());
        assertEquals(0, client.bodyLength());
    }

    @Test
    void notModifiedKeepsTheFormOfTheTag() {
        RecordingStream client = h.answer(GET + "If-None-Match: \"y\", W/\"x\"\n", 304,
                List.of("ETag: \"x\""), ClientStream.NO_BODY, Way.COPY, List.of());
        assertEquals("W/\"x\"", client.header("etag"));
        assertEquals("Accept-Encoding", client.header("vary"));
        client = h.answer(GET + "If-None-Match: \"x\"\n", 304, List.of("ETag: \"x\""),
                ClientStream.NO_BODY, Way.COPY, List.of());
        assertEquals("\"x\"", client.header("etag"));
    }

    @Test
    void http10IsAnsweredWithoutACoding() {
        RecordingStream client = answer(GET.replace("1.1", "1.0"), 200, "Content-Type: text/html");
        assertEquals(1000, client.contentLength());
        assertEquals("Accept-Encoding", client.header("vary"));
    }

    @Test
    void beyondTheLimitAnswersGoAsTheyAre() {
        h.close();
        h = new CodingHarness(1, "gzip = on");
        assertEquals("gzip", h.get("gzip", "text/html", text(999)).header("content-encoding"));
        Coder other = h.onLoop(() -> {
            h.begin(GET, 200, List.of("Content-Type: text/html"), 1000, Way.COPY, List.of());
            return null;
        });
        assertNull(other);
        assertEquals(1, h.onLoop(() -> h.codings.activeCount()));
        var second = new RecordingStream(h.ctx, null);
        h.onLoop(() -> {
            var x = second.request(GET);
            h.gate.enter(x);
            x.client.beginHead(200);
            x.client.header("Content-Type".getBytes(StandardCharsets.US_ASCII),
                    "text/html".getBytes(StandardCharsets.US_ASCII));
            x.client.endHead(1000);
            return null;
        });
        assertNull(second.header("content-encoding"));
        assertEquals("Accept-Encoding", second.header("vary"));
        h.onLoop(() -> {
            second.exchange.end();
            h.client.exchange.end();
            return null;
        });
    }

    @Test
    void secretsCanBeLeftOut() {
        with("gzip = on", "gzip_bypass = $cookie_session $http_x_plain");
        assertEquals("gzip", h.get("gzip", "text/html", text(999)).header("content-encoding"));
        RecordingStream client = answer(GET + "Cookie: a=b; session=1234\n", 200,
                "Content-Type: text/html");
        assertNull(client.header("content-encoding"));
        assertEquals("Accept-Encoding", client.header("vary"));
        assertNull(answer(GET + "X-Plain: 1\n", 200, "Content-Type: text/html")
                .header("content-encoding"));
        assertEquals("gzip", answer(GET + "X-Plain: 0\n", 200, "Content-Type: text/html")
                .header("content-encoding"));
    }

    @Test
    void requestsOfProxiesAsNginxHasIt() {
        String via = GET + "Via: 1.1 edge\n";
        with("gzip = on", "gzip_proxied = no-cache auth expired");
        assertEquals("gzip", answer(GET, 200, "Content-Type: text/html")
                .header("content-encoding"));
        assertNull(answer(via, 200, "Content-Type: text/html").header("content-encoding"));
        assertEquals("gzip", answer(via, 200, "Content-Type: text/html",
                "Cache-Control: no-cache=\"x\"").header("content-encoding"));
        assertEquals("gzip", answer(via + "Authorization: Basic eA==\n", 200,
                "Content-Type: text/html").header("content-encoding"));
        assertEquals("gzip", answer(via, 200, "Content-Type: text/html",
                "Expires: Thu, 01 Jan 1970 00:00:01 GMT").header("content-encoding"));
        assertNull(answer(via, 200, "Content-Type: text/html",
                "Expires: Fri, 01 Jan 2100 00:00:01 GMT").header("content-encoding"));
        with("gzip = on", "gzip_proxied = off");
        assertNull(answer(via, 200, "Content-Type: text/html").header("content-encoding"));
    }
}
