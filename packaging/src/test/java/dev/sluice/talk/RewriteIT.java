package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** {@code return}, {@code rewrite} with each of its flags, and which location wins. */
final class RewriteIT {

    private static final String SITE = """
            [server s]
            listen = 127.0.0.1:@PORT@
            root = @DIR@/www
            rewrite = ^/renamed/(.*)$ /files/$1 last
            [location s /files/]
            alias = @DIR@/www/
            [location s /stay/]
            rewrite = ^/stay/(.*)$ /$1 break
            [location s /temporary]
            rewrite = ^/temporary/(.*)$ /elsewhere/$1 redirect
            [location s /permanent]
            rewrite = ^/permanent/(.*)$ /elsewhere/$1 permanent
            [location s /moved]
            return = 301 https://example.com$request_uri
            [location s /gone]
            return = 410 "gone for good"
            [location s = /exact]
            return = 200 exact
            [location s /exact]
            return = 200 prefix
            [location s ^~ /strong/]
            return = 200 strong
            [location s ~ \\.txt$]
            return = 200 regex
            [location s ~* ^/NOCASE]
            return = 200 nocase
            """;

    @Test
    void everyKind() throws Exception {
        try (var sluice = RunningSluice.with(SITE).file("www/a.css", "css").start();
                var client = sluice.client()) {
            assertEquals("css", client.get("/renamed/a.css").response().text());
            assertEquals("css", client.get("/stay/a.css").response().text());
            expectMove(client, "/temporary/x", 302, "/elsewhere/x");
            expectMove(client, "/permanent/x?q=1", 301, "/elsewhere/x?q=1");
            expectMove(client, "/moved/a?b=c", 301, "https://example.com/moved/a?b=c");
            Response gone = client.get("/gone").response();
            assertEquals(410, gone.status());
            assertEquals("gone for good", gone.text());
            assertEquals("exact", client.get("/exact").response().text());
            assertEquals("prefix", client.get("/exactly").response().text());
            assertEquals("strong", client.get("/strong/a.txt").response().text());
            assertEquals("regex", client.get("/exact.txt").response().text());
            assertEquals("nocase", client.get("/noCase").response().text());
        }
    }

    private static void expectMove(RawClient client, String from, int status, String to)
            throws Exception {
        Response response = client.get(from).response();
        assertEquals(status, response.status(), from);
        assertTrue(response.field("Location").endsWith(to), response.toString());
    }

    @Test
    void redirectCannotSplitTheResponse() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /]
                return = 302 https://example.com$uri
                """).start();
                var client = sluice.client()) {
            Response response = client.get("/%0d%0aSet-Cookie:%20a=b").response();
            assertTrue(response.field("Set-Cookie") == null, response.toString());
        }
    }
}
