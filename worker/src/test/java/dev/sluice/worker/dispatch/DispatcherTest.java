package dev.sluice.worker.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.ErrorPageConfig;
import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.config.RewriteConfig.Flag;
import dev.sluice.common.config.ServerNameConfig.Kind;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.route.Sites;
import dev.sluice.worker.route.Sites.Place;
import dev.sluice.worker.route.Sites.Site;
import org.junit.jupiter.api.Test;

class DispatcherTest {

    private final Sites sites = new Sites();
    private final Site www = sites.site("www").listen(80, false);

    private RoutingHarness start() {
        return new RoutingHarness(sites.add(www).config());
    }

    private static void answers(RecordingStream client, int status, String body) {
        assertEquals(status + " " + body, client.status() + " " + client.body());
    }

    @Test
    void servesTheServersOwnSettingsWhereNoLocationMatches() {
        answers(start().get("/a"), 200, "file /a by www ");
    }

    @Test
    void picksTheServerByAddressAndHost() {
        www.name(Kind.EXACT, "www.example.com");
        Site other = sites.site("other").listen(80, true).listen(81, false)
                .name(Kind.LEADING_WILDCARD, "*.example.org");
        sites.add(other);
        RoutingHarness h = start();
        answers(h.get("/a"), 200, "file /a by www ");
        answers(h.send("GET / HTTP/1.1\nHost: A.Example.ORG:80"), 200, "file / by other ");
        answers(h.send("GET / HTTP/1.1\nHost: unknown"), 200, "file / by other ");
        answers(h.send("GET / HTTP/1.1\nHost: WWW.example.com.:80"), 200, "file / by www ");
        answers(h.send("GET http://www.example.com/x HTTP/1.1\nHost: unknown"), 200,
                "file /x by www ");
        h.client.listenIndex = 1;
        answers(h.get("/a"), 200, "file /a by other ");
    }

    @Test
    void matchesTheCanonicalPath() {
        www.place(new Place(Match.PREFIX, "/secret/").returns(403, ""));
        RoutingHarness h = start();
        for (String target : new String[] {"/secret/x", "/%73ecret/x", "/a/../secret/x",
            "//secret//x", "/./secret/x", "/a/%2e%2e/secret/x"}) {
            assertEquals(403, h.get(target).status(), target);
        }
        answers(h.get("/a%20b?q=%20"), 200, "file /a b?q=%20 by www ");
        assertEquals(400, h.get("/../x").status());
        assertEquals(400, h.get("/a%00b").status());
        assertTrue(h.errors.getLast().startsWith("info: client sent an unusable path: "),
                h.errors.toString());
    }

    @Test
    void refusesMethodsThatNoServerHas() {
        RoutingHarness h = start();
        assertEquals(405, h.send("TRACE / HTTP/1.1\nHost: a").status());
        assertTrue(h.client.header("allow").contains("GET"));
        assertEquals(405, h.send("CONNECT a:443 HTTP/1.1\nHost: a:443").status());
        assertEquals(200, h.send("PURGE / HTTP/1.1\nHost: a").status());
    }

    @Test
    void answersOptionsForTheWholeServer() {
        RoutingHarness h = start();
        assertEquals(204, h.send("OPTIONS * HTTP/1.1\nHost: a").status());
        assertTrue(h.client.header("allow").contains("OPTIONS"));
        assertEquals("", h.client.body());
    }

    @Test
    void healthIsAlwaysThereAndMetricsWhereEnabled() {
        www.place(new Place(Match.PREFIX, "/").returns(404, ""));
        www.metrics = true;
        sites.add(sites.site("plain").listen(81, false));
        RoutingHarness h = start();
        h.client.listenIndex = 1;
        answers(h.get("/healthz"), 200, "ok\n");
        assertEquals("text/plain", h.client.header("content-type"));
        assertEquals(404, h.send("DELETE /healthz HTTP/1.1\nHost: a").status());
        answers(h.get("/metrics"), 200, "metrics");
        h.client.listenIndex = 0;
        answers(h.get("/metrics"), 200, "file /metrics by plain ");
        answers(h.get("/healthz"), 200, "ok\n");
    }

    @Test
    void healthAnswersEvenWhereTheServerReturns() {
        www.returns(301, "https://$host$request_uri");
        www.place(new Place(Match.PREFIX, "/never"));
        RoutingHarness h = start();
        assertEquals(301, h.get("/never/x?y").status());
        assertEquals("https://www.example.com/never/x?y", h.client.header("location"));
        answers(h.get("/healthz"), 200, "ok\n");
    }

    @Test
    void refusesABodyAboveTheLimitBeforeItIsRead() {
        www.place(new Place(Match.PREFIX, "/up").bodyBytesMax(10));
        RoutingHarness h = start();
        String post = "POST /up HTTP/1.1\nHost: a\nContent-Length: ";
        assertEquals(413, h.send(post + "11").status());
        assertEquals(Termination.CLIENT_BODY_TOO_LARGE, h.client.exchange.termination);
        assertEquals("warn: client announced a body above client_max_body_size: 11 bytes while "
                + "routing request, client: 192.0.2.7, listener: 0.0.0.0:80, server: www, "
                + "location: /up, request: \"POST /up HTTP/1.1\"", h.errors.getLast());
        assertEquals(200, h.send(post + "10").status());
        assertEquals(200, h.send("POST /x HTTP/1.1\nHost: a\nContent-Length: 11").status());
    }

    @Test
    void aCycleEndsWithAnError() {
        www.place(new Place(Match.PREFIX, "/a").rewrite("^/a", "/b", Flag.LAST));
        www.place(new Place(Match.PREFIX, "/b").rewrite("^/b", "/a", Flag.LAST));
        RoutingHarness h = start();
        assertEquals(500, h.get("/a").status());
        assertTrue(h.errors.getLast().startsWith("error: more than 10 internal redirects"));
    }

    @Test
    void aBrokenHeadIsAnsweredByTheDefaultServer() {
        www.fallback.log("/log", "combined");
        RoutingHarness h = start();
        Exchange x = h.client.request("GET / HTTP/1.1\nHost: a");
        x.request.error = ParseError.BAD_HEADER_NAME;
        h.onBadRequest(x, 400);
        assertEquals(400, h.client.finish().status());
        assertEquals(1, h.accessLines.size());
        assertTrue(h.errors.getFirst().startsWith(
                "info: client sent an invalid request: header field name is not a token"));
    }

    @Test
    void addsTheSlashOfAProxiedDirectory() {
        www.place(new Place(Match.PREFIX, "/api/").proxy("app"));
        www.place(new Place(Match.PREFIX, "/both/").proxy("app"));
        www.place(new Place(Match.PREFIX, "/both"));
        RoutingHarness h = start();
        assertEquals(301, h.get("/api?a=%20b").status());
        assertEquals("http://www.example.com/api/?a=%20b", h.client.header("location"));
        answers(h.get("/api/x"), 200, "proxy /api/x by www /api/");
        answers(h.get("/both"), 200, "file /both by www /both");
        answers(h.get("/apiary"), 200, "file /apiary by www ");
    }

    @Test
    void nothingToServeIsNotFound() {
        www.fallback.noFiles();
        assertEquals(404, start().get("/").status());
    }

    @Test
    void errorPagesKeepTakeOrReplaceTheStatus() {
        www.place(new Place(Match.PREFIX, "/")
                .page(ErrorPageConfig.KEEP_STATUS, "/404.html?from=$uri", 404)
                .page(200, "/fine.html", 502));
        www.place(new Place(Match.EXACT, "/missing/taken")
                .page(ErrorPageConfig.TAKE_STATUS, "/own", 404));
        www.place(new Place(Match.EXACT, "/own").returns(203, "own"));
        www.place(new Place(Match.EXACT, "/missing/away")
                .page(ErrorPageConfig.KEEP_STATUS, "https://help.example.com$uri", 404));
        RoutingHarness h = start();
        answers(h.get("/missing/a&b?c"), 404, "file /404.html?from=/missing/a%26b by www /");
        answers(h.get("/broken"), 200, "file /fine.html by www /");
        answers(h.get("/missing/taken"), 203, "own");
        assertEquals(302, h.get("/missing/away").status());
        assertEquals("https://help.example.com/missing/away", h.client.header("location"));
        answers(h.send("POST /missing HTTP/1.1\nHost: a\nContent-Length: 0"), 404,
                "file /404.html?from=/missing by www /");
    }

    @Test
    void anErrorInAnErrorPageKeepsTheFirstStatus() {
        www.place(new Place(Match.PREFIX, "/").page(0, "/missing.html", 404, 502));
        RoutingHarness h = start();
        assertEquals(502, h.get("/broken").status());
        assertTrue(h.client.body().contains("502 Bad Gateway"));
    }

    @Test
    void aClosedConnectionIsOnlyLogged() {
        www.place(new Place(Match.PREFIX, "/bad").returns(444, "").log("/log", "short"));
        sites.format("short", "$status $termination", "default");
        RoutingHarness h = start();
        assertEquals(0, h.get("/bad").status());
        assertEquals(Termination.DONE, h.client.aborted());
        assertNull(h.client.header("content-type"));
        assertEquals("444 done", h.accessLines.getLast());
    }
}
