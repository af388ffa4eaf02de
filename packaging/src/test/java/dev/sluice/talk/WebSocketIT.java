package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** WebSocket passes without a word of configuration; nothing else is switched. */
final class WebSocketIT {

    private static final String[] UPGRADE = {
        "GET /live HTTP/1.1", "Host: localhost", "Connection: Upgrade", "Upgrade: websocket",
        "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    };
    private static final String SWITCHED = "HTTP/1.1 101 Switching Protocols\r\n"
            + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    /** Sends back what it gets, and a last word when the client has ended. */
    private static void echo(UpstreamTalk talk) throws IOException {
        talk.readHead();
        talk.send(SWITCHED);
        byte[] piece = new byte[16 * 1024];
        for (int n = talk.in().read(piece); n >= 0; n = talk.in().read(piece)) {
            talk.out().write(piece, 0, n);
        }
        talk.send("end");
    }

    @Test
    void bytesPassBothWaysAndEachSideEndsByItself() throws Exception {
        try (var peer = ScriptedUpstream.playing(WebSocketIT::echo);
                var sluice = RunningSluice.proxyTo(peer).start();
                var client = sluice.client()) {
            client.request(UPGRADE);
            Response head = client.responseHead();
            assertEquals(101, head.status());
            assertEquals("Upgrade", head.field("Connection"));
            assertEquals("websocket", head.field("Upgrade"));
            assertEquals("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", head.field("Sec-WebSocket-Accept"));
            assertNull(head.field("Transfer-Encoding"));
            assertNull(head.field("Content-Length"));
            client.send("hello");
            assertEquals("hello", new String(client.readExactly(5)));
            byte[] much = new byte[3 << 20];
            new Random(1).nextBytes(much);
            Thread sender = Thread.ofPlatform().daemon().start(() -> {
                try {
                    client.send(much).closeOutput();
                } catch (IOException gone) {
                    throw new UncheckedIOException(gone);
                }
            });
            assertArrayEquals(much, client.readExactly(much.length));
            assertEquals("end", client.readUntilClosed());
            sender.join();
            Await.that("its line in the access log", () -> sluice.accessLog().stream()
                    .anyMatch(line -> line.contains("GET /live HTTP/1.1\" 101 ")));
        }
    }

    @Test
    void bytesBehindARefusedUpgradeAreTheNextRequest() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    while (talk.readRequest()) {
                        talk.answer(talk.target().equals("/live") ? 403 : 200, talk.target());
                    }
                });
                var sluice = RunningSluice.proxyTo(peer).start();
                var client = sluice.client()) {
            client.send(String.join("\r\n", UPGRADE) + "\r\n\r\n"
                    + "GET /next HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n");
            assertEquals(403, client.response().status());
            assertEquals("/next", client.response().text());
            String next = peer.heads().getLast();
            assertTrue(next.startsWith("GET /next "), next);
            assertTrue(!next.contains("6.6.6.6"), "it went through every rule: " + next);
        }
    }

    @Test
    void tunnelOutlivesAReloadInTheOldGeneration() throws Exception {
        try (var peer = ScriptedUpstream.playing(WebSocketIT::echo);
                var sluice = RunningSluice.proxyTo(peer)
                        .main("worker_shutdown_timeout = 30s").start();
                var client = sluice.client()) {
            client.request(UPGRADE);
            assertEquals(101, client.responseHead().status());
            sluice.writeConfiguration("""
                    [server s]
                    listen = 127.0.0.1:@PORT@
                    return = 200 new
                    """);
            sluice.signal("HUP");
            sluice.awaitErrorLog("generation 2 serves");
            client.send("still");
            assertEquals("still", new String(client.readExactly(5)));
            client.closeOutput();
            assertEquals("end", client.readUntilClosed());
            sluice.awaitErrorLog("has drained");
        }
    }

    /** A client sends faster than its server reads: what waits, waits at the client. */
    @Test
    void aServerThatDoesNotReadStopsItsClient() throws Exception {
        int pieces = 1024;
        CountDownLatch mayRead = new CountDownLatch(1);
        AtomicLong sent = new AtomicLong();
        AtomicLong got = new AtomicLong();
        try (var peer = ScriptedUpstream.playing(talk -> {
            talk.readHead();
            talk.send(SWITCHED);
            talk.waitFor(mayRead);
            byte[] piece = new byte[1 << 16];
            for (int n = talk.in().read(piece); n >= 0; n = talk.in().read(piece)) {
                got.addAndGet(n);
            }
        }); var sluice = RunningSluice.proxyTo(peer).start(); var client = sluice.client()) {
            client.request(UPGRADE);
            assertEquals(101, client.responseHead().status());
            var memory = new FlatMemory(sluice);
            Thread sender = Thread.ofPlatform().daemon().start(() -> {
                try {
                    for (int i = 0; i < pieces; i++) {
                        client.send(new byte[1 << 16]);
                        sent.incrementAndGet();
                    }
                    client.closeOutput();
                } catch (IOException gone) {
                    throw new UncheckedIOException(gone);
                }
            });
            long[] before = {-1};
            Await.that("a client that is held up", () -> {
                long now = sent.get();
                LockSupport.parkNanos(100_000_000L);
                boolean stands = now > 0 && now == before[0];
                before[0] = now;
                return stands;
            });
            assertTrue(sent.get() < pieces, "all was taken");
            memory.check();
            mayRead.countDown();
            sender.join();
            Await.that("all of it at the server", () -> got.get() == (long) pieces << 16);
            memory.check();
        }
    }
}
