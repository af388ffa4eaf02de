package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What a peer is told of the client, and what stays between two neighbours. */
final class ForwardedFieldsIT {

    @Test
    void requestFields() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    while (talk.readRequest()) {
                        talk.answer(200, talk.head());
                    }
                });
                var sluice = RunningSluice.with("""
                        [upstream app]
                        server = %s
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /]
                        proxy_pass = http://app
                        [location s /base/]
                        proxy_pass = http://app/other/
                        proxy_set_header = Host fixed.example
                        proxy_set_header = X-Mine $remote_addr
                        proxy_set_header = Accept ""
                        """.formatted(peer.address())).start();
                var client = sluice.client()) {
            String head = client.request("GET /a%20b?c=%2f HTTP/1.1", "Host: example.com:81",
                    "X-Forwarded-For: 6.6.6.6", "X-Forwarded-Host: evil", "Forwarded: for=6.6.6.6",
                    "X-Forwarded-Proto: gopher", "X_Real_Id: 1", "Connection: X-Hop, keep-alive",
                    "X-Hop: 1", "Keep-Alive: timeout=5", "TE: trailers", "Proxy-Connection: a",
                    "Upgrade: h2c", "Proxy-Authorization: basic", "X-Kept: 1").response().text();
            assertTrue(head.startsWith("GET /a%20b?c=%2f HTTP/1.1\n"), head);
            assertTrue(head.contains("\nX-Forwarded-For: 127.0.0.1\n"), head);
            assertTrue(head.contains("\nX-Forwarded-Proto: http\n"), head);
            assertTrue(head.contains("\nX-Forwarded-Host: example.com"), head);
            assertTrue(head.contains("\nX-Kept: 1\n"), head);
            assertTrue(head.toLowerCase().contains("\nvia: 1.1 "), head);
            assertEquals(1, head.toLowerCase().split("\nhost: ", -1).length - 1, head);
            for (String gone : new String[] {"6.6.6.6", "evil", "gopher", "x_real_id", "x-hop",
                    "keep-alive:", "te:", "proxy-connection", "upgrade", "proxy-authorization"}) {
                assertFalse(head.toLowerCase().contains("\n" + gone), gone + " in " + head);
            }
            String changed = client.request("GET /base/x?y HTTP/1.1", "Host: h", "Accept: a/b")
                    .response().text();
            assertTrue(changed.startsWith("GET /other/x?y HTTP/1.1\n"), changed);
            assertTrue(changed.contains("\nHost: fixed.example\n"), changed);
            assertTrue(changed.contains("\nX-Mine: 127.0.0.1\n"), changed);
            assertFalse(changed.contains("Accept:"), changed);
        }
    }

    @Test
    void responseFields() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    while (talk.readRequest()) {
                        talk.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nServer: its/1\r\n"
                                + "Connection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\n"
                                + "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Powered-By: p\r\n"
                                + "\r\nok");
                    }
                });
                var sluice = RunningSluice.with("""
                        [upstream app]
                        server = %s
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /]
                        proxy_pass = http://app
                        proxy_hide_header = X-Powered-By
                        """.formatted(peer.address())).start();
                var client = sluice.client()) {
            Response response = client.get("/").response();
            assertEquals(java.util.List.of("a=1", "b=2"), response.all("Set-Cookie"));
            assertNull(response.field("X-Hop"));
            assertNull(response.field("Keep-Alive"));
            assertNull(response.field("X-Powered-By"));
            assertNotNull(response.field("Date"));
            assertTrue(response.field("Via").startsWith("1.1 "), response.toString());
            assertEquals(1, response.all("Server").size());
        }
    }
}
