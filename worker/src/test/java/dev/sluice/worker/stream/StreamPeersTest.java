package dev.sluice.worker.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.worker.downstream.Hello;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Who may come, which peer is taken, and what is said to it first. */
class StreamPeersTest {

    private final StreamHarness harness = new StreamHarness();

    private static String read(Socket from, int count) throws IOException {
        return new String(from.getInputStream().readNBytes(count), StandardCharsets.US_ASCII);
    }

    private static int closedPort(StreamHarness harness) throws IOException {
        ServerSocket gone = harness.peer();
        gone.close();
        return gone.getLocalPort();
    }

    @Test
    void theNextPeerWhenOneRefuses() throws Exception {
        try (harness) {
            ServerSocket peer = harness.peer();
            int gone = closedPort(harness);
            harness.start("[upstream app]", "server = 127.0.0.1:" + gone + " max_fails=1",
                    "server = 127.0.0.1:" + peer.getLocalPort(),
                    "[stream s]", "listen = 127.0.0.1:1", "proxy_pass = app");
            for (int i = 0; i < 2; i++) {
                Socket client = harness.connect();
                Socket there = harness.accept(peer);
                there.getOutputStream().write('a');
                assertEquals("a", read(client, 1));
            }
            assertEquals(1, harness.count(0, PeerCounterId.FAILURES), "set aside after one");
            assertEquals(2, harness.count(1, PeerCounterId.CONNECTS));
            assertEquals(1, harness.count(CounterId.UPSTREAM_RETRIES));
            assertTrue(harness.errors.stream().anyMatch(line -> line.startsWith("warn connect()"
                    + " failed (111: connection refused) while connecting to upstream, client:"
                    + " 127.0.0.1, server: s")), harness.errors::toString);
        }
    }

    @Test
    void nobodyIsThere() throws Exception {
        try (harness) {
            int gone = closedPort(harness);
            harness.start("[stream s]", "listen = 127.0.0.1:1", "proxy_pass = 127.0.0.1:" + gone);
            Socket client = harness.connect();
            assertEquals(-1, client.getInputStream().read());
            assertEquals("127.0.0.1 TCP 502 0 0 0.000 127.0.0.1:" + gone + " upstream_refused",
                    harness.line());
        }
    }

    @Test
    void whoIsOneTooManyWaits() throws Exception {
        try (harness) {
            ServerSocket peer = harness.peer();
            harness.start("[upstream app]", "server = 127.0.0.1:" + peer.getLocalPort()
                    + " max_conns=1", "queue = 1 timeout=5s",
                    "[stream s]", "listen = 127.0.0.1:1", "proxy_pass = app");
            Socket first = harness.connect();
            Socket there = harness.accept(peer);
            Socket second = harness.connect();
            Socket third = harness.connect();
            assertEquals(-1, third.getInputStream().read(), "no place in the queue");
            assertTrue(harness.line().endsWith(" upstream_queue_full"));
            first.close();
            assertEquals(-1, there.getInputStream().read());
            there.close();
            Socket next = harness.accept(peer);
            second.getOutputStream().write('2');
            assertEquals("2", read(next, 1));
        }
    }

    @Test
    void whoMayNotCome() throws Exception {
        try (harness) {
            ServerSocket peer = harness.peer();
            harness.start("[stream s]", "listen = 127.0.0.1:1", "deny = 127.0.0.1",
                    "proxy_pass = 127.0.0.1:" + peer.getLocalPort());
            Socket client = harness.connect();
            assertEquals(-1, client.getInputStream().read());
            assertEquals("127.0.0.1 TCP 403 0 0 0.000 - client_denied", harness.line());
        }
    }

    /** Whom a trusted proxy names is asked about, logged, and told to the peer. */
    @Test
    void proxyHeadersInAndOut() throws Exception {
        try (harness) {
            ServerSocket peer = harness.peer();
            harness.start("[stream s]", "listen = 127.0.0.1:1 proxy_protocol",
                    "set_real_ip_from = 127.0.0.0/8", "deny = 192.0.2.66", "proxy_protocol = v1",
                    "proxy_pass = 127.0.0.1:" + peer.getLocalPort());
            Socket client = harness.connect();
            client.getOutputStream().write("PROXY TCP4 192.0.2.7 198.51.100.1 4711 25\r\nEHLO"
                    .getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            Socket there = harness.accept(peer);
            String head = new String(there.getInputStream().readAllBytes());
            assertTrue(head.matches("PROXY TCP4 192\\.0\\.2\\.7 127\\.0\\.0\\.1 4711 \\d+\r\nEHLO"),
                    head);
            there.close();
            assertEquals(-1, client.getInputStream().read());
            assertTrue(harness.line().startsWith("192.0.2.7 TCP 200 0 4 "), harness.line());
            Socket other = harness.connect();
            other.getOutputStream().write("PROXY TCP4 192.0.2.66 198.51.100.1 1 25\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            assertEquals(-1, other.getInputStream().read());
            harness.until(() -> harness.lines.stream()
                    .anyMatch("192.0.2.66 TCP 403 0 0 0.000 - client_denied"::equals));
        }
    }

    @Test
    void proxyHeaderThatDoesNotCome() throws Exception {
        try (harness) {
            harness.start("[stream s]", "listen = 127.0.0.1:1 proxy_protocol",
                    "set_real_ip_from = 127.0.0.0/8", "preread_timeout = 2s",
                    "proxy_pass = 127.0.0.1:9");
            Socket client = harness.connect();
            client.getOutputStream().write("PROXY TC".getBytes(StandardCharsets.US_ASCII));
            harness.step(2_500);
            assertTrue(harness.line().endsWith("TCP 400 0 0 2.500 - client_head_timeout"));
        }
    }

    /** The hello is looked at where it lies, however it is cut, and reaches the peer untouched. */
    @Test
    void nameInTheHelloChooses() throws Exception {
        try (harness) {
            ServerSocket a = harness.peer();
            ServerSocket other = harness.peer();
            harness.start("[upstream pa]", "server = 127.0.0.1:" + a.getLocalPort(),
                    "[upstream rest]", "server = 127.0.0.1:" + other.getLocalPort(),
                    "[map where]", "source = $ssl_preread_server_name", "value = *.a.test pa",
                    "default = rest",
                    "[stream s]", "listen = 127.0.0.1:1", "ssl_preread = on",
                    "proxy_pass = $where");
            byte[] hello = Hello.of("www.a.test", "imap");
            Socket client = harness.connect();
            for (int i = 0; i < hello.length; i += 40) {
                client.getOutputStream().write(hello, i, Math.min(40, hello.length - i));
                harness.onLoop(() -> null);
            }
            assertEquals(new String(hello, StandardCharsets.ISO_8859_1),
                    new String(harness.accept(a).getInputStream().readNBytes(hello.length),
                            StandardCharsets.ISO_8859_1));
            Socket plain = harness.connect();
            plain.getOutputStream().write("HELP".getBytes(StandardCharsets.US_ASCII));
            assertEquals("HELP", read(harness.accept(other), 4));
        }
    }

    @Test
    void nameThatIsNoUpstream() throws Exception {
        try (harness) {
            harness.start("[upstream app]", "server = 127.0.0.1:9", "[stream s]",
                    "listen = 127.0.0.1:1", "ssl_preread = on",
                    "proxy_pass = $ssl_preread_server_name");
            Socket client = harness.connect();
            client.getOutputStream().write(Hello.of("evil.test"));
            client.shutdownOutput();
            harness.until(() -> !harness.lines.isEmpty());
            assertTrue(harness.line().endsWith(" 502 0 0 0.000 - upstream_unknown"));
            assertTrue(harness.errors.peek().contains("\"evil.test\""), harness.errors::toString);
        }
    }
}
