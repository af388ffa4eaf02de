package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A head may come a byte at a time, but not for ever. */
final class SlowHeadIT {

    private static final String SITE = """
            [server s]
            listen = 127.0.0.1:@PORT@
            root = @DIR@/www
            """;

    @Test
    void byteByByte() throws Exception {
        try (var sluice = RunningSluice.with(SITE).file("www/a.txt", "hello").start();
                var client = sluice.client()) {
            String head = "GET /a.txt HTTP/1.1\r\nHost: h\r\nX-Filler: 1\r\n\r\n";
            for (byte b : head.getBytes(StandardCharsets.US_ASCII)) {
                client.send(new byte[] {b});
            }
            assertEquals("hello", client.response().text());
            assertEquals(200, client.get("/a.txt").response().status());
        }
    }

    @Test
    void unfinishedHeadIsAnsweredWith408() throws Exception {
        try (var sluice = RunningSluice.with(SITE).http("client_header_timeout = 1s").start();
                var client = sluice.client()) {
            client.send("GET / HTTP/1.1\r\nHo");
            Response response = client.response();
            assertEquals(408, response.status());
            assertTrue(response.closes());
            client.expectClosed();
        }
    }

    @Test
    void otherClientsSeeNothingOfSlowOnes() throws Exception {
        try (var sluice = RunningSluice.with(SITE).file("www/a.txt", "hello").start()) {
            var slow = new RawClient[200];
            for (int i = 0; i < slow.length; i++) {
                slow[i] = sluice.client().send("GET /a.txt HT");
            }
            try (var client = sluice.client()) {
                assertEquals("hello", client.get("/a.txt").response().text());
            }
            for (RawClient client : slow) {
                client.send("TP/1.1\r\nHost: h\r\n\r\n");
            }
            for (RawClient client : slow) {
                assertEquals("hello", client.response().text());
                client.close();
            }
        }
    }
}
