package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.Termination;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An upstream whose peers all fail is left alone, by all workers. */
class ProxyCircuitTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String BUSY = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy";

    private final ScriptedPeer peer = new ScriptedPeer();
    private final ProxyHarness harness = configured();
    private final ProxyHarness there = configured();

    private ProxyHarness configured() {
        return new ProxyHarness().peer(peer).upstream("circuit", "2 open=10s")
                .location("proxy_next_upstream", "error http_503");
    }

    @AfterEach
    void stop() throws Exception {
        for (ProxyHarness one : new ProxyHarness[] {harness, there}) {
            if (one.loop != null) {
                one.assertQuiet();
                one.stop();
            }
        }
        peer.close();
    }

    /** Answers one after the other on one connection. */
    private void answers(String... all) {
        peer.script(p -> {
            p.accept();
            for (String one : all) {
                p.readHead();
                p.send(one);
            }
        });
    }

    private void assertFails(ProxyHarness at) throws Exception {
        ScriptedClient client = at.get("/");
        assertEquals("busy", client.bodyText());
        assertEquals(Termination.DONE, client.exchange.termination);
    }

    private void assertRefused(ProxyHarness at, int retryAfterS) throws Exception {
        ScriptedClient client = at.get("/");
        assertEquals(503, client.exchange.status);
        assertEquals(Termination.UPSTREAM_CIRCUIT_OPEN, client.exchange.termination);
        assertEquals(Termination.UPSTREAM_CIRCUIT_OPEN, client.exchange.upstreamError);
        assertEquals(retryAfterS, client.exchange.retryAfterS);
        assertEquals(0, client.exchange.upstreamTries);
    }

    @Test
    void opensAfterFailuresInARowAndClosesByAnAnswer() throws Exception {
        harness.start();
        answers(BUSY, BUSY, OK, OK);
        assertFails(harness);
        assertFails(harness);
        assertRefused(harness, 10);
        harness.step(9_000);
        assertRefused(harness, 1);
        harness.step(1_000);
        assertEquals("ok", harness.get("/").bodyText());
        assertEquals("ok", harness.get("/").bodyText());
        assertEquals(4, harness.count(0, PeerCounterId.REQUESTS));
        assertTrue(harness.logged.stream().anyMatch(line -> line.contains("app is left alone")));
        assertTrue(harness.logged.stream().anyMatch(line -> line.contains("app answers again")));
    }

    @Test
    void answerBetweenFailuresKeepsItClosed() throws Exception {
        harness.start();
        answers(BUSY, OK, BUSY, OK, BUSY);
        for (int i = 0; i < 2; i++) {
            assertFails(harness);
            assertEquals("ok", harness.get("/").bodyText());
        }
        assertFails(harness);
    }

    @Test
    void probeThatFailsOpensItAgain() throws Exception {
        harness.start();
        answers(BUSY, BUSY, BUSY, OK);
        assertFails(harness);
        assertFails(harness);
        harness.step(10_000);
        assertFails(harness);
        assertRefused(harness, 10);
        harness.step(10_000);
        assertEquals("ok", harness.get("/").bodyText());
    }

    @Test
    void holdsForAllWorkers() throws Exception {
        harness.shareWith(there);
        harness.start();
        there.start();
        answers(BUSY, BUSY);
        assertFails(harness);
        assertFails(harness);
        assertRefused(there, 10);
    }

    /** The other peer is not asked any more. */
    @Test
    void failureThatOpensItIsTheAnswer() throws Exception {
        try (ScriptedPeer other = new ScriptedPeer()) {
            harness.upstream("circuit", "1").peer(other).start();
            peer.script(p -> {
                p.accept();
                p.readHead();
                p.closeConnection();
            });
            ScriptedClient client = harness.get("/");
            assertEquals(502, client.exchange.status);
            assertEquals(Termination.UPSTREAM_CLOSED_BEFORE_HEAD, client.exchange.termination);
            assertEquals(1, client.exchange.upstreamTries);
        }
        assertRefused(harness, 10);
    }
}
