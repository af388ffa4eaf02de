package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A peer that takes its time is waited for up to a limit, and what it has sent goes on at once. */
final class SlowUpstreamIT {

    @Test
    void piecesOfTheBodyArriveAsTheyAreSent() throws Exception {
        var words = new CountDownLatch[] {
            new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1)};
        try (var peer = ScriptedUpstream.playing(talk -> {
                    talk.readRequest();
                    talk.waitFor(words[0]);
                    talk.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none");
                    talk.waitFor(words[1]);
                    talk.send("two");
                    talk.waitFor(words[2]);
                });
                var sluice = RunningSluice.proxyTo(peer).start();
                var client = sluice.client()) {
            client.get("/");
            client.expectSilence(100);
            words[0].countDown();
            assertEquals(200, client.responseHead().status());
            assertEquals("one", new String(client.readExactly(3)));
            words[1].countDown();
            assertEquals("two", new String(client.readExactly(3)));
            words[2].countDown();
        }
    }

    @Test
    void headThatComesByteByByte() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    talk.readRequest();
                    for (char c : "HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 2\r\n\r\nok"
                            .toCharArray()) {
                        talk.send(String.valueOf(c));
                    }
                    talk.waitForEnd();
                });
                var sluice = RunningSluice.proxyTo(peer).start();
                var client = sluice.client()) {
            assertEquals("ok", client.get("/").response().text());
        }
    }

    @Test
    void silenceBeforeTheHeadIs504() throws Exception {
        try (var peer = ScriptedUpstream.playing(UpstreamTalk::waitForEnd);
                var sluice = RunningSluice.with("""
                        [upstream app]
                        server = %s
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /]
                        proxy_pass = http://app
                        proxy_read_timeout = 1s
                        """.formatted(peer.address())).start();
                var client = sluice.client()) {
            long startNs = Await.nowNs();
            assertEquals(504, client.get("/").response().status());
            assertTrue(Await.millisecondsSince(startNs) >= 900, "gave up too early");
            assertEquals(504, client.get("/again").response().status());
        }
    }
}
