package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A directory is its index; without a slash at the end the client is sent there. */
final class DirectoryIT {

    @Test
    void indexRedirectAndFallback() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                root = @DIR@/www
                index = index.html
                [location s /app/]
                try_files = $uri $uri/ /app/index.html
                """).file("www/index.html", "home").file("www/sub/index.html", "sub")
                .file("www/bare/x.txt", "x").file("www/app/index.html", "app")
                .file("www/app/real.css", "css").file("www/app/part/index.html", "part").start();
                var client = sluice.client()) {
            Response home = client.get("/").response();
            assertEquals("home", home.text());
            assertTrue(home.field("Content-Type").startsWith("text/html"), home.toString());
            assertEquals("sub", client.get("/sub/").response().text());
            Response moved = client.get("/sub?a=b").response();
            assertEquals(301, moved.status());
            assertTrue(moved.field("Location").endsWith("/sub/?a=b"), moved.toString());
            int bare = client.get("/bare/").response().status();
            assertTrue(bare == 403 || bare == 404, "no listing: " + bare);
            Response below = client.get("/app/part").response();
            assertEquals(301, below.status());
            assertTrue(below.field("Location").endsWith("/app/part/"), below.toString());
            assertEquals("part", client.get("/app/part/").response().text());
            assertEquals("css", client.get("/app/real.css").response().text());
            assertEquals("app", client.get("/app/some/page").response().text());
            assertEquals(404, client.get("/nothing").response().status());
            assertEquals(405, client.request("DELETE /index.html HTTP/1.1", "Host: h")
                    .response().status());
        }
    }
}
