package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A peer's 103 (RFC 8297), behind which it takes its time. */
final class EarlyHintsIT {

    @Test
    void overHttp2TheAnswerIsWhatComesBehindThem() throws Exception {
        CountDownLatch hintsCame = new CountDownLatch(1);
        try (var peer = ScriptedUpstream.playing(talk -> {
                    while (talk.readRequest()) {
                        talk.send("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
                        await(hintsCame);
                        talk.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                                + "Content-Length: 5\r\n\r\nhello");
                    }
                });
                var sluice = RunningSluice.proxyTo(peer).http("http2 = on").start();
                var client = RawHttp2.over(sluice.client())) {
            client.headers(1, true, ":method", "GET", ":scheme", "http", ":authority", "h",
                    ":path", "/");
            String hints = text(client.until(RawHttp2.HEADERS).payload());
            assertTrue(hints.contains("</a.css>"), hints);
            hintsCame.countDown();
            String head = text(client.until(RawHttp2.HEADERS).payload());
            assertTrue(head.contains("text/plain"), head);
            assertEquals("hello", text(client.data(1, 5)));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS), "no hints");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
