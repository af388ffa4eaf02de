package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Requests sent without waiting are answered in their order, whoever answers them. */
final class PipeliningIT {

    @Test
    void answersComeInTheOrderOfTheRequests() throws Exception {
        try (var peer = ScriptedUpstream.answering("from the peer");
                var sluice = RunningSluice.with("""
                        [upstream app]
                        server = %s
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        root = @DIR@/www
                        [location s /api]
                        proxy_pass = http://app
                        [location s /fixed]
                        return = 200 "from the file of rules"
                        """.formatted(peer.address())).file("www/a.txt", "from the disk").start();
                var client = sluice.client()) {
            var all = new StringBuilder();
            String[] targets = {"/a.txt", "/api", "/fixed", "/missing"};
            for (int i = 0; i < 40; i++) {
                all.append("GET ").append(targets[i % 4]).append(" HTTP/1.1\r\nHost: h\r\n\r\n");
            }
            client.send(all.toString());
            for (int i = 0; i < 40; i++) {
                Response response = client.response();
                assertEquals(i % 4 == 3 ? 404 : 200, response.status(), "answer " + i);
                String expected = switch (i % 4) {
                    case 0 -> "from the disk";
                    case 1 -> "from the peer";
                    case 2 -> "from the file of rules";
                    default -> "404";
                };
                assertTrue(response.text().contains(expected), i + ": " + response);
            }
            assertEquals(40, sluice.awaitAccessLog(40).size());
        }
    }

    @Test
    void bodiesAreToldFromTheNextRequest() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    while (talk.readRequest()) {
                        talk.answer(200, talk.target() + "=" + new String(talk.body()));
                    }
                });
                var sluice = RunningSluice.proxyTo(peer).start();
                var client = sluice.client()) {
            client.send("POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
                    + "POST /2 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "2\r\nde\r\n1\r\nf\r\n0\r\n\r\n"
                    + "GET /3 HTTP/1.1\r\nHost: h\r\n\r\n");
            assertEquals("/1=abc", client.response().text());
            assertEquals("/2=def", client.response().text());
            assertEquals("/3=", client.response().text());
        }
    }
}
