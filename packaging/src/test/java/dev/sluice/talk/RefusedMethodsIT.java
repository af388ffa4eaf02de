package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A 405 names the methods that the place has which was asked for (RFC 9110 §15.5.6). */
final class RefusedMethodsIT {

    @Test
    void filesHaveTwo() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                root = @DIR@/www
                [location s /api/]
                proxy_pass = http://127.0.0.1:9
                """).file("www/a.txt", "hello").start(); var client = sluice.client()) {
            for (String method : List.of("TRACE", "POST", "DELETE")) {
                client.request(method + " /a.txt HTTP/1.1", "Host: h", "Content-Length: 0");
                Response answer = client.response();
                assertEquals(405, answer.status(), method);
                assertEquals("GET, HEAD", answer.field("Allow"), method);
            }
            client.request("TRACE /api/x HTTP/1.1", "Host: h");
            Response answer = client.response();
            assertEquals(405, answer.status());
            assertEquals("GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH", answer.field("Allow"));
        }
    }
}
