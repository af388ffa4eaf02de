package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The combined format, byte for byte, and formats of the operator's own. */
final class AccessLogIT {

    private static final String FORMAT = "$request_method|$uri|$args|$status|$body_bytes_sent|"
            + "$upstream_addr|$upstream_status|$http_x_a|$sent_http_content_length|$termination|"
            + "$server_name|$scheme|$host";

    @Test
    void combined() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                root = @DIR@/www
                """).file("www/a.txt", "hello").start();
                var client = sluice.client()) {
            client.request("GET /a.txt?q=1 HTTP/1.1", "Host: h",
                    "Referer: http://example.com/", "User-Agent: a \"quoted\" agent\t\u00e4")
                    .response();
            client.get("/missing").response();
            client.send("GET / HTTP/1.1\r\nHost: a b\r\n\r\n").readUntilClosed();
            List<String> lines = sluice.awaitAccessLog(3).stream().map(l -> l.replaceFirst(
                    "\\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}]", "[T]"))
                    .toList();
            assertEquals("127.0.0.1 - - [T] \"GET /a.txt?q=1 HTTP/1.1\" 200 5"
                    + " \"http://example.com/\" \"a \\x22quoted\\x22 agent\\x09\\xE4\"",
                    lines.get(0));
            assertTrue(lines.get(1).matches("127\\.0\\.0\\.1 - - \\[T] \"GET /missing HTTP/1\\.1\""
                    + " 404 \\d+ \"-\" \"-\""), lines.get(1));
            assertTrue(lines.get(2).matches("127\\.0\\.0\\.1 - - \\[T] \"[^\"]*\" 400 \\d+ \"-\""
                    + " \"-\""), lines.get(2));
        }
    }

    @Test
    void operatorsOwn() throws Exception {
        try (var peer = ScriptedUpstream.answering("hello");
                var sluice = RunningSluice.with("""
                        [upstream app]
                        server = %s
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /]
                        proxy_pass = http://app
                        [log_format mine]
                        format = %s
                        """.formatted(peer.address(), FORMAT)).accessLogFormat("mine").start();
                var client = sluice.client()) {
            client.request("GET /p%61th?a=b HTTP/1.1", "Host: example.com", "X-A: value")
                    .response();
            assertEquals("GET|/path|a=b|200|5|" + peer.address()
                    + "|200|value|5|done|s|http|example.com", sluice.awaitAccessLog(1).getFirst());
        }
    }

    @Test
    void jsonIsEscapedAsJson() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                return = 200 ok
                [log_format j]
                format = {"ua":"$http_user_agent","st":$status}
                escape = json
                """).accessLogFormat("j").start();
                var client = sluice.client()) {
            client.request("GET / HTTP/1.1", "Host: h", "User-Agent: \"a\\b\tc").response();
            assertEquals("{\"ua\":\"\\\"a\\\\b\\tc\",\"st\":200}",
                    sluice.awaitAccessLog(1).getFirst());
        }
    }
}
