package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.PeerCounters;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.Slab;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies in both directions, and who waits for whom. */
class ProxyBodyTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final ScriptedPeer peer = new ScriptedPeer();
    private ProxyHarness harness;

    @BeforeEach
    void start() throws Exception {
        harness = new ProxyHarness().peer(peer).start();
    }

    @AfterEach
    void stop() throws Exception {
        harness.assertQuiet();
        harness.stop();
        peer.close();
    }

    private ScriptedClient begin(String head) throws Exception {
        return harness.send(harness.client(), head);
    }

    @Test
    void bodyOfKnownLengthGoesOnAsItComes() throws Exception {
        AtomicReference<String> body = new AtomicReference<>();
        peer.script(p -> {
            p.accept();
            assertTrue(p.readHead().contains("\r\nContent-Length: 10\r\n"));
            body.set(p.read(10));
            p.send(OK);
        });
        ScriptedClient client = begin("POST / HTTP/1.1\nHost: a\nContent-Length: 10");
        harness.until(client::waitsForBody);
        harness.run(() -> client.feed("hello", false));
        harness.run(() -> client.feed("world", true));
        assertEquals("ok", harness.await(client).bodyText());
        assertEquals("helloworld", body.get());
        assertEquals(1, harness.count(0, PeerCounterId.IDLE));
    }

    @Test
    void chunkedBodyIsFramedAnew() throws Exception {
        AtomicReference<String> body = new AtomicReference<>();
        peer.script(p -> {
            p.accept();
            assertTrue(p.readHead().contains("\r\nTransfer-Encoding: chunked\r\n"));
            body.set(p.read("5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n".length()));
            p.send(OK);
        });
        ScriptedClient client = begin("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked");
        harness.until(client::waitsForBody);
        harness.run(() -> client.feed("hello", false));
        harness.run(() -> client.feed("world", true));
        assertEquals("ok", harness.await(client).bodyText());
        assertEquals("5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n", body.get());
        assertEquals(1, harness.count(0, PeerCounterId.IDLE));
    }

    @Test
    void bodyThatIsThereGoesOutWithTheHead() throws Exception {
        AtomicReference<String> all = new AtomicReference<>();
        peer.script(p -> {
            p.accept();
            p.readHead();
            all.set(p.read("3\r\nabc\r\n0\r\n\r\n".length()));
            p.send(OK);
        });
        ScriptedClient client = harness.client();
        harness.run(() -> {
            client.begin(client.load("PUT / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked"));
            client.feed("abc", true);
            harness.handler.handle(client.exchange);
        });
        harness.await(client);
        assertEquals("3\r\nabc\r\n0\r\n\r\n", all.get());
    }

    /** RFC 9110 §9.2.2: as long as all of it is here, it may be sent a second time. */
    @Test
    void aBodyThatFitsIsSentAgainWhenAKeptConnectionBreaks() throws Exception {
        String chunks = "5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n";
        AtomicReference<String> body = new AtomicReference<>();
        peer.script(p -> {
            p.serve(OK);
            p.readHead();
            assertEquals("5\r\nhello\r\n", p.read(10));
            p.reset();
            p.accept();
            assertTrue(p.readHead().startsWith("PUT / HTTP/1.1\r\n"));
            body.set(p.read(chunks.length()));
            p.send(OK);
        });
        assertEquals("ok", harness.get("/").bodyText());
        ScriptedClient client = begin("PUT / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked");
        harness.until(client::waitsForBody);
        harness.run(() -> client.feed("hello", false));
        harness.until(() -> peer.connectionCount == 2);
        harness.run(() -> client.feed("world", true));
        assertEquals("ok", harness.await(client).bodyText());
        assertEquals(chunks, body.get());
        assertEquals(1, client.exchange.upstreamTries);
        assertTrue(harness.logged.isEmpty(), harness.logged::toString);
    }

    @Test
    void aBodyThatDoesNotFitIsNotSentAgain() throws Exception {
        String part = "x".repeat(Slab.BYTES - 1000);
        peer.script(p -> {
            p.serve(OK);
            p.readHead();
            p.read(2 * part.length());
            p.reset();
        });
        assertEquals("ok", harness.get("/").bodyText());
        ScriptedClient client = begin("PUT / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked");
        for (int i = 0; i < 2; i++) {
            harness.until(client::waitsForBody);
            harness.run(() -> client.feed(part, false));
        }
        assertEquals(502, harness.await(client).exchange.status);
        assertEquals(1, peer.connectionCount);
    }

    @Test
    void emptyBodyIsAnnouncedAsSuch() throws Exception {
        AtomicReference<String> head = new AtomicReference<>();
        peer.script(p -> head.set(p.serve(OK)));
        harness.exchange("POST / HTTP/1.1\nHost: a\nContent-Length: 0");
        peer.join();
        assertTrue(head.get().contains("\r\nContent-Length: 0\r\n"));
    }

    @Test
    void slowPeerHoldsTheUploadBackAndMemoryStaysFlat() throws Exception {
        int total = 24 << 20;
        AtomicReference<Long> count = new AtomicReference<>(0L);
        CountDownLatch go = new CountDownLatch(1);
        peer.script(p -> {
            p.accept();
            p.readHead();
            await(go);
            long sum = 0;
            while (sum < total) {
                sum += p.read(1 << 16).length();
            }
            count.set(sum);
            p.send(OK);
        });
        ScriptedClient client = begin("PUT / HTTP/1.1\nHost: a\nContent-Length: " + total);
        harness.until(client::waitsForBody);
        String piece = "x".repeat(4 << 20);
        harness.run(() -> client.feed(piece, false));
        for (int i = 0; i < 5; i++) {
            boolean last = i == 4;
            harness.run(() -> client.feed(piece, last));
        }
        harness.step(1);
        assertFalse(harness.onLoop(client::waitsForBody), "the peer takes nothing");
        assertEquals(1, harness.lentSlabs());
        go.countDown();
        assertEquals("ok", harness.await(client).bodyText());
        assertEquals(total, count.get());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void slowClientHoldsThePeerBackAndMemoryStaysFlat() throws Exception {
        int total = 32 << 20;
        peer.script(p -> {
            p.serve("HTTP/1.1 200 OK\r\nContent-Length: " + total + "\r\n\r\n");
            String piece = "y".repeat(1 << 16);
            for (int i = 0; i < total >> 16; i++) {
                p.send(piece);
            }
            p.readHead();
            p.send(OK);
        });
        ScriptedClient client = harness.client();
        client.takesAll = false;
        harness.send(client, "GET / HTTP/1.1\nHost: a");
        harness.until(client::holdsLoan);
        long before = harness.count(0, PeerCounterId.BYTES_RECEIVED);
        harness.step(40_000);
        assertEquals(before, harness.count(0, PeerCounterId.BYTES_RECEIVED));
        assertEquals(1, harness.lentSlabs());
        assertNull(client.aborted, "the peer is not to blame while the client is slow");
        harness.run(() -> {
            client.takesAll = true;
            client.drain();
        });
        harness.await(client);
        assertEquals(total, client.received);
        assertEquals("ok", harness.get("/").bodyText());
        peer.join();
        assertEquals(1, harness.count(0, PeerCounterId.REUSES));
    }

    @Test
    void peerIsFreeWhileTheLastPieceIsStillLent() throws Exception {
        String body = "z".repeat(20_000);
        String whole = "HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n" + body;
        peer.script(p -> {
            p.serve(whole);
            p.readHead();
            p.send(OK);
        });
        ScriptedClient slow = harness.client();
        slow.takesAll = false;
        slow.roomMax = 0;
        harness.send(slow, "GET / HTTP/1.1\nHost: a");
        harness.until(() -> {
            PeerCounters counters = harness.counters.peer(0);
            if (counters.get(PeerCounterId.BYTES_RECEIVED) < whole.length()) {
                slow.drain();
            }
            return counters.get(PeerCounterId.IDLE) == 1;
        });
        assertTrue(harness.onLoop(slow::holdsLoan));
        assertEquals("ok", harness.get("/").bodyText());
        assertEquals(1, harness.count(0, PeerCounterId.REUSES));
        assertEquals(1, harness.lentSlabs());
        harness.run(slow::drain);
        assertEquals(body, harness.await(slow).bodyText());
    }

    @Test
    void longChunkedResponseComesThroughWhole() throws Exception {
        StringBuilder whole = new StringBuilder();
        peer.script(p -> {
            p.serve("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 1; i <= 300; i++) {
                p.send(Integer.toHexString(i * 7) + ";x=y\r\n" + "c".repeat(i * 7) + "\r\n");
            }
            p.send("0\r\nTrailer: dropped\r\n\r\n");
        });
        for (int i = 1; i <= 300; i++) {
            whole.append("c".repeat(i * 7));
        }
        ScriptedClient client = harness.get("/");
        assertEquals(whole.toString(), client.bodyText());
        assertEquals(1, harness.count(0, PeerCounterId.IDLE));
    }

    @Test
    void earlyRefusalEndsTheUpload() throws Exception {
        peer.script(p -> {
            p.accept();
            p.readHead();
            p.read(5);
            p.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
            assertEquals("", p.readToEnd());
        });
        ScriptedClient client = begin("POST / HTTP/1.1\nHost: a\nContent-Length: 1000000");
        harness.until(client::waitsForBody);
        harness.run(() -> client.feed("hello", false));
        harness.await(client);
        peer.join();
        assertEquals(413, client.exchange.status);
        assertEquals("no", client.bodyText());
        assertTrue(client.discarded);
        assertEquals(0, harness.count(0, PeerCounterId.IDLE));
    }

    @Test
    void answerThatStreamsWhileTheUploadGoesOn() throws Exception {
        peer.script(p -> {
            p.accept();
            p.readHead();
            p.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 3; i++) {
                assertEquals("4\r\nping\r\n", p.read(9));
                p.send("4\r\npong\r\n");
            }
            assertEquals("0\r\n\r\n", p.read(5));
            p.send("0\r\n\r\n");
        });
        ScriptedClient client = begin("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked");
        for (int i = 1; i <= 3; i++) {
            harness.until(client::waitsForBody);
            harness.run(() -> client.feed("ping", false));
            long expected = i * 4L;
            harness.until(() -> client.received == expected);
        }
        harness.run(() -> client.feed("", true));
        harness.await(client);
        peer.join();
        assertEquals("pongpongpong", client.bodyText());
        assertEquals(1, harness.count(0, PeerCounterId.IDLE));
    }

    @Test
    void answerOfAPeerThatDoesNotReadTheBodyIsNotLost() throws Exception {
        peer.script(p -> {
            p.accept();
            p.readHead();
            p.send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
            p.closeConnection();
        });
        ScriptedClient client = begin("POST / HTTP/1.1\nHost: a\nContent-Length: 10000000");
        for (int i = 0; i < 100 && client.done.getCount() > 0; i++) {
            harness.run(() -> client.feed("x".repeat(10_000), false));
        }
        harness.await(client);
        assertEquals(401, client.exchange.status);
        assertEquals("no", client.bodyText());
    }

    @Test
    void brokenRequestBodyEndsTheConnectionToThePeer() throws Exception {
        peer.script(p -> {
            p.accept();
            p.readHead();
            assertEquals("", p.readToEnd());
        });
        ScriptedClient client = begin("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked");
        harness.until(client::waitsForBody);
        harness.run(client::breakBody);
        harness.await(client);
        peer.join();
        assertEquals(Termination.CLIENT_BODY_MALFORMED, client.exchange.termination);
    }

    @Test
    void clientThatLeavesTakesThePeersConnectionAlong() throws Exception {
        peer.script(p -> {
            p.accept();
            p.readHead();
            assertEquals("", p.readToEnd());
        });
        ScriptedClient client = begin("GET / HTTP/1.1\nHost: a");
        harness.until(() -> harness.counters.peer(0).get(PeerCounterId.CONNECTS) == 1
                && harness.ctx.slabs.lentCount() == 0);
        harness.run(client::hangUp);
        harness.await(client);
        peer.join();
        assertEquals(Termination.CLIENT_RESET, client.exchange.termination);
        assertEquals(0, harness.count(0, PeerCounterId.FAILURES));
    }
}
