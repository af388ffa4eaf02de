package dev.sluice.worker.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.CounterId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes, ends and breaks of both sides. */
class StreamRelayTest {

    /** A thread for each task: they wait for each other. */
    private static final Executor ASIDE = task -> Thread.ofPlatform().daemon().start(task);

    private final StreamHarness harness = new StreamHarness();

    private ServerSocket startWith(String... more) throws Exception {
        ServerSocket peer = harness.peer();
        harness.start("[stream s]", "listen = 127.0.0.1:1", "proxy_pass = 127.0.0.1:"
                + peer.getLocalPort(), String.join("\n", more));
        return peer;
    }

    private static void send(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String read(Socket from, int count) throws IOException {
        return new String(from.getInputStream().readNBytes(count), StandardCharsets.US_ASCII);
    }

    private static String rest(Socket from) throws IOException {
        return new String(from.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Test
    void peerMaySpeakFirstAndEachSideEndsByItself() throws Exception {
        try (harness) {
            ServerSocket peer = startWith();
            Socket client = harness.connect();
            Socket there = harness.accept(peer);
            send(there, "220 hello");
            assertEquals("220 hello", read(client, 9));
            send(client, "QUIT");
            assertEquals("QUIT", read(there, 4));
            client.shutdownOutput();
            assertEquals(-1, there.getInputStream().read(), "the end is passed on");
            send(there, "221 bye");
            assertEquals("221 bye", read(client, 7), "the other direction lives on");
            there.shutdownOutput();
            assertEquals(-1, client.getInputStream().read());
            assertEquals("127.0.0.1 TCP 200 16 4 0.000 127.0.0.1:" + peer.getLocalPort() + " done",
                    harness.line());
            assertEquals(1, harness.count(CounterId.STREAM_SESSIONS));
        }
    }

    @Test
    void clientThatEndedBeforeThePeerWasThere() throws Exception {
        try (harness) {
            ServerSocket peer = startWith();
            Socket client = harness.connect();
            send(client, "all of it");
            client.shutdownOutput();
            Socket there = harness.accept(peer);
            assertEquals("all of it", rest(there));
            send(there, "answer");
            there.close();
            assertEquals("answer", rest(client));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"splice", "off"})
    void muchBothWaysAtOnce(String zeroCopy) throws Exception {
        try (harness) {
            ServerSocket peer = startWith("zero_copy = " + zeroCopy);
            Socket client = harness.connect();
            Socket there = harness.accept(peer);
            byte[] up = new byte[9_000_001];
            byte[] down = new byte[7_000_003];
            new Random(1).nextBytes(up);
            new Random(2).nextBytes(down);
            CompletableFuture<byte[]> arrived =
                    CompletableFuture.supplyAsync(() -> all(there), ASIDE);
            CompletableFuture<byte[]> came =
                    CompletableFuture.supplyAsync(() -> all(client), ASIDE);
            CompletableFuture<Void> one =
                    CompletableFuture.runAsync(() -> give(client, up), ASIDE);
            give(there, down);
            one.join();
            assertArrayEquals(up, arrived.join());
            assertArrayEquals(down, came.join());
            assertTrue(harness.line().startsWith("127.0.0.1 TCP 200 7000003 9000001 "));
            assertEquals(7_000_003, harness.count(CounterId.BYTES_SENT));
            assertEquals(9_000_001, harness.count(CounterId.BYTES_RECEIVED));
        }
    }

    private static byte[] all(Socket from) {
        try {
            return from.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void give(Socket to, byte[] bytes) {
        try {
            to.getOutputStream().write(bytes);
            to.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Who sends to somebody that reads nothing is stopped, and little memory is held. */
    @ParameterizedTest
    @ValueSource(strings = {"splice", "off"})
    void backPressure(String zeroCopy) throws Exception {
        try (harness) {
            ServerSocket peer = startWith("zero_copy = " + zeroCopy);
            Socket client = harness.connect();
            Socket there = harness.accept(peer);
            byte[] piece = new byte[64 * 1024];
            long[] given = new long[1];
            CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < 2000; i++) {
                        client.getOutputStream().write(piece);
                        given[0] += piece.length;
                    }
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }, ASIDE);
            harness.until(() -> harness.counters.get(CounterId.BYTES_RECEIVED) > 500_000);
            long before = -1;
            long now = harness.count(CounterId.BYTES_RECEIVED);
            while (now != before) {
                before = now;
                for (int i = 0; i < 2000; i++) {
                    harness.onLoop(() -> null);
                }
                now = harness.count(CounterId.BYTES_RECEIVED);
            }
            assertTrue(now < 64_000_000, () -> "taken in without end: " + given[0]);
            assertTrue(harness.lentSlabs() <= 1 && harness.lentPipes() <= 1);
            long total = 0;
            byte[] into = new byte[1 << 20];
            for (int n; (n = there.getInputStream().read(into)) >= 0;) {
                total += n;
            }
            assertEquals(2000L * piece.length, total);
            sender.join();
        }
    }

    @Test
    void resetOfTheClientReachesThePeer() throws Exception {
        try (harness) {
            ServerSocket peer = startWith();
            Socket client = harness.connect();
            Socket there = harness.accept(peer);
            send(client, "half a se");
            assertEquals("half a se", read(there, 9));
            client.setSoLinger(true, 0);
            client.close();
            assertThrows(SocketException.class, () -> there.getInputStream().read());
            assertTrue(harness.line().endsWith(" client_reset"));
        }
    }

    @Test
    void resetOfThePeerReachesTheClient() throws Exception {
        try (harness) {
            ServerSocket peer = startWith();
            Socket client = harness.connect();
            Socket there = harness.accept(peer);
            send(there, "half an an");
            assertEquals("half an an", read(client, 10));
            there.setSoLinger(true, 0);
            there.close();
            assertThrows(SocketException.class, () -> client.getInputStream().read());
            assertTrue(harness.line().endsWith(" upstream_reset"));
            assertTrue(harness.errors.peek().startsWith("warn upstream reset the connection while"
                    + " passing bytes on, client: 127.0.0.1, server: s, upstream: "),
                    harness.errors::toString);
        }
    }

    /** Any byte, whoever sends it, begins the time anew. */
    @Test
    void idleTime() throws Exception {
        try (harness) {
            ServerSocket peer = startWith("proxy_timeout = 10s");
            Socket client = harness.connect();
            Socket there = harness.accept(peer);
            harness.step(9_000);
            send(there, "x");
            assertEquals("x", read(client, 1));
            harness.step(9_000);
            send(client, "y");
            assertEquals("y", read(there, 1));
            harness.step(9_999);
            assertEquals(1, harness.count(CounterId.STREAM_SESSIONS_ACTIVE));
            harness.step(2_000);
            assertEquals(-1, client.getInputStream().read());
            assertEquals(-1, there.getInputStream().read());
            assertTrue(harness.line().endsWith(" client_tunnel_idle"), harness.line());
        }
    }

    @Test
    void drainingWaitsAndThenCuts() throws Exception {
        try (harness) {
            ServerSocket peer = startWith();
            Socket client = harness.connect();
            Socket there = harness.accept(peer);
            CompletableFuture<Void> drained = new CompletableFuture<>();
            harness.onLoop(() -> {
                harness.streams().drain(5_000, () -> drained.complete(null));
                return null;
            });
            send(client, "still");
            assertEquals("still", read(there, 5));
            harness.step(4_000);
            assertTrue(!drained.isDone());
            harness.step(1_500);
            drained.join();
            assertTrue(harness.line().endsWith(" worker_shutdown"));
        }
    }
}
