package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Names of peers are looked up again without a reload, and a bad name server takes nobody away. */
final class PeerNamesIT {

    @Test
    void aPeerFollowsItsName() throws Exception {
        try (var names = new ScriptedNames();
                var first = ScriptedUpstream.answering("first");
                var second = ScriptedUpstream.playing("127.0.0.2", first.port(), talk -> {
                    while (talk.readRequest()) {
                        talk.answer(200, "second");
                    }
                });
                var sluice = RunningSluice.with("""
                        [upstream app]
                        server = app.test:%d
                        resolver = %s timeout=200ms
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /]
                        proxy_pass = http://app
                        """.formatted(first.port(), names.address())).start()) {
            assertEquals("503", answer(sluice), "it started, and the peer is down");
            sluice.awaitErrorLog("app.test");
            names.set("app.test", "127.0.0.1");
            Await.that("the name is known", () -> answer(sluice).equals("first"));
            names.set("app.test", "127.0.0.2");
            Await.that("the peer has moved", () -> answer(sluice).equals("second"));
            assertTrue(second.connectionCount() > 0);
            assertEquals("second", answer(sluice), "idle connections to the old one are closed");

            names.fallSilent();
            sluice.awaitErrorLog("its last addresses are used on");
            assertEquals("second", answer(sluice), "the last good answer stays");
        }
    }

    private static String answer(RunningSluice sluice) throws Exception {
        try (var client = sluice.client()) {
            Response response = client.get("/").response();
            return response.status() == 200 ? response.text()
                    : Integer.toString(response.status());
        }
    }
}
