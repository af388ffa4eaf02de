package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
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

    /** What a peer is told of clients whose connections a balancer passes on with a header. */
    @Test
    void behindTheProxyProtocol() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    while (talk.readRequest()) {
                        talk.answer(200, talk.head());
                    }
                });
                var sluice = RunningSluice.with("""
                        [http]
                        set_real_ip_from = 127.0.0.0/8
                        http2 = on
                        proxy_forwarded = both
                        [upstream app]
                        server = %s
                        [server plain]
                        listen = 127.0.0.1:@PORT@
                        [server passing]
                        listen = 127.0.0.1:@PORT:passing@ proxy_protocol
                        real_ip_header = proxy_protocol
                        [location passing /]
                        proxy_pass = http://app
                        [server lists]
                        listen = 127.0.0.1:@PORT:lists@ proxy_protocol
                        real_ip_header = X-Forwarded-For
                        [location lists /]
                        proxy_pass = http://app
                        """.formatted(peer.address())).start()) {
            int passing = sluice.port("passing");
            String list = "X-Forwarded-For: 203.0.113.9";
            String four = "PROXY TCP4 192.0.2.7 198.51.100.9 4711 443\r\n";
            String six = "PROXY TCP6 2001:db8::7 2001:db8::9 4711 443\r\n";
            assertEquals("192.0.2.7|192.0.2.7;", told(passing, four, list), "its own invention");
            assertEquals("2001:db8::7|\"[2001:db8::7]\";", told(passing, six, "A: a"));
            assertEquals("127.0.0.1|127.0.0.1;", told(passing, "PROXY UNKNOWN\r\n", "A: a"));
            int lists = sluice.port("lists");
            assertEquals("203.0.113.9, 192.0.2.7|192.0.2.7;", told(lists, four, list));
            assertEquals("203.0.113.9, 127.0.0.1|127.0.0.1;",
                    told(lists, four.replace("192.0.2.7", "203.0.113.9"), list));
            assertEquals("203.0.113.9, 127.0.0.1|127.0.0.1;",
                    told(lists, "PROXY UNKNOWN\r\n", list));
            try (var client = RawClient.connect(passing);
                    var http2 = RawHttp2.over(client.send(four))) {
                http2.headers(1, true, ":method", "GET", ":scheme", "http", ":authority", "h",
                        ":path", "/", "x-forwarded-for", "203.0.113.9");
                http2.until(RawHttp2.HEADERS);
                String head = new String(http2.until(RawHttp2.DATA).payload(),
                        StandardCharsets.US_ASCII);
                assertTrue(head.contains("\nX-Forwarded-For: 192.0.2.7\n"), head);
            }
        }
    }

    /** The last two fields of a head that say who the client is. */
    private static String told(int port, String header, String field) throws Exception {
        try (var client = RawClient.connect(port)) {
            String head = client.send(header).request("GET / HTTP/1.1", "Host: h", field)
                    .response().text();
            return behind(head, "X-Forwarded-For: ") + "|"
                    + behind(head, "Forwarded: for=").replaceFirst("host=h;proto=http$", "");
        }
    }

    private static String behind(String head, String begin) {
        int at = head.indexOf("\n" + begin) + 1 + begin.length();
        return head.substring(at, head.indexOf('\n', at));
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
