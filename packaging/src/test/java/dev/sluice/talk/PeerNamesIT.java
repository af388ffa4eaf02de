package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
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

    /** With {@code resolve} every address is a peer; services bring ports, and spare ones. */
    @Test
    void addressesAndServicesComeAndGo() throws Exception {
        try (var names = new ScriptedNames();
                var first = ScriptedUpstream.playing("127.0.0.1", 0, talk -> serve(talk, "1"));
                var second = ScriptedUpstream.playing("127.0.0.2", first.port(),
                        talk -> serve(talk, "2"));
                var spare = ScriptedUpstream.playing("127.0.0.3", 0, talk -> serve(talk, "3"))) {
            names.set("app.test", "127.0.0.1");
            names.set("far.test", "127.0.0.3");
            names.set("_http._tcp.app.test",
                    new ScriptedNames.Service(1, 5, first.port(), "app.test"),
                    new ScriptedNames.Service(2, 5, spare.port(), "far.test"));
            try (var sluice = RunningSluice.with("""
                    [http]
                    resolver = %1$s timeout=200ms
                    [upstream addresses]
                    server = app.test:%2$d resolve
                    [upstream services]
                    server = app.test service=http resolve
                    [server s]
                    listen = 127.0.0.1:@PORT@
                    [location s /a]
                    proxy_pass = http://addresses
                    [location s /s]
                    proxy_pass = http://services
                    """.formatted(names.address(), first.port())).start()) {
                assertEquals(Set.of("1"), answers(sluice, "/a"));
                assertEquals(Set.of("1"), answers(sluice, "/s"), "the other one is spare");

                names.set("app.test", "127.0.0.1", "127.0.0.2");
                Await.that("a second peer",
                        () -> answers(sluice, "/a").equals(Set.of("1", "2")));
                Await.that("behind the service, too",
                        () -> answers(sluice, "/s").equals(Set.of("1", "2")));

                names.set("app.test", "127.0.0.2");
                Await.that("the first has left", () -> answers(sluice, "/a").equals(Set.of("2")));
                names.set("_http._tcp.app.test",
                        new ScriptedNames.Service(7, 1, spare.port(), "far.test"));
                Await.that("now the spare one serves",
                        () -> answers(sluice, "/s").equals(Set.of("3")));
                assertTrue(second.requestCount() > 0);
            }
        }
    }

    private static void serve(UpstreamTalk talk, String name) throws IOException {
        while (talk.readRequest()) {
            talk.answer(200, name);
        }
    }

    private static Set<String> answers(RunningSluice sluice, String target) throws Exception {
        Set<String> all = new TreeSet<>();
        for (int i = 0; i < 6; i++) {
            try (var client = sluice.client()) {
                Response response = client.get(target).response();
                all.add(response.status() == 200 ? response.text()
                        : Integer.toString(response.status()));
            }
        }
        return all;
    }

    private static String answer(RunningSluice sluice) throws Exception {
        try (var client = sluice.client()) {
            Response response = client.get("/").response();
            return response.status() == 200 ? response.text()
                    : Integer.toString(response.status());
        }
    }
}
