package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

/** {@code error_page} and {@code add_header}: the operator's words in place of ours. */
final class ErrorPageIT {

    @Test
    void pagesAndFields() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                root = @DIR@/www
                error_page = 404 /404.html
                error_page = 403 =200 /empty.html
                error_page = 502 504 /50x.html
                add_header = X-Ok yes
                add_header = X-Always yes always
                [location s /proxied]
                proxy_pass = http://127.0.0.1:@PORT:nobody@
                [location s /forbidden]
                return = 403
                """).file("www/404.html", "not here").file("www/50x.html", "come back")
                .file("www/empty.html", "").file("www/a.txt", "hello").start();
                var client = sluice.client()) {
            Response missing = client.get("/missing").response();
            assertEquals(404, missing.status());
            assertEquals("not here", missing.text());
            assertNull(missing.field("X-Ok"));
            assertEquals("yes", missing.field("X-Always"));
            Response forbidden = client.get("/forbidden").response();
            assertEquals(200, forbidden.status());
            assertEquals("", forbidden.text());
            Response bad = client.get("/proxied").response();
            assertEquals(502, bad.status());
            assertEquals("come back", bad.text());
            Response good = client.get("/a.txt").response();
            assertEquals("yes", good.field("X-Ok"));
            assertEquals("yes", good.field("X-Always"));
        }
    }

    /** A 405 has Allow, a 416 has Content-Range (RFC 9110 §15.5.6, §15.5.17), with a page too. */
    @Test
    void whatBelongsToTheStatusStays() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                root = @DIR@/www
                error_page = 405 416 /page.html
                """).file("www/page.html", "no").file("www/a.txt", "hello").start();
                var client = sluice.client()) {
            Response refused = client.request("POST /a.txt HTTP/1.1", "Host: h",
                    "Content-Length: 0").response();
            assertEquals(405, refused.status());
            assertEquals("no", refused.text());
            assertEquals("GET, HEAD", refused.field("Allow"));
            Response unsatisfied = client.request("GET /a.txt HTTP/1.1", "Host: h",
                    "Range: bytes=100-").response();
            assertEquals(416, unsatisfied.status());
            assertEquals("no", unsatisfied.text());
            assertEquals("bytes */5", unsatisfied.field("Content-Range"));
        }
    }

    @Test
    void missingPageDoesNotLoop() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                root = @DIR@/www
                error_page = 404 /also-missing.html
                """).start();
                var client = sluice.client()) {
            assertEquals(404, client.get("/missing").response().status());
            assertEquals(404, client.get("/missing").response().status());
        }
    }

    /** proxy_intercept_errors: a peer's error is answered with our page, when there is one. */
    @Test
    void pagesInPlaceOfThePeersErrors() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
            while (talk.readRequest()) {
                String path = talk.target();
                talk.send("HTTP/1.1 " + path.substring(path.length() - 3) + " Said\r\n"
                        + "WWW-Authenticate: Basic realm=\"peer\"\r\nX-Peer: yes\r\n"
                        + "Content-Length: 1000000\r\n\r\nthe peer's own words");
            }
        });
                var sluice = RunningSluice.with("""
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        root = @DIR@/www
                        error_page = 302 401 404 /page.html
                        error_page = 503 @other
                        add_header = X-Upstream $upstream_status always
                        [location s @other]
                        return = 200 "another answer"
                        [location s /on/]
                        proxy_pass = http://%1$s
                        proxy_intercept_errors = on
                        [location s /off/]
                        proxy_pass = http://%1$s
                        """.formatted(peer.address())).file("www/page.html", "our page").start();
                var client = sluice.client()) {
            Response missing = client.get("/on/404").response();
            assertEquals(404, missing.status());
            assertEquals("our page", missing.text());
            assertNull(missing.field("X-Peer"));
            assertEquals("404", missing.field("X-Upstream"));
            Response login = client.get("/on/401").response();
            assertEquals(401, login.status());
            assertEquals("our page", login.text());
            assertEquals("Basic realm=\"peer\"", login.field("WWW-Authenticate"));
            client.send("POST /on/503 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
            Response other = client.response("POST");
            assertEquals(503, other.status());
            assertEquals("another answer", other.text());
            assertEquals("our page", client.get("/on/302").response().text());
            // No page names 500, and the last one asks for none.
            assertEquals("yes", client.get("/on/500").responseHead().field("X-Peer"));
            try (var second = sluice.client()) {
                assertEquals("yes", second.get("/off/404").responseHead().field("X-Peer"));
            }
        }
    }
}
