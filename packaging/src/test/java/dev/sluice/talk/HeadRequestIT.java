package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** HEAD has the head of GET, and no body that the next answer could be mistaken for. */
final class HeadRequestIT {

    @Test
    void sameHeadNoBody() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    while (talk.readRequest()) {
                        if (talk.head().startsWith("HEAD")) {
                            talk.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
                        } else {
                            talk.answer(200, "hello");
                        }
                    }
                });
                var sluice = RunningSluice.with("""
                        [upstream app]
                        server = %s
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        root = @DIR@/www
                        [location s /api]
                        proxy_pass = http://app
                        [location s /fixed]
                        return = 200 hello
                        """.formatted(peer.address())).file("www/a.txt", "hello").start();
                var client = sluice.client()) {
            for (String path : new String[] {"/a.txt", "/api", "/fixed", "/missing"}) {
                client.request("HEAD " + path + " HTTP/1.1", "Host: h");
                Response head = client.response("HEAD");
                Response get = client.get(path).response();
                assertEquals(get.status(), head.status(), path);
                assertEquals(get.field("Content-Length"), head.field("Content-Length"), path);
                assertEquals(get.field("Content-Type"), head.field("Content-Type"), path);
            }
        }
    }
}
