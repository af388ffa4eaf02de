package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A connection serves one request after another until somebody asks to close it. */
final class KeepAliveIT {

    private static final String SITE = """
            [server s]
            listen = 127.0.0.1:@PORT@
            root = @DIR@/www
            keepalive_requests = 150
            keepalive_timeout = 1s
            """;

    @Test
    void manyRequestsOnOneConnectionThenItsLast() throws Exception {
        try (var sluice = RunningSluice.with(SITE).file("www/a.txt", "hello").start();
                var client = sluice.client()) {
            for (int i = 1; i < 150; i++) {
                Response response = client.get("/a.txt").response();
                assertEquals("hello", response.text());
                assertFalse(response.closes(), "request " + i);
            }
            assertTrue(client.get("/a.txt").response().closes());
            client.expectClosed();
        }
    }

    @Test
    void closesWhenAskedTo() throws Exception {
        try (var sluice = RunningSluice.with(SITE).file("www/a.txt", "hello").start();
                var client = sluice.client()) {
            client.request("GET /a.txt HTTP/1.1", "Host: h", "Connection: close");
            assertTrue(client.response().closes());
            client.expectClosed();
        }
    }

    @Test
    void oldVersionClosesUnlessItAsksOtherwise() throws Exception {
        try (var sluice = RunningSluice.with(SITE).file("www/a.txt", "hello").start()) {
            try (var client = sluice.client()) {
                Response response = client.request("GET /a.txt HTTP/1.0").response();
                assertEquals("hello", response.text());
                client.expectClosed();
            }
            try (var client = sluice.client()) {
                client.request("GET /a.txt HTTP/1.0", "Connection: keep-alive");
                assertEquals("keep-alive", client.response().field("Connection").toLowerCase());
                assertEquals(200, client.get("/a.txt").response().status());
            }
        }
    }

    @Test
    void idleConnectionEndsAtItsTimeout() throws Exception {
        try (var sluice = RunningSluice.with(SITE).file("www/a.txt", "hello").start();
                var client = sluice.client()) {
            client.get("/a.txt").response();
            long startNs = Await.nowNs();
            client.expectClosed();
            long tookMs = Await.millisecondsSince(startNs);
            assertTrue(tookMs >= 700 && tookMs < 5000, "closed after " + tookMs + " ms");
        }
    }
}
