package dev.sluice.worker.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.dispatch.RoutingHarness;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.Status;
import dev.sluice.worker.route.Sites;
import dev.sluice.worker.route.Sites.Place;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswersTest {

    private final Sites sites = new Sites();
    private final Sites.Site www = sites.site("www").listen(80, false);

    private RoutingHarness returning(int status, String text) {
        www.place(new Place(Match.PREFIX, "/r").returns(status, text));
        return new RoutingHarness(sites.add(www).config());
    }

    private RoutingHarness get(int status, String text) {
        RoutingHarness h = returning(status, text);
        h.get("/r%20s?q");
        return h;
    }

    @Test
    void everyStatusHasItsPage() {
        RoutingHarness h = new RoutingHarness(sites.add(www).config());
        for (int status = 200; status <= Status.MAX; status++) {
            Exchange x = h.client.request("GET / HTTP/1.1\nHost: a");
            Answers.builtIn(x, status);
            h.client.finish();
            assertEquals(status, h.client.status());
            boolean bodiless = Status.isBodiless(status);
            assertEquals(bodiless ? ClientStream.NO_BODY : h.client.bodyLength(),
                    h.client.contentLength());
            assertTrue(bodiless || h.client.body().contains("<h1>" + Status.onWire(status)));
        }
    }

    @Test
    void methodNotAllowedNamesTheMethods() {
        RoutingHarness h = new RoutingHarness(sites.add(www).config());
        Answers.status(h.client.request("PUT / HTTP/1.1\nHost: a"), 405);
        assertEquals("GET, HEAD", h.client.finish().header("allow"));
    }

    @Test
    void aBodyGoesToASlowClientPieceByPiece() {
        RoutingHarness h = returning(200, "x".repeat(1000) + "$uri");
        h.client.roomBytes = 7;
        assertEquals("x".repeat(1000) + "/r", h.get("/r").body());
        assertNull(h.client.exchange.handlerState);
        assertEquals(1002, h.client.contentLength());
    }

    @Test
    void aClientThatLeavesLeavesNothingBehind() {
        RoutingHarness h = returning(200, "x".repeat(1000));
        h.client.roomBytes = 7;
        h.onRequest(h.client.request("GET /r HTTP/1.1\nHost: a"));
        h.client.hangUp();
        assertNull(h.client.exchange.handlerState);
    }

    @Test
    void whatTheHeadCannotTakeEndsTheExchange() {
        RoutingHarness h = returning(200, "text");
        h.client.headsRefused = 1;
        h.get("/r");
        assertEquals(Termination.WORKER_OVERLOAD, h.client.aborted());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {
        "301 https://$host/new https://www.example.com/new",
        "302 /new http://www.example.com/new",
        "307 $uri http://www.example.com/r%20s",
        "308 //$host$request_uri http://www.example.com//www.example.com/r%20s?q",
        "303 mailto:x mailto:x",
        "302 https://$host/x#$arg_none https://www.example.com/x#",
    })
    void redirects(int status, String url, String location) {
        RoutingHarness h = get(status, url);
        assertEquals(status, h.client.status());
        assertEquals(location, h.client.header("location"));
        assertTrue(h.client.body().contains("<h1>" + status));
    }

    @Test
    void aRedirectUsesThePortThatTheClientUsed() {
        RoutingHarness h = returning(302, "/new");
        h.send("GET /r HTTP/1.1\nHost: h:81");
        assertEquals("http://h:81/new", h.client.header("location"));
        h.send("GET /r HTTP/1.0");
        assertEquals("http://198.51.100.1:8080/new", h.client.header("location"));
    }

    @Test
    void aRedirectCannotBeSplit() {
        RoutingHarness h = returning(302, "/$http_x $arg_q");
        h.send("GET /r?q=%0d%0aX:y HTTP/1.1\nHost: h\nX: a\tb\u00ff\"<>");
        assertEquals("http://h/a%09b%FF%22%3C%3E%20%0d%0aX:y", h.client.header("location"));
    }

    @Test
    void returnsTextWithVariables() {
        RoutingHarness h = get(200, "at $uri by $server_name");
        assertEquals("at /r s by www", h.client.body());
        assertEquals("text/plain", h.client.header("content-type"));
    }

    @Test
    void returnsNothing() {
        assertEquals(0, get(200, "").client.contentLength());
    }

    @Test
    void returnsNoContent() {
        RoutingHarness h = get(204, "");
        assertEquals(204, h.client.status());
        assertEquals(ClientStream.NO_BODY, h.client.contentLength());
    }

    @Test
    void returnsAnErrorThatAPageMayReplace() {
        www.place(new Place(Match.PREFIX, "/r").returns(410, "").page(0, "/gone", 410));
        www.place(new Place(Match.EXACT, "/gone").returns(200, "it is gone"));
        RoutingHarness h = new RoutingHarness(sites.add(www).config());
        assertEquals("410 it is gone", h.get("/r").status() + " " + h.client.body());
    }

    @Test
    void aTextIsSentAsItIs() {
        www.place(new Place(Match.PREFIX, "/r").returns(503, "later").page(0, "/x", 503));
        RoutingHarness h = new RoutingHarness(sites.add(www).config());
        assertEquals("503 later", h.get("/r").status() + " " + h.client.body());
    }

    @Test
    void aDirectoryGetsItsSlash() {
        RoutingHarness h = new RoutingHarness(sites.add(www).config());
        Exchange x = h.client.request("GET /a?b HTTP/1.1\nHost: h");
        Answers.redirectToDirectory(x);
        assertEquals("http://h/a/?b", h.client.finish().header("location"));
    }
}
