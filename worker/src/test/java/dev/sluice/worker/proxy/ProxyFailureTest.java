package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.Slab;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers that fail, and what becomes of the request. */
class ProxyFailureTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final ScriptedPeer first = new ScriptedPeer();
    private final ScriptedPeer second = new ScriptedPeer();
    private final ProxyHarness harness = new ProxyHarness();

    @AfterEach
    void stop() throws Exception {
        harness.assertQuiet();
        harness.stop();
        first.close();
        second.close();
    }

    private void assertEnds(ScriptedClient client, int status, Termination why) {
        assertEquals(status, client.exchange.status);
        assertEquals(why, client.exchange.termination);
        assertEquals(why, client.exchange.upstreamError);
    }

    private String onlyLine() {
        List<String> lines = harness.logged.stream()
                .filter(line -> !line.contains(" is set aside for ")).toList();
        assertEquals(1, lines.size(), lines::toString);
        return lines.getFirst();
    }

    @Test
    void refusedConnectionIs502AndSaysSo() throws Exception {
        first.stopListening();
        harness.peer(first).start();
        assertEnds(harness.get("/x?y"), 502, Termination.UPSTREAM_REFUSED);
        assertEquals("error connect() failed (111: connection refused) while connecting to "
                + "upstream, client: 192.0.2.7, location: /, request: \"GET /x?y HTTP/1.1\", "
                + "upstream: \"http://127.0.0.1:" + first.port() + "/x?y\"", onlyLine());
        assertEquals(1, harness.count(0, PeerCounterId.FAILURES));
        // It is the last one, so it is asked again.
        assertEnds(harness.get("/"), 502, Termination.UPSTREAM_REFUSED);
        assertEquals(0, harness.count(0, PeerCounterId.UNAVAILABLE));
    }

    @Test
    void missingUnixSocketIs502() throws Exception {
        harness.unixPeer("/nonexistent/socket").start();
        assertEnds(harness.get("/"), 502, Termination.UPSTREAM_REFUSED);
        assertTrue(onlyLine().contains("connect() failed (2: no such file or directory)"));
        assertTrue(onlyLine().contains("upstream: \"http://unix:/nonexistent/socket/\""));
    }

    @Test
    void refusedRequestGoesToAnotherPeerWhateverItsMethod() throws Exception {
        first.stopListening();
        harness.peer(first).peer(second).start();
        second.script(p -> {
            p.accept();
            p.readHead();
            assertEquals("abc", p.read(3));
            p.send(OK);
        });
        ScriptedClient client = harness.client();
        harness.run(() -> {
            client.begin(client.load("POST / HTTP/1.1\nHost: a\nContent-Length: 3"));
            client.feed("abc", true);
            harness.handler.handle(client.exchange);
        });
        harness.await(client);
        assertEquals("ok", client.bodyText());
        assertEquals(2, client.exchange.upstreamTries);
        assertEquals(Termination.DONE, client.exchange.termination);
        assertTrue(onlyLine().startsWith("warn connect() failed (111"));
        assertEquals(1, harness.count(0, PeerCounterId.UNAVAILABLE));
    }

    @Test
    void peerThatIsDownIsProbedByOneRequest() throws Exception {
        harness.peer(first).peer(second).start();
        first.script(p -> {
            p.accept();
            p.readHead();
            p.reset();
            p.serve(OK);
        });
        second.script(p -> {
            p.serve(OK);
            for (int i = 0; i < 3; i++) {
                p.readHead();
                p.send(OK);
            }
        });
        for (int i = 0; i < 3; i++) {
            assertEquals("ok", harness.get("/").bodyText());
        }
        assertEquals(1, harness.count(0, PeerCounterId.REQUESTS));
        harness.step(10_000);
        assertEquals("ok", harness.get("/").bodyText());
        assertEquals("ok", harness.get("/").bodyText());
        first.join();
        assertEquals(2, harness.count(0, PeerCounterId.REQUESTS));
    }

    @Test
    void whyAPeerRestsIsInTheLog() throws Exception {
        harness.peer(first).peer(second).start();
        first.script(p -> {
            for (int i = 0; i < 2; i++) {
                p.accept();
                p.readHead();
                p.reset();
            }
        });
        second.script(p -> {
            p.serve(OK);
            for (int i = 0; i < 3; i++) {
                p.readHead();
                p.send(OK);
            }
        });
        for (int i = 0; i < 2; i++) {
            assertEquals("ok", harness.get("/").bodyText());
        }
        harness.step(10_000);
        for (int i = 0; i < 2; i++) {
            assertEquals("ok", harness.get("/").bodyText());
        }
        first.join();
        List<String> rests = harness.logged.stream()
                .map(line -> line.replaceFirst(".* is set aside", "it is set aside"))
                .filter(line -> line.startsWith("it is set aside")).toList();
        assertEquals(List.of("it is set aside for 10000 ms after 1 failure",
                "it is set aside for 20000 ms more, as it has failed when it was tried again"),
                rests);
    }

    @Test
    void requestThatWasSentIsRepeatedOnlyIfIdempotent() throws Exception {
        harness.peer(first).peer(second).start();
        first.script(p -> {
            p.accept();
            p.readHead();
            p.closeConnection();
        });
        second.script(p -> p.serve(OK));
        assertEnds(harness.exchange("POST / HTTP/1.1\nHost: a\nContent-Length: 0"), 502,
                Termination.UPSTREAM_CLOSED_BEFORE_HEAD);
        assertEquals(1, harness.logged.stream().filter(l -> l.startsWith("error")).count());
    }

    @Test
    void idempotentRequestIsRepeatedOnce() throws Exception {
        harness.peer(first).peer(second).start();
        for (ScriptedPeer peer : List.of(first, second)) {
            peer.script(p -> {
                p.accept();
                p.readHead();
                p.closeConnection();
            });
        }
        ScriptedClient client = harness.get("/");
        assertEnds(client, 502, Termination.UPSTREAM_CLOSED_BEFORE_HEAD);
        assertEquals(2, client.exchange.upstreamTries);
        assertEquals(List.of("warn", "warn", "error"), harness.logged.stream()
                .map(l -> l.substring(0, l.indexOf(' '))).sorted().toList().reversed());
    }

    @Test
    void deadIdleConnectionIsReplacedAndCountsForNothing() throws Exception {
        harness.peer(first).start();
        first.script(p -> {
            p.serve(OK);
            // Reads the next request and closes without a word: as if its time had been over.
            p.readHead();
            p.closeConnection();
            p.serve(OK);
        });
        harness.get("/");
        ScriptedClient client = harness.get("/");
        assertEquals("ok", client.bodyText());
        assertEquals(1, client.exchange.upstreamTries);
        assertEquals(0, harness.count(0, PeerCounterId.FAILURES));
        assertEquals(2, harness.count(0, PeerCounterId.CONNECTS));
        assertTrue(harness.logged.isEmpty());
    }

    @Test
    void unfinishedHeadIs504() throws Exception {
        harness.location("proxy_next_upstream", "off");
        harness.peer(first).start();
        first.script(p -> {
            p.accept();
            p.readHead();
            p.send("HTTP/1.1 200 OK\r\nContent-");
            assertEquals("", p.readToEnd());
        });
        ScriptedClient client = harness.send(harness.client(), "GET / HTTP/1.1\nHost: a");
        harness.until(() -> harness.counters.peer(0).get(PeerCounterId.BYTES_RECEIVED) > 20);
        harness.step(29_900);
        assertEquals(1, client.done.getCount());
        harness.step(300);
        assertEnds(harness.await(client), 504, Termination.UPSTREAM_HEAD_TIMEOUT);
        assertTrue(onlyLine().contains(" while reading response header from upstream, "));
    }

    @Test
    void sendTimeoutIs504() throws Exception {
        harness.peer(first).start();
        first.script(ScriptedPeer::accept);
        ScriptedClient client = harness.send(harness.client(),
                "POST / HTTP/1.1\nHost: a\nContent-Length: 100000000");
        harness.until(client::waitsForBody);
        harness.run(() -> client.feed("x".repeat(20_000_000), false));
        harness.step(19_900);
        assertEquals(1, client.done.getCount());
        harness.step(300);
        assertEnds(harness.await(client), 504, Termination.UPSTREAM_SEND_TIMEOUT);
    }

    @Test
    void connectTimeoutIs504() throws Exception {
        List<Socket> fillers = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            for (int i = 0; i < 2; i++) {
                fillers.add(new Socket("127.0.0.1", full.getLocalPort()));
            }
            harness.peer("127.0.0.1", full.getLocalPort(), 0, false).start();
            ScriptedClient client = harness.send(harness.client(), "GET / HTTP/1.1\nHost: a");
            harness.step(5_200);
            assertEnds(harness.await(client), 504, Termination.UPSTREAM_CONNECT_TIMEOUT);
            assertTrue(onlyLine().contains("(110: connection timed out) while connecting"));
        }
        for (Socket filler : fillers) {
            filler.close();
        }
    }

    @Test
    void peerAtMaxConnsIs503AndBackupTakesOver() throws Exception {
        harness.peer("127.0.0.1", first.port(), 1, false);
        harness.peer("127.0.0.1", second.port(), 1, true).start();
        first.script(ScriptedPeer::accept);
        second.script(ScriptedPeer::accept);
        ScriptedClient one = harness.send(harness.client(), "GET /1 HTTP/1.1\nHost: a");
        ScriptedClient two = harness.send(harness.client(), "GET /2 HTTP/1.1\nHost: a");
        assertEnds(harness.get("/3"), 503, Termination.UPSTREAM_NONE_USABLE);
        assertEquals(1, harness.count(1, PeerCounterId.ACTIVE));
        harness.run(one::hangUp);
        harness.run(two::hangUp);
    }

    @Test
    void statusOfAFailingPeerIsRetriedWhenAskedFor() throws Exception {
        harness.location("proxy_next_upstream", "http_503");
        harness.peer(first).peer(second).start();
        String busy = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy";
        first.script(p -> p.serve(busy));
        second.script(p -> {
            p.serve(OK);
            p.readHead();
            p.send(busy);
        });
        ScriptedClient client = harness.get("/");
        assertEquals("ok", client.bodyText());
        assertTrue(onlyLine().startsWith("warn upstream answered 503"));
        // Nobody is left to ask: the answer is passed on as it is.
        ScriptedClient last = harness.get("/");
        assertEquals(503, last.exchange.status);
        assertEquals("busy", last.bodyText());
        assertEquals(Termination.DONE, last.exchange.termination);
    }

    @Test
    void missingMemoryIs503() throws Exception {
        harness.slabsMax = 1;
        harness.peer(first).start();
        first.script(p -> {
            p.accept();
            p.readHead();
            p.send(OK);
        });
        Slab only = harness.onLoop(() -> harness.ctx.slabs.borrow());
        ScriptedClient client = harness.get("/");
        assertEnds(client, 503, Termination.WORKER_OVERLOAD);
        assertEquals(0, harness.count(0, PeerCounterId.FAILURES));
        harness.run(() -> harness.ctx.slabs.giveBack(only));
    }
}
