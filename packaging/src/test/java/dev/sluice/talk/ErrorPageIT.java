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
}
