package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Directories without an index file, listed where autoindex is on. */
final class AutoindexIT {

    @Test
    void asAPageAndAsJson() throws Exception {
        try (var sluice = RunningSluice.with("""
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        root = @DIR@/www
                        autoindex = on
                        [location s /json/]
                        alias = @DIR@/www/
                        autoindex_format = json
                        [location s /off/]
                        alias = @DIR@/www/
                        autoindex = off
                        """).file("www/dir/a&b", "12345").file("www/dir/.hidden", "x")
                        .file("www/dir/sub/index.html", "an index").file("secret", "x").start();
                var client = sluice.client()) {
            Files.createSymbolicLink(sluice.folder().resolve("www/dir/out"),
                    Path.of("../../secret"));
            Response page = client.get("/dir/").response();
            assertEquals(200, page.status());
            assertEquals("text/html; charset=utf-8", page.field("Content-Type"));
            String text = new String(page.body(), StandardCharsets.UTF_8);
            assertTrue(text.contains("<a href=\"a%26b\">a&amp;b</a>"), text);
            assertTrue(text.indexOf("sub/") < text.indexOf("a%26b"), text);
            assertFalse(text.contains("hidden") || text.contains("out"), text);
            String json = new String(client.get("/json/dir/").response().body(),
                    StandardCharsets.UTF_8);
            assertTrue(json.contains("{\"name\":\"a\\u0026b\",\"type\":\"file\""), json);
            client.request("HEAD /dir/ HTTP/1.1", "Host: h");
            assertEquals(200, client.response("HEAD").status());
            assertEquals("an index", new String(client.get("/dir/sub/").response().body(),
                    StandardCharsets.US_ASCII));
            assertEquals(403, client.get("/off/dir/").response().status());
            assertEquals(404, client.get("/none/").response().status());
            assertEquals(301, client.get("/dir").response().status());
        }
    }
}
