package dev.sluice.worker.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.CounterId;
import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Datagrams, their sessions and the ends of these. */
class DatagramTest {

    private static final int TIMEOUT_MS = 10_000;
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final StreamHarness harness = new StreamHarness();
    private DatagramSocket peer;
    private LinuxSocket listener;

    @BeforeEach
    void open() throws IOException {
        peer = socket();
        listener = LinuxSocket.newSocketDgram(false);
        listener.bind(new InetSocketAddress(LOOPBACK, 0));
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
        listener.close();
    }

    private static DatagramSocket socket() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, LOOPBACK);
        socket.setSoTimeout(TIMEOUT_MS);
        return socket;
    }

    private void start(String... more) throws Exception {
        harness.start("[stream s]", "listen = 127.0.0.1:1 udp", "proxy_pass = 127.0.0.1:"
                + peer.getLocalPort(), String.join("\n", more));
    }

    private void send(DatagramSocket from, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        long before = harness.count(CounterId.BYTES_RECEIVED)
                + harness.count(CounterId.STREAM_DATAGRAMS_DROPPED);
        from.send(new DatagramPacket(bytes, bytes.length, LOOPBACK,
                listener.localAddress().getPort()));
        harness.until(() -> {
            harness.streams().receive(listener.intValue(), 0);
            return before < harness.counters.get(CounterId.BYTES_RECEIVED)
                    + harness.counters.get(CounterId.STREAM_DATAGRAMS_DROPPED);
        });
    }

    private static DatagramPacket receive(DatagramSocket at) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        at.receive(packet);
        return packet;
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
    }

    private void answer(DatagramPacket to, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        peer.send(new DatagramPacket(bytes, bytes.length, to.getSocketAddress()));
    }

    @Test
    void eachClientHasASessionAndItsOwnAnswers() throws Exception {
        try (harness; DatagramSocket a = socket(); DatagramSocket b = socket()) {
            start("proxy_timeout = 10s");
            send(a, "from a");
            DatagramPacket ofA = receive(peer);
            send(b, "from b");
            DatagramPacket ofB = receive(peer);
            assertEquals("from a", text(ofA));
            assertEquals("from b", text(ofB));
            answer(ofB, "to b");
            answer(ofA, "to a");
            answer(ofA, "and more");
            DatagramPacket first = receive(a);
            assertEquals("to a", text(first));
            assertEquals(listener.localAddress().getPort(), first.getPort());
            assertEquals("and more", text(receive(a)));
            assertEquals("to b", text(receive(b)));
            send(a, "again");
            assertEquals(ofA.getPort(), receive(peer).getPort(), "the same session");
            assertEquals(2, harness.count(CounterId.STREAM_SESSIONS_ACTIVE));
            harness.step(11_000);
            harness.until(() -> harness.lines.size() == 2);
            assertTrue(harness.lines.contains("127.0.0.1 UDP 200 12 11 11.000 127.0.0.1:"
                    + peer.getLocalPort() + " done"), harness.lines::toString);
        }
    }

    @Test
    void theLastAnswerEndsIt() throws Exception {
        try (harness; DatagramSocket a = socket()) {
            start("proxy_responses = 1");
            send(a, "question");
            answer(receive(peer), "answer");
            assertEquals("answer", text(receive(a)));
            assertTrue(harness.line().startsWith("127.0.0.1 UDP 200 6 8 "));
            assertEquals(0, harness.count(CounterId.STREAM_SESSIONS_ACTIVE));
        }
    }

    @Test
    void nobodyIsThere() throws Exception {
        try (harness; DatagramSocket a = socket()) {
            start();
            peer.close();
            send(a, "question");
            assertTrue(harness.line().endsWith(" upstream_refused"), harness.line());
        }
    }

    @Test
    void oneClientTooMany() throws Exception {
        try (harness; DatagramSocket a = socket(); DatagramSocket b = socket()) {
            start("udp_sessions = 1");
            send(a, "one");
            send(b, "two");
            assertEquals("one", text(receive(peer)));
            assertEquals(1, harness.count(CounterId.STREAM_DATAGRAMS_DROPPED));
            send(a, "three");
            assertEquals("three", text(receive(peer)));
        }
    }
}
