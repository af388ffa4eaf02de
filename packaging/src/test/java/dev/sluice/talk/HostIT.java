package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Which server answers for which host, in every form a request can name one. */
final class HostIT {

    @Test
    void serversByName() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server first]
                listen = 127.0.0.1:@PORT@
                server_name = one.example
                return = 200 one
                [server wild]
                listen = 127.0.0.1:@PORT@
                server_name = *.wild.example
                return = 200 wild
                [server regex]
                listen = 127.0.0.1:@PORT@
                server_name = ~^r[0-9]+\\.example$
                return = 200 regex
                [server rest]
                listen = 127.0.0.1:@PORT@ default_server
                return = 200 rest
                """).start();
                var client = sluice.client()) {
            assertEquals("one", ask(client, "/", "one.example"));
            assertEquals("one", ask(client, "/", "ONE.example:8080"));
            assertEquals("one", ask(client, "/", "one.example."));
            assertEquals("wild", ask(client, "/", "a.b.wild.example"));
            assertEquals("regex", ask(client, "/", "r42.example"));
            assertEquals("rest", ask(client, "/", "other.example"));
            assertEquals("rest", ask(client, "/", "[::1]:80"));
            // RFC 9112 section 3.2.2: the target in absolute form wins over Host.
            assertEquals("one", ask(client, "http://one.example/", "other.example"));
            assertEquals("rest", client.request("GET / HTTP/1.0", "Connection: keep-alive")
                    .response().text());
            Response options = client.request("OPTIONS * HTTP/1.1", "Host: one.example")
                    .response();
            assertTrue(options.status() < 500, options.toString());
        }
    }

    private static String ask(RawClient client, String target, String host) throws Exception {
        return client.request("GET " + target + " HTTP/1.1", "Host: " + host).response().text();
    }
}
