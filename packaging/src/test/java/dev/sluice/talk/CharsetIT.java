package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What files, texts, pages for errors and answers of peers say of their charset. */
final class CharsetIT {

    private static void page(UpstreamTalk talk) throws IOException {
        while (talk.readRequest()) {
            String type = talk.target().endsWith("own") ? "text/html; charset=koi8-r"
                    : "text/html";
            talk.send("HTTP/1.1 200 OK\r\nContent-Type: " + type
                    + "\r\nContent-Length: 2\r\n\r\nhi");
        }
    }

    @Test
    void eachSectionHasItsSay() throws Exception {
        try (var peer = ScriptedUpstream.playing(CharsetIT::page);
                var sluice = RunningSluice.with("""
                        [http]
                        charset = utf-8
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        root = @DIR@/www
                        [location s /text]
                        default_type = text/plain
                        return = 200 hi
                        [location s /proxied/]
                        proxy_pass = http://%s
                        [location s /none/]
                        charset = off
                        alias = @DIR@/www/
                        [location s /types/]
                        charset_types = application/json
                        charset = iso-8859-1
                        alias = @DIR@/www/
                        """.formatted(peer.address())).file("www/a.html", "hi")
                        .file("www/a.txt", "hi").file("www/a.json", "{}").start();
                var client = sluice.client()) {
            String[] targets = {"/a.html", "text/html; charset=utf-8",
                "/a.json", "application/json", "/text", "text/plain; charset=utf-8",
                "/not-there", "text/html; charset=utf-8",
                "/proxied/page", "text/html; charset=utf-8",
                "/proxied/own", "text/html; charset=koi8-r", "/none/a.html", "text/html",
                "/types/a.json", "application/json; charset=iso-8859-1",
                "/types/a.txt", "text/plain"};
            for (int i = 0; i < targets.length; i += 2) {
                assertEquals(targets[i + 1],
                        client.get(targets[i]).response().field("Content-Type"), targets[i]);
            }
        }
    }
}
