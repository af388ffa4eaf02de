package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Chunks in both directions, cut in any place, with extensions and trailers that end here. */
final class ChunkedIT {

    @Test
    void bothDirections() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    while (talk.readRequest()) {
                        String body = new String(talk.body());
                        assertEquals("chunked", talk.field("Transfer-Encoding"));
                        talk.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                        for (char c : body.toCharArray()) {
                            talk.send("1;ext=\"a;b\"\r\n" + c + "\r\n");
                        }
                        talk.send("0\r\nX-Trailer: 1\r\n\r\n");
                    }
                });
                var sluice = RunningSluice.proxyTo(peer).start();
                var client = sluice.client()) {
            String request = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "5;a=b\r\nhello\r\n00006\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n";
            for (int cut = 1; cut < request.length(); cut += 7) {
                client.send(request.substring(0, cut));
                client.send(request.substring(cut));
                Response response = client.response("POST");
                assertTrue(response.chunked(), "not chunked");
                assertEquals("hello world", response.text());
            }
            assertFalse(peer.heads().stream().anyMatch(h -> h.contains("X-Trailer")));
        }
    }

    @Test
    void firstChunkGoesOnBeforeTheLastHasCome() throws Exception {
        var word = new CountDownLatch(1);
        try (var peer = ScriptedUpstream.playing(talk -> {
                    talk.readHead();
                    assertEquals(3, Response.chunkSize(talk.in()));
                    assertEquals("one", new String(Response.exactly(talk.in(), 3)));
                    word.countDown();
                    Response.line(talk.in());
                    assertEquals(3, Response.chunkSize(talk.in()));
                    assertEquals("two", new String(Response.exactly(talk.in(), 3)));
                    Response.line(talk.in());
                    assertEquals(0, Response.chunkSize(talk.in()));
                    talk.answer(200, "both");
                    talk.waitForEnd();
                });
                var sluice = RunningSluice.proxyTo(peer).start();
                var client = sluice.client()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3\r\none\r\n");
            assertTrue(word.await(Await.PATIENCE_SECONDS, java.util.concurrent.TimeUnit.SECONDS));
            client.send("3\r\ntwo\r\n0\r\n\r\n");
            assertEquals("both", client.response("POST").text());
        }
    }

    @Test
    void oldClientGetsAnUnframedBody() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    talk.readRequest();
                    talk.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "5\r\nhello\r\n0\r\n\r\n");
                    talk.waitForEnd();
                });
                var sluice = RunningSluice.proxyTo(peer).start();
                var client = sluice.client()) {
            Response response = client.request("GET / HTTP/1.0", "Host: h").response();
            assertFalse(response.chunked(), "chunks to an HTTP/1.0 client");
            assertEquals("hello", response.text());
        }
    }
}
