package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import org.junit.jupiter.api.Test;

/** A client that has the file already is told so. */
final class StaticConditionalIT {

    @Test
    void conditions() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                root = @DIR@/www
                """).file("www/a.txt", "hello").start();
                var client = sluice.client()) {
            Response whole = client.get("/a.txt").response();
            String tag = whole.field("ETag");
            String modified = whole.field("Last-Modified");
            assertNotNull(tag);
            assertNotNull(modified);
            assertEquals(304, ask(client, "If-None-Match: " + tag));
            assertEquals(304, ask(client, "If-None-Match: W/" + tag));
            assertEquals(304, ask(client, "If-None-Match: \"x\", " + tag));
            assertEquals(304, ask(client, "If-None-Match: *"));
            assertEquals(200, ask(client, "If-None-Match: \"x\""));
            assertEquals(304, ask(client, "If-Modified-Since: " + modified));
            assertEquals(200, ask(client, "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT"));
            // RFC 9110 section 13.2.2: the entity tag goes first.
            assertEquals(200, ask(client, "If-None-Match: \"x\"",
                    "If-Modified-Since: " + modified));
            assertEquals(206, ask(client, "Range: bytes=0-1", "If-Range: " + tag));
            assertEquals(206, ask(client, "Range: bytes=0-1", "If-Range: " + modified));
            assertEquals(200, ask(client, "Range: bytes=0-1", "If-Range: \"x\""));
            assertEquals(412, ask(client, "If-Match: \"x\""));
        }
    }

    private static int ask(RawClient client, String... fields) throws Exception {
        String all = String.join("\r\n", fields);
        return client.request("GET /a.txt HTTP/1.1", "Host: h", all).response().status();
    }
}
