package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.PeerCounterId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which peer a request goes to, and how peers are found. */
class ProxyPeersTest {

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

    private static void serveTwice(ScriptedPeer peer) {
        peer.script(p -> {
            p.serve(OK);
            p.readHead();
            p.send(OK);
        });
    }

    @Test
    void peersTakeTurns() throws Exception {
        serveTwice(first);
        serveTwice(second);
        harness.peer(first).peer(second).start();
        for (int i = 0; i < 4; i++) {
            assertEquals("ok", harness.get("/").bodyText());
        }
        assertEquals(2, harness.count(0, PeerCounterId.REQUESTS));
        assertEquals(2, harness.count(1, PeerCounterId.REQUESTS));
    }

    @Test
    void leastLoadedPeerIsChosen() throws Exception {
        harness.upstream("balance", "least_conn");
        first.script(ScriptedPeer::accept);
        second.script(p -> {
            p.serve(OK);
            for (int i = 0; i < 2; i++) {
                p.readHead();
                p.send(OK);
            }
        });
        harness.peer(first).peer(second).start();
        ScriptedClient busy = harness.send(harness.client(), "GET / HTTP/1.1\nHost: a");
        for (int i = 0; i < 3; i++) {
            assertEquals("ok", harness.get("/").bodyText());
        }
        harness.run(busy::hangUp);
    }

    @Test
    void postTakesOnlyAnIdleConnectionThatIsAlive() throws Exception {
        harness.peer(first).start();
        CountDownLatch closed = new CountDownLatch(1);
        first.script(p -> {
            p.serve(OK);
            p.closeConnection();
            closed.countDown();
            p.serve(OK);
        });
        harness.get("/");
        // The loop is kept busy, so that it cannot have seen the end of the connection.
        ScriptedClient client = harness.client();
        harness.run(() -> {
            await(closed);
            client.begin(client.load("POST / HTTP/1.1\nHost: a\nContent-Length: 0"));
            harness.handler.handle(client.exchange);
        });
        assertEquals("ok", harness.await(client).bodyText());
        assertEquals(0, harness.count(0, PeerCounterId.FAILURES));
        assertEquals(2, harness.count(0, PeerCounterId.CONNECTS));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void unixSocketPeer(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("app.sock");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(path));
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> serve(listener));
            harness.unixPeer(path.toString()).start();
            ScriptedClient client = harness.get("/");
            served.get(10, TimeUnit.SECONDS);
            assertEquals("ok", client.bodyText());
            assertEquals("unix:" + path, client.exchange.upstreamAddress);
        }
    }

    private static void serve(ServerSocketChannel listener) {
        try (SocketChannel one = listener.accept()) {
            one.read(ByteBuffer.allocate(4096));
            one.write(ByteBuffer.wrap(OK.getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
