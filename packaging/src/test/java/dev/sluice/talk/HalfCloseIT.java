package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A side that has said all it had to say may still listen; a client has to say that it does. */
final class HalfCloseIT {

    @Test
    void clientThatClosesItsOutputGetsItsAnswer() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                root = @DIR@/www
                """).file("www/big", new byte[4 << 20]).start();
                var client = RawClient.connect(sluice.port(), 32 * 1024)) {
            client.get("/big").closeOutput();
            assertEquals(4 << 20, client.response().body().length);
            client.expectClosed();
        }
    }

    @Test
    void clientThatClosesItsOutputMayWaitForAPeer() throws Exception {
        var word = new CountDownLatch(1);
        try (var peer = ScriptedUpstream.playing(talk -> {
                    talk.readRequest();
                    talk.waitFor(word);
                    talk.answer(200, "late");
                    talk.waitForEnd();
                });
                var sluice = RunningSluice.proxyTo(peer)
                        .http("proxy_ignore_client_abort = on").start();
                var client = sluice.client()) {
            client.get("/").closeOutput();
            Await.that("the request at the peer", () -> peer.requestCount() == 1);
            client.expectSilence(100);
            word.countDown();
            assertEquals("late", client.response().text());
            client.expectClosed();
        }
    }

    @Test
    void endOfTheConnectionIsTheEndOfAnUnframedResponse() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    talk.readRequest();
                    talk.send("HTTP/1.1 200 OK\r\n\r\nall of it");
                    talk.closeOutput();
                    talk.waitForEnd();
                });
                var sluice = RunningSluice.proxyTo(peer).start();
                var client = sluice.client()) {
            Response response = client.get("/").response();
            assertEquals("all of it", response.text());
            assertNull(response.field("Content-Length"));
            assertEquals("all of it", client.get("/").response().text());
        }
    }
}
