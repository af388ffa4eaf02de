package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.Termination;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests to switch to WebSocket, and what comes after a 101. */
class ProxyTunnelTest {

    private static final String UPGRADE = """
            GET /live HTTP/1.1
            Host: a
            Connection: keep-alive, Upgrade
            Upgrade: WebSocket
            Sec-WebSocket-Key: x""";
    private static final String SWITCHED =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: y\r\n\r\n";

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

    @Test
    void bytesPassBothWaysUntilTheClientEndsAndThePeerAfterIt() throws Exception {
        AtomicReference<String> head = new AtomicReference<>();
        AtomicReference<String> rest = new AtomicReference<>();
        peer.script(p -> {
            p.accept();
            head.set(p.readHead());
            p.send(SWITCHED + "first");
            assertEquals("hello", p.read(5));
            p.send("second");
            rest.set(p.readToEnd());
            p.send("last");
            p.closeConnection();
        });
        ScriptedClient client = harness.send(harness.client(), UPGRADE);
        harness.until(() -> client.bodyText().equals("first") && client.waitsForBody());
        assertTrue(client.isTunnel);
        assertTrue(client.head().contains("Sec-WebSocket-Accept: y\n"), client.head());
        harness.run(() -> client.feed("hello", false));
        harness.until(() -> client.bodyText().equals("firstsecond"));
        harness.run(() -> client.feed("bye", true));
        harness.await(client);
        peer.join();
        assertEquals("bye", rest.get());
        assertEquals("firstsecondlast", client.bodyText());
        assertEquals(101, client.exchange.status);
        assertEquals(Termination.DONE, client.exchange.termination);
        assertTrue(head.get().contains("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"),
                head.get());
        assertTrue(head.get().contains("\r\nSec-WebSocket-Key: x\r\n"), head.get());
        assertEquals(0, harness.count(0, PeerCounterId.IDLE));
    }

    @Test
    void tunnelWithoutTrafficHoldsNoSlabAndEndsInTime() throws Exception {
        peer.script(p -> {
            p.accept();
            p.readHead();
            p.send(SWITCHED);
            p.readToEnd();
        });
        ScriptedClient client = harness.send(harness.client(), UPGRADE);
        harness.until(client::waitsForBody);
        assertEquals(0, harness.lentSlabs());
        harness.step(3_599_000);
        assertFalse(client.done.await(0, TimeUnit.SECONDS));
        harness.run(() -> client.feed("a", false));
        harness.until(client::waitsForBody);
        harness.step(3_599_000);
        assertFalse(client.done.await(0, TimeUnit.SECONDS));
        harness.step(2_000);
        harness.await(client);
        assertEquals(Termination.CLIENT_TUNNEL_IDLE, client.aborted);
        peer.join();
    }

    @Test
    void refusalIsAnAnswerLikeAnyOther() throws Exception {
        peer.script(p -> p.serve("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"));
        ScriptedClient client = harness.exchange(UPGRADE);
        assertEquals(403, client.exchange.status);
        assertEquals("no", client.bodyText());
        assertFalse(client.isTunnel);
        assertEquals(1, harness.count(0, PeerCounterId.IDLE));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "GET / HTTP/1.1\nHost: a\nConnection: Upgrade, HTTP2-Settings\nUpgrade: h2c\n"
                + "HTTP2-Settings: AAMAAABkAAQAAP__",
        "GET / HTTP/1.1\nHost: a\nConnection: upgrade\nUpgrade: websocket, h2c",
        "GET / HTTP/1.1\nHost: a\nConnection: upgrade\nUpgrade: websocket\nUpgrade: h2c",
        "GET / HTTP/1.1\nHost: a\nUpgrade: websocket",
        "GET / HTTP/1.0\nHost: a\nConnection: upgrade\nUpgrade: websocket",
        "OPTIONS / HTTP/1.1\nHost: a\nConnection: upgrade\nUpgrade: websocket",
    })
    void nothingElseTravelsOnAndIsSwitched(String request) throws Exception {
        AtomicReference<String> head = new AtomicReference<>();
        peer.script(p -> head.set(p.serve(SWITCHED)));
        ScriptedClient client = harness.exchange(request);
        assertEquals(502, client.exchange.status);
        assertEquals(Termination.UPSTREAM_BAD_HEAD, client.exchange.termination);
        peer.join();
        assertFalse(head.get().toLowerCase(Locale.ROOT).contains("upgrade"), head.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
    })
    void peerMaySwitchToWhatWasAskedForOnly(String answer) throws Exception {
        peer.script(p -> p.serve(answer));
        ScriptedClient client = harness.exchange(UPGRADE);
        assertEquals(502, client.exchange.status);
        assertEquals(Termination.UPSTREAM_BAD_HEAD, client.exchange.termination);
        assertFalse(client.isTunnel);
    }

    @Test
    void peerThatResetsATunnelCutsItForTheClientToo() throws Exception {
        peer.script(p -> {
            p.accept();
            p.readHead();
            p.send(SWITCHED);
            p.read(1);
            p.reset();
        });
        ScriptedClient client = harness.send(harness.client(), UPGRADE);
        harness.until(client::waitsForBody);
        harness.run(() -> client.feed("a", false));
        harness.await(client);
        assertEquals(Termination.UPSTREAM_CUT_BODY, client.aborted);
    }

    @Test
    void clientThatGoesTakesThePeerConnectionAlong() throws Exception {
        peer.script(p -> {
            p.accept();
            p.readHead();
            p.send(SWITCHED);
            p.readToEnd();
        });
        ScriptedClient client = harness.send(harness.client(), UPGRADE);
        harness.until(client::waitsForBody);
        harness.run(client::hangUp);
        peer.join();
        assertEquals(Termination.CLIENT_RESET, client.exchange.termination);
    }
}
