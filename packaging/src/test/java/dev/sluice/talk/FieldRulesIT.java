package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules for fields, whole: what peers are told, what clients get, who the client is. */
final class FieldRulesIT {

    private static final String SHA_CRYPT =
            "$5$saltsalt$0IyaXrmV7.sGNS6tirgqHLqX/G.FBvgkYA.lpPdS5sA";

    /** Nobody but a trusted proxy says who the client is, and a forged list changes nothing. */
    @Test
    void theClientBehindProxiesCannotBeForged() throws Exception {
        String rules = """
                deny = 203.0.113.66
                return = 200 "$remote_addr of $realip_remote_addr"
                """;
        try (var sluice = RunningSluice.with("""
                [http]
                real_ip_header = X-Forwarded-For
                [server behind]
                listen = 127.0.0.1:@PORT@
                server_name = behind
                set_real_ip_from = 127.0.0.0/8 10.0.0.0/8
                [location behind /]
                %s
                [server direct]
                listen = 127.0.0.1:@PORT@
                server_name = direct
                set_real_ip_from = 10.0.0.0/8
                [location direct /]
                %s
                """.formatted(rules, rules)).start();
                var client = sluice.client()) {
            String forged = "X-Forwarded-For: 6.6.6.6, 203.0.113.9, 10.0.0.2";
            assertEquals("203.0.113.9 of 127.0.0.1", client.request("GET / HTTP/1.1",
                    "Host: behind", forged).response().text());
            assertEquals("127.0.0.1 of 127.0.0.1", client.request("GET / HTTP/1.1",
                    "Host: direct", forged).response().text());
            assertEquals("127.0.0.1 of 127.0.0.1", client.request("GET / HTTP/1.1",
                    "Host: behind", "X-Forwarded-For: 203.0.113.9, junk").response().text());
            assertEquals(403, client.request("GET / HTTP/1.1", "Host: behind",
                    "X-Forwarded-For: 1.2.3.4, 203.0.113.66").response().status());
            assertEquals(200, client.request("GET / HTTP/1.1", "Host: direct",
                    "X-Forwarded-For: 203.0.113.66").response().status());
        }
    }

    @Test
    void preflightsNeedNoPassword() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /]
                auth_basic = "the interface"
                auth_basic_user_file = @DIR@/users
                cors_allow_origin = ~https://[a-z]+\\.example
                cors_allow_methods = PUT
                cors_allow_credentials = on
                return = 200
                """).file("users", "ann:" + SHA_CRYPT + "\n").main(AccessIT.PASSWORDS).start();
                var client = sluice.client()) {
            Response preflight = client.request("OPTIONS /x HTTP/1.1", "Host: s",
                    "Origin: https://app.example", "Access-Control-Request-Method: PUT")
                    .response();
            assertEquals(204, preflight.status());
            assertEquals("https://app.example", preflight.field("Access-Control-Allow-Origin"));
            assertEquals("PUT", preflight.field("Access-Control-Allow-Methods"));
            Response refused = client.request("PUT /x HTTP/1.1", "Host: s",
                    "Origin: https://app.example", "Content-Length: 0").response();
            assertEquals(401, refused.status());
            assertEquals("https://app.example", refused.field("Access-Control-Allow-Origin"));
            Response stranger = client.request("PUT /x HTTP/1.1", "Host: s",
                    "Origin: https://app.example.evil", "Content-Length: 0").response();
            assertNull(stranger.field("Access-Control-Allow-Origin"));
            assertEquals("Origin", stranger.field("Vary"));
        }
    }

    @Test
    void listsMergeAndPeersAndFilesFollowTheSameRules() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    while (talk.readRequest()) {
                        String head = talk.head();
                        talk.send("HTTP/1.1 200 OK\r\nServer: its/1\r\nX-Frame-Options: ALLOW\r\n"
                                + "X-Frame-Options: SAME\r\nCache-Control: private\r\n"
                                + "Location: http://inner/a\r\nX-Powered-By: p\r\nContent-Length: "
                                + head.length() + "\r\n\r\n" + head);
                    }
                });
                var sluice = RunningSluice.with("""
                        [http]
                        set_header = X-Frame-Options DENY always
                        add_header = X-Added one
                        request_id_header = X-Request-ID any
                        traceparent = on
                        [types]
                        text/plain = txt
                        [map keep]
                        source = $sent_http_content_type
                        default = off
                        value = ~^text/ 2h
                        [upstream app]
                        server = %s
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        root = @DIR@
                        expires = 1h
                        [location s /]
                        proxy_pass = http://app
                        proxy_pass_header = Server
                        proxy_redirect = ~^http://inner(/.*)$ /outer$1
                        proxy_forwarded = both
                        set_header = X-Powered-By ""
                        [location s /files/]
                        clear = header
                        set_header = Server ""
                        expires = $keep
                        """.formatted(peer.address())).file("files/a.txt", "file")
                        .file("files/b.bin", "bytes").start();
                var client = sluice.client()) {
            String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
            Response proxied = client.request("GET / HTTP/1.1", "Host: s", "X-Request-ID: mine",
                    "Traceparent: 00-" + trace + "-00f067aa0ba902b7-01").response();
            assertEquals(List.of("DENY"), proxied.all("X-Frame-Options"));
            assertEquals(List.of("its/1"), proxied.all("Server"));
            assertEquals("/outer/a", proxied.field("Location"));
            assertEquals(List.of("max-age=3600"), proxied.all("Cache-Control"));
            assertEquals("one", proxied.field("X-Added"));
            assertNull(proxied.field("X-Powered-By"));
            String asked = proxied.text();
            assertTrue(asked.contains("\nX-Request-ID: mine\n"), asked);
            assertTrue(asked.contains("\ntraceparent: 00-" + trace + "-"), asked);
            assertTrue(asked.contains("\nForwarded: for=127.0.0.1;host=s;proto=http\n"), asked);
            assertFalse(asked.contains("00f067aa0ba902b7"), asked);
            Response file = client.get("/files/a.txt").response();
            assertEquals("file", file.text());
            assertNull(file.field("Server"));
            assertNull(file.field("X-Frame-Options"));
            assertNull(file.field("X-Added"));
            assertEquals("max-age=7200", file.field("Cache-Control"));
            assertNull(client.get("/files/b.bin").response().field("Cache-Control"));
        }
    }
}
