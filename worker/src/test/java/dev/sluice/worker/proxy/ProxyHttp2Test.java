package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.downstream.Http2Client;
import dev.sluice.worker.http2.Blocks;
import dev.sluice.worker.http2.FrameType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests to peers that speak HTTP/2. */
class ProxyHttp2Test {

    private static final String[] OK = {":status", "200", "x-a", "b"};

    private final Http2Peer peer = new Http2Peer();
    private ProxyHarness harness;

    @BeforeEach
    void configure() {
        harness = new ProxyHarness().peer("127.0.0.1:" + peer.port())
                .location("proxy_http_version", "2");
    }

    @AfterEach
    void stop() throws Exception {
        harness.run(harness.upstreams::closeIdle);
        for (int i = 0; i < 1000 && harness.lentSlabs() > 0; i++) {
            Thread.onSpinWait();
        }
        harness.assertQuiet();
        harness.stop();
        peer.close();
    }

    @Test
    void aRequestBecomesFieldsAndItsAnswerLines() throws Exception {
        AtomicReference<String> head = new AtomicReference<>();
        peer.script(p -> {
            Http2Client talk = p.accept();
            head.set(talk.until("HEADERS"));
            talk.headers(1, 0, OK).data(1, "hello", false).data(1, " you", true);
        });
        harness.start();
        ScriptedClient client = harness.exchange("""
                GET /a?b HTTP/1.1
                Host: example.com
                Connection: close, X-Own
                X-Own: 1
                Upgrade: websocket
                X-Kept: 2""");
        peer.join();
        assertEquals("hello you", client.bodyText());
        assertEquals(200, client.exchange.status);
        assertTrue(client.head().contains("x-a: b"), client.head());
        assertTrue(head.get().startsWith("HEADERS 1 END [:method=GET, :scheme=http, :path=/a?b,"
                + " :authority=app, x-kept=2,"), head.get());
        assertTrue(!head.get().contains("connection") && !head.get().contains("x-own")
                && !head.get().contains("upgrade"), head.get());
        assertEquals(Termination.DONE, client.exchange.termination);
    }

    @Test
    void requestsShareAConnection() throws Exception {
        peer.script(p -> {
            Http2Client talk = p.accept();
            talk.until("HEADERS 1");
            talk.until("HEADERS 3");
            talk.until("HEADERS 5");
            talk.headers(5, 0, OK).headers(1, 0, OK).data(1, "one", true).data(5, "five", true);
            talk.headers(3, FrameType.END_STREAM, OK);
            talk.until("HEADERS 7");
            talk.headers(7, FrameType.END_STREAM, OK);
        });
        harness.start();
        List<ScriptedClient> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clients.add(harness.send(harness.client(), "GET /" + i + " HTTP/1.1\nHost: a"));
        }
        for (ScriptedClient client : clients) {
            harness.await(client);
        }
        assertEquals("one", clients.get(0).bodyText());
        assertEquals("", clients.get(1).bodyText());
        assertEquals("five", clients.get(2).bodyText());
        assertEquals(200, harness.get("/").exchange.status);
        peer.join();
        assertEquals(1, peer.connectionCount);
        assertEquals(1, harness.count(0, PeerCounterId.CONNECTS));
    }

    @Test
    void aBodyGoesAsFarAsTheWindowsAllow() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        peer.script(p -> {
            // A stream may send 5 bytes at first.
            Http2Client talk = p.accept(Blocks.hex("000400000005"));
            talk.acknowledges = false;
            assertEquals("HEADERS", talk.until("HEADERS 1 [").substring(0, 7));
            talk.frame(FrameType.SETTINGS, FrameType.ACK, 0);
            assertTrue(stuck.await(10, TimeUnit.SECONDS));
            StringBuilder body = new StringBuilder();
            while (true) {
                String next = talk.until("DATA 1");
                body.append(next.substring(next.lastIndexOf(' ') + 1));
                if (next.startsWith("DATA 1 END")) {
                    break;
                }
                talk.number(FrameType.WINDOW_UPDATE, 1, 3);
            }
            assertEquals("0123456789", body.toString());
            talk.headers(1, FrameType.END_STREAM, OK);
        });
        harness.start();
        ScriptedClient warm = harness.client();
        harness.run(() -> {
            warm.begin(warm.load("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked"));
            warm.exchange.location = harness.location;
            harness.handler.handle(warm.exchange);
        });
        stuck.countDown();
        harness.run(() -> warm.feed("0123456789", true));
        harness.await(warm);
        peer.join();
        assertEquals(200, warm.exchange.status);
    }

    @Test
    void aSlowClientHoldsUpItsOwnStreamOnly() throws Exception {
        int much = 300_000;
        CountDownLatch full = new CountDownLatch(1);
        peer.script(p -> {
            Http2Client talk = p.accept();
            talk.until("HEADERS 1");
            talk.headers(1, 0, OK);
            int window = 65_535;
            // As much as the stream's window allows, and no more is asked for.
            byte[] piece = new byte[16_000];
            int sent = 0;
            while (window >= piece.length) {
                talk.frame(FrameType.DATA, 0, 1, piece);
                window -= piece.length;
                sent += piece.length;
            }
            full.countDown();
            talk.until("HEADERS 3");
            talk.headers(3, 0, OK).data(3, "quick", true);
            while (sent < much) {
                String next = talk.until("WINDOW_UPDATE 1");
                window += Integer.parseInt(next.split(" ")[2]);
                while (window > 0 && sent < much) {
                    int count = Math.min(Math.min(window, 16_000), much - sent);
                    sent += count;
                    window -= count;
                    talk.frame(FrameType.DATA, sent == much ? FrameType.END_STREAM : 0, 1,
                            new byte[count]);
                }
            }
        });
        harness.start();
        ScriptedClient slow = harness.client();
        slow.takesAll = false;
        slow.roomMax = 0;
        harness.send(slow, "GET /slow HTTP/1.1\nHost: a");
        assertTrue(full.await(10, TimeUnit.SECONDS));
        assertEquals("quick", harness.get("/quick").bodyText());
        harness.until(slow::holdsLoan);
        harness.run(() -> {
            slow.takesAll = true;
            slow.drain();
        });
        harness.await(slow);
        peer.join();
        assertEquals(much, slow.bodyText().length());
        assertEquals(1, peer.connectionCount);
    }

    @Test
    void refusedStreamsAndGoawayAreTriedAgainWhateverTheMethod() throws Exception {
        peer.script(p -> {
            Http2Client talk = p.accept();
            talk.until("HEADERS 1");
            talk.headers(1, FrameType.END_STREAM, OK);
            talk.until("HEADERS 3");
            // Another connection: the peer has not looked at it.
            talk.frame(FrameType.GOAWAY, 0, 0, Blocks.hex("0000000100000000"));
            talk = p.accept();
            talk.until("HEADERS 1");
            talk.headers(1, FrameType.END_STREAM, ":status", "201");
        });
        harness.start();
        assertEquals(200, harness.get("/").exchange.status);
        ScriptedClient client = harness.exchange("DELETE /x HTTP/1.1\nHost: a");
        assertEquals(201, client.exchange.status);
        assertEquals(1, client.exchange.upstreamTries);
        peer.join();
    }

    @Test
    void aBodyThatIsStillHereIsSentAgainWithItsHead() throws Exception {
        peer.script(p -> {
            Http2Client talk = p.accept();
            talk.until("HEADERS 1");
            talk.headers(1, FrameType.END_STREAM, OK);
            talk.until("DATA 3");
            talk.frame(FrameType.GOAWAY, 0, 0, Blocks.hex("0000000100000000"));
            talk = p.accept();
            assertTrue(talk.until("HEADERS 1").contains("PUT"));
            assertTrue(talk.until("DATA 1").contains("abc"));
            talk.headers(1, FrameType.END_STREAM, ":status", "201");
        });
        harness.start();
        assertEquals(200, harness.get("/").exchange.status);
        ScriptedClient client = harness.client();
        harness.run(() -> {
            client.begin(client.load("PUT / HTTP/1.1\nHost: a\nContent-Length: 3"));
            client.feed("abc", true);
            client.exchange.location = harness.location;
            harness.handler.handle(client.exchange);
        });
        assertEquals(201, harness.await(client).exchange.status);
        peer.join();
    }

    @Test
    void aStreamUpToTheLastOneIsFinished() throws Exception {
        peer.script(p -> {
            Http2Client talk = p.accept();
            talk.until("HEADERS 1");
            talk.headers(1, 0, OK).data(1, "a", false);
            talk.frame(FrameType.GOAWAY, 0, 0, Blocks.hex("0000000100000000"));
            talk.data(1, "b", true);
            // Nobody is left on it: the proxy says so and closes.
            assertTrue(talk.toTheEnd().contains("GOAWAY 0 NO_ERROR"));
        });
        harness.start();
        assertEquals("ab", harness.get("/").bodyText());
        peer.join();
    }

    @Test
    void aClientThatLeavesCancelsItsStream() throws Exception {
        peer.script(p -> {
            Http2Client talk = p.accept();
            talk.until("HEADERS 1");
            talk.headers(1, 0, OK).data(1, "a", false);
            assertEquals("RST_STREAM 1 CANCEL", talk.until("RST_STREAM"));
            talk.until("HEADERS 3");
            talk.headers(3, FrameType.END_STREAM, OK);
        });
        harness.start();
        ScriptedClient client = harness.send(harness.client(), "GET / HTTP/1.1\nHost: a");
        harness.until(() -> client.bodyText().equals("a"));
        harness.run(client::hangUp);
        assertEquals(200, harness.get("/").exchange.status);
        peer.join();
    }

    @Test
    void aPeerThatSaysNothingIsAskedWhetherItLives() throws Exception {
        harness.location("proxy_http2_ping", "5s").location("proxy_read_timeout", "1h");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        peer.script(p -> {
            Http2Client talk = p.accept();
            talk.until("HEADERS 1");
            begun.countDown();
            talk.until("PING");
            asked.countDown();
            talk.toTheEnd();
        });
        harness.start();
        ScriptedClient client = harness.send(harness.client(), "POST / HTTP/1.1\nHost: a\n"
                + "Content-Length: 0");
        assertTrue(begun.await(10, TimeUnit.SECONDS));
        // The greeting of the peer may be read between.
        harness.step(6_000);
        harness.step(6_000);
        assertTrue(asked.await(10, TimeUnit.SECONDS));
        harness.step(11_000);
        harness.await(client);
        assertEquals(504, client.exchange.status);
        assertEquals(Termination.UPSTREAM_READ_TIMEOUT, client.exchange.upstreamError);
        peer.join();
    }

    @Test
    void aCallEndsByItsOwnDeadlineAndThePeerIsNotToBlame() throws Exception {
        harness = new ProxyHarness().peer("127.0.0.1:" + peer.port()).grpc();
        CountDownLatch begun = new CountDownLatch(1);
        AtomicReference<String> head = new AtomicReference<>();
        peer.script(p -> {
            Http2Client talk = p.accept();
            head.set(talk.until("HEADERS 1"));
            begun.countDown();
            assertEquals("RST_STREAM 1 CANCEL", talk.until("RST_STREAM"));
        });
        harness.start();
        ScriptedClient client = harness.send(harness.client(), """
                POST /a.B/C HTTP/1.1
                Host: a
                Content-Length: 0
                Content-Type: application/grpc
                grpc-timeout: 100m""");
        assertTrue(begun.await(10, TimeUnit.SECONDS));
        assertTrue(head.get().contains("grpc-timeout=100m, ")
                && head.get().endsWith("te=trailers]"), head.get());
        harness.step(99);
        assertEquals(0, client.exchange.status);
        harness.step(20);
        harness.await(client);
        assertEquals(504, client.exchange.status);
        assertEquals(Termination.UPSTREAM_DEADLINE, client.exchange.termination);
        assertEquals(0, harness.count(0, PeerCounterId.FAILURES));
        peer.join();
    }

    @Test
    void closedWithoutAWordIsTriedAgainOnlyIfIdle() throws Exception {
        peer.script(p -> {
            Http2Client talk = p.accept();
            talk.until("HEADERS 1");
            p.closeConnection();
        });
        harness.location("proxy_next_upstream", "off").start();
        ScriptedClient client = harness.get("/");
        assertEquals(502, client.exchange.status);
        assertTrue(client.exchange.upstreamError == Termination.UPSTREAM_CLOSED_BEFORE_HEAD
                || client.exchange.upstreamError == Termination.UPSTREAM_RESET_BEFORE_HEAD);
        assertTrue(client.exchange.passedOn, "no error_page may send it once more");
        peer.join();
    }
}
