package dev.sluice.worker.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.config.RewriteConfig.Flag;
import dev.sluice.worker.dispatch.RoutingHarness;
import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.route.Sites.Place;
import dev.sluice.worker.route.Sites.Site;
import org.junit.jupiter.api.Test;

class RewriteRulesTest {

    private final Sites sites = new Sites();
    private final Site www = sites.site("www").listen(80, false);

    private String body(String target) {
        RecordingStream client = new RoutingHarness(sites.add(www).config()).get(target);
        assertEquals(200, client.status());
        return client.body();
    }

    private String location(int status, String target) {
        RecordingStream client = new RoutingHarness(sites.add(www).config()).get(target);
        assertEquals(status, client.status());
        return client.header("location");
    }

    @Test
    void lastLooksForALocationAnew() {
        www.place(new Place(Match.PREFIX, "/old/")
                .rewrite("^/old/(.*)$", "/new/$1", Flag.LAST)
                .rewrite("^/new/", "/never", Flag.LAST));
        www.place(new Place(Match.PREFIX, "/new/"));
        assertEquals("file /new/x?a=1 by www /new/", body("/old/x?a=1"));
    }

    @Test
    void breakStaysInTheLocation() {
        www.place(new Place(Match.PREFIX, "/old/")
                .rewrite("^/old/(.*)$", "/new/$1", Flag.BREAK)
                .rewrite("^/new/", "/never", Flag.LAST));
        assertEquals("file /new/x by www /old/", body("/old/x"));
    }

    @Test
    void breakBehindARuleWithoutAFlagStaysToo() {
        www.place(new Place(Match.PREFIX, "/old/")
                .rewrite("^/old/(.*)$", "/new/$1", Flag.NONE)
                .rewrite("^/new/(.*)$", "/newer/$1", Flag.BREAK));
        www.place(new Place(Match.PREFIX, "/newer/"));
        assertEquals("file /newer/x by www /old/", body("/old/x"));
    }

    @Test
    void withoutAFlagTheNextRulesSeeTheNewPath() {
        www.rewrite("^/a/(.*)$", "/b/$1", Flag.NONE).rewrite("^/b/(.*)$", "/c/$1", Flag.NONE)
                .place(new Place(Match.PREFIX, "/c/"));
        assertEquals("file /c/x by www /c/", body("/a/x"));
    }

    @Test
    void theOldQueryFollowsTheNewOne() {
        www.rewrite("^/p/(\\d+)$", "/page?id=$1", Flag.LAST);
        assertEquals("file /page?id=7&x=y by www ", body("/p/7?x=y"));
    }

    @Test
    void aQuestionMarkAtTheEndDropsTheOldQuery() {
        www.rewrite("^/p/(\\d+)$", "/page?id=$1?", Flag.LAST).rewrite("^/q", "/r?", Flag.LAST);
        assertEquals("file /page?id=7 by www ", body("/p/7?x=y"));
    }

    @Test
    void whatIsCapturedCannotBeginTheQueryOrAddToIt() {
        www.rewrite("^/s/(.*)$", "/search/$1", Flag.LAST);
        assertEquals("file /search/a?b&c by www ", body("/s/a%3Fb&c"));
    }

    @Test
    void whatIsCapturedIsEncodedInTheQuery() {
        www.rewrite("^/f/(.*)$", "/find?q=$1", Flag.LAST);
        assertEquals("file /find?q=a%26b%3Dc%20%23%25 by www ", body("/f/a&b=c%20%23%25"));
    }

    @Test
    void theNewPathIsMadeCanonical() {
        www.rewrite("^/up/(.*)$", "/a/../b//./$1", Flag.LAST);
        assertEquals("file /b/x by www ", body("/up/x"));
    }

    @Test
    void aReplacementThatIsNoPathIsAnError() {
        www.rewrite("^/(.*)$", "$1", Flag.LAST);
        RoutingHarness h = new RoutingHarness(sites.add(www).config());
        assertEquals(500, h.get("/x").status());
        assertEquals("error: rewrite gave no usable path: request target is malformed while "
                + "routing request, client: 192.0.2.7, listener: 0.0.0.0:80, server: www, "
                + "request: \"GET /x HTTP/1.1\"", h.errors.getLast());
    }

    @Test
    void redirectsMakeTheUrlAbsolute() {
        www.rewrite("^/a/(.*)$", "/b/$1", Flag.REDIRECT);
        assertEquals("http://www.example.com/b/x%20y%3F?q=1", location(302, "/a/x%20y%3F?q=1"));
    }

    @Test
    void permanentRedirectsTakeUrlsToo() {
        www.rewrite("^", "https://$host$request_uri?", Flag.PERMANENT);
        assertEquals("https://www.example.com/a%20b?q=1", location(301, "/a%20b?q=1"));
    }

    @Test
    void aUrlRedirectsWithoutAFlag() {
        www.rewrite("^/x(.*)$", "$scheme://other.example.com/y$1?z=1", Flag.NONE);
        assertEquals("http://other.example.com/y/1?z=1&q=2", location(302, "/x/1?q=2"));
    }

    @Test
    void capturesOfTheLocationServeItsReturn() {
        www.place(new Place(Match.REGEX, "^/u/(\\d+)/(.*)$").returns(200, "user $1 wants $2"));
        assertEquals("user 42 wants a/b", body("/u/42/a/b"));
    }

    @Test
    void rewritesInALocationAreRepeatedInTheNextOne() {
        www.place(new Place(Match.PREFIX, "/1").rewrite("^/1", "/2", Flag.LAST))
                .place(new Place(Match.PREFIX, "/2").rewrite("^/2(.*)", "/3$1", Flag.NONE))
                .place(new Place(Match.PREFIX, "/3"));
        assertEquals("file /3?k by www /3", body("/1?k"));
    }
}
