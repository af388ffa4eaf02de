package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.dns.ScriptedNameServer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Peers that are found by name, with a name server on the wire. */
class ProxyNamesTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final ScriptedPeer peer = new ScriptedPeer();
    private final ScriptedPeer other = new ScriptedPeer();
    private final ProxyHarness harness = new ProxyHarness();
    private ScriptedNameServer server;

    @BeforeEach
    void serveNames() throws Exception {
        server = new ScriptedNameServer();
        harness.upstream("resolver", "127.0.0.1:" + server.address().getPort()
                + " ipv6=off timeout=60s");
    }

    @AfterEach
    void stop() throws Exception {
        harness.assertQuiet();
        harness.stop();
        peer.close();
        other.close();
        server.close();
    }

    private void start() throws Exception {
        harness.start();
        CountDownLatch asked = new CountDownLatch(1);
        harness.run(() -> harness.upstreams.names().start(asked::countDown));
        assertTrue(asked.await(10, TimeUnit.SECONDS));
    }

    @Test
    void nameThatDoesNotResolveIsDownUntilItDoes() throws Exception {
        harness.peer("app.test", peer.port(), 0, false);
        start();
        assertEquals(Termination.UPSTREAM_NONE_USABLE, harness.get("/").exchange.termination);
        server.set("app.test", 60, "127.0.0.1");
        harness.step(1_100);
        harness.until(() -> harness.upstreams.upstream("app").peers().getFirst().resolved());
        peer.script(p -> p.serve(OK));
        assertEquals("ok", harness.get("/").bodyText());
        assertEquals(List.of(
                "warn host name \"app.test\" of peer app.test:" + peer.port() + " in upstream app"
                        + " does not resolve (no such name), the peer is down until it does",
                "notice host name \"app.test\" of peer app.test:" + peer.port()
                        + " in upstream app resolves again"),
                harness.logged.stream().filter(line -> line.contains("host name")).toList());
    }

    @Test
    void nextAddressOfANameIsTriedWhenTheFirstRefuses() throws Exception {
        server.set("app.test", 60, "127.0.0.99", "127.0.0.1");
        harness.peer("app.test", peer.port(), 0, false);
        start();
        peer.script(p -> {
            p.serve(OK + "surplus");
            p.serve(OK);
        });
        for (int i = 0; i < 2; i++) {
            ScriptedClient client = harness.get("/");
            assertEquals("ok", client.bodyText(), harness.logged::toString);
            assertEquals("127.0.0.1:" + peer.port(), client.exchange.upstreamAddress);
        }
        assertEquals(0, harness.count(0, PeerCounterId.FAILURES));
    }

    @Test
    void changedAddressClosesWhatIsIdleAndLetsTheRestFinish() throws Exception {
        server.set("app.test", 1, "127.0.0.1");
        harness.peer("app.test", peer.port(), 0, false);
        start();
        CountDownLatch moved = new CountDownLatch(1);
        peer.script(p -> {
            p.accept();
            p.readHead();
            p.accept();
            p.readHead();
            p.send(OK);
            p.turnTo(0);
            p.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
            p.turnTo(1);
            // The idle one ends by the change, the other by its own end.
            p.readToEnd();
            p.turnTo(0);
            await(moved);
            p.send("ok");
            p.readToEnd();
        });
        ScriptedClient running = harness.send(harness.client(), "GET /1 HTTP/1.1\nHost: a");
        assertEquals("ok", harness.get("/2").bodyText());
        server.set("app.test", 60, "127.0.0.99");
        harness.step(1_100);
        harness.until(() -> harness.upstreams.upstream("app").peers().getFirst().addressText()
                .startsWith("127.0.0.99:"));
        moved.countDown();
        assertEquals("ok", harness.await(running).bodyText());
        peer.join();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void withResolveEachAddressIsAPeer() throws Exception {
        server.set("app.test", 1, "127.0.0.1", "127.0.0.99");
        harness.peer("app.test:" + peer.port() + " resolve=4");
        start();
        assertEquals(2, resolvedCount());
        server.set("app.test", 1, "127.0.0.98", "127.0.0.1", "127.0.0.97");
        harness.step(1_100);
        harness.until(() -> resolvedNow() == 3);
        server.set("app.test", 1);
        harness.step(1_100);
        harness.until(() -> resolvedNow() == 0);
    }

    @Test
    void servicesGivePortsAndBackups() throws Exception {
        server.addService("_http._tcp.app.test", 60, "1 1 " + peer.port() + " a.test");
        server.addService("_http._tcp.app.test", 60, "2 1 " + other.port() + " a.test");
        server.set("a.test", 60, "127.0.0.1");
        harness.peer("app.test resolve=4 service=http");
        start();
        peer.script(p -> p.serve(OK));
        assertEquals("127.0.0.1:" + peer.port(), harness.get("/").exchange.upstreamAddress);
        peer.stopListening();
        peer.join();
        peer.closeConnection();
        other.script(p -> p.serve(OK));
        ScriptedClient client = harness.get("/");
        assertEquals("ok", client.bodyText(), harness.logged::toString);
        assertEquals("127.0.0.1:" + other.port(), client.exchange.upstreamAddress);
    }

    private long resolvedNow() {
        return harness.upstreams.upstream("app").peers().stream().filter(p -> p.resolved()).count();
    }

    private long resolvedCount() throws Exception {
        return harness.onLoop(this::resolvedNow);
    }
}
