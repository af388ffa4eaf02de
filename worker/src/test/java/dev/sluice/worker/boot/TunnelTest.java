package dev.sluice.worker.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.CounterId;
import dev.sluice.worker.downstream.Http2Client;
import dev.sluice.worker.http2.FrameType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CONNECT, from the client's bytes to the target's and back. */
class TunnelTest {

    private static final String OPEN = "HTTP/1.1 200 Connection established\r\n";

    private ServerSocket target;
    private DataPathHarness h;

    @BeforeEach
    void listen() throws IOException {
        target = DataPathHarness.listen();
    }

    @AfterEach
    void stop() throws Exception {
        if (h != null) {
            h.close();
        }
        target.close();
    }

    private DataPathHarness start(String... keys) throws Exception {
        return startWithPage("error_page = 404 /page", keys);
    }

    private DataPathHarness startWithPage(String page, String... keys) throws Exception {
        h = new DataPathHarness("[http]", "http2 = on", "[server www]",
                "listen = 127.0.0.1:80", "server_name = a", "return = 404", "[server proxy]",
                "listen = 127.0.0.1:80 default_server",
                page, "[location proxy /]", String.join("\n", keys),
                "[location proxy /page]", "return = 200 page");
        return h;
    }

    private String authority() {
        return "127.0.0.1:" + target.getLocalPort();
    }

    private static Socket connect(Socket client, String authority, String more)
            throws IOException {
        DataPathHarness.send(client, "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority
                + "\r\n" + more + "\r\n");
        return client;
    }

    private Socket tunnel() throws Exception {
        Socket client = connect(h.connect(), authority(), "");
        String head = DataPathHarness.head(client);
        assertTrue(head.startsWith(OPEN), head);
        return client;
    }

    @Test
    void bytesPassBothWaysAndTheClientMayEndFirst() throws Exception {
        start("connect_allow = 127.0.0.0/8:*");
        Socket client = connect(h.connect(), authority(), "");
        Socket end = h.accept(target);
        String head = DataPathHarness.head(client);
        assertTrue(head.startsWith(OPEN), head);
        assertTrue(!head.contains("Content-Length") && !head.contains("Transfer-Encoding")
                && !head.contains("Connection:"), head);
        byte[] much = new byte[5_000_000];
        new Random(1).nextBytes(much);
        Thread sender = Thread.ofPlatform().daemon().start(() -> {
            try {
                client.getOutputStream().write(much);
                client.shutdownOutput();
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        });
        assertArrayEquals(much, end.getInputStream().readAllBytes());
        sender.join();
        Thread answer = Thread.ofPlatform().daemon().start(() -> {
            try {
                end.getOutputStream().write(much);
                end.close();
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        });
        assertArrayEquals(much, client.getInputStream().readAllBytes());
        answer.join();
        h.until(() -> h.counters.get(CounterId.TUNNELS_ACTIVE) == 0);
        assertEquals(1, h.count(CounterId.TUNNELS));
        assertEquals(0, h.errors.size(), h.errors.toString());
    }

    /** RFC 9110 §9.3.6: when one side has closed, its data is delivered and both are closed. */
    @Test
    void theTargetEndsTheTunnel() throws Exception {
        start("connect_allow = 127.0.0.1:*");
        Socket client = tunnel();
        Socket end = h.accept(target);
        DataPathHarness.send(end, "bye");
        end.shutdownOutput();
        assertEquals("bye", DataPathHarness.read(client, 3));
        assertEquals(-1, client.getInputStream().read());
        assertEquals(-1, end.getInputStream().read());
    }

    @Test
    void earlyBytesArriveFirst() throws Exception {
        start("connect_allow = 127.0.0.1:*");
        Socket client = h.connect();
        DataPathHarness.send(client, "CONNECT " + authority() + " HTTP/1.0\r\n\r\nearly");
        assertEquals("early", DataPathHarness.read(h.accept(target), 5));
        assertTrue(DataPathHarness.head(client).startsWith(OPEN));
    }

    @ParameterizedTest
    @CsvSource({
        // A name that is not written out leads to public addresses only.
        "*:*, localhost:9, 403",
        "*:*, 127.0.0.1:9, 403",
        "*:*, 10.0.0.1:9, 403",
        "*:*, [::1]:9, 403",
        "*:*, [::ffff:127.0.0.1]:9, 403",
        "*:*, 2130706433:9, 403",
        "*:*, 127.1:9, 403",
        "127.0.0.1:443, 127.0.0.1:444, 403",
        "127.0.0.1:443, localhost:443, 403",
        "example.com:443, example.org:443, 403",
        "*.example.com:443, example.com:443, 403",
        "127.0.0.1:1, 127.0.0.1:1, 502",
        "localhost:1, LocalHost.:1, 502",
        "127.0.0.1:1, 127.0.0.1, 400",
    })
    void otherTargets(String allowed, String authority, int status) throws Exception {
        start("connect_allow = " + allowed);
        String head = DataPathHarness.head(connect(h.connect(), authority, ""));
        assertTrue(head.startsWith("HTTP/1.1 " + status + " "), head);
        assertEquals(0, h.count(CounterId.TUNNELS));
    }

    @Test
    void methodsOfTheLocationCount() throws Exception {
        start("connect_allow = 127.0.0.1:*", "methods = GET");
        String head = DataPathHarness.head(connect(h.connect(), authority(), ""));
        assertTrue(head.startsWith("HTTP/1.1 405 "), head);
    }

    /** No error page can make it look as if the tunnel were open. */
    @Test
    void noOther2xxIsSent() throws Exception {
        startWithPage("error_page = 403 =200 /page", "connect_allow = 127.0.0.1:1");
        String head = DataPathHarness.head(connect(h.connect(), authority(), ""));
        assertTrue(head.startsWith("HTTP/1.1 501 "), head);
    }

    @Test
    void otherMethodsGetTheContentOfTheLocation() throws Exception {
        start("connect_allow = 127.0.0.1:*", "return = 204");
        Socket client = h.connect();
        DataPathHarness.send(client, "GET / HTTP/1.1\r\nHost: b\r\n\r\n");
        assertTrue(DataPathHarness.head(client).startsWith("HTTP/1.1 204 "));
        connect(client, authority(), "");
        assertTrue(DataPathHarness.head(client).startsWith(OPEN));
    }

    @Test
    void aBodyIsRefused() throws Exception {
        start("connect_allow = 127.0.0.1:*");
        Socket client = connect(h.connect(), authority(), "Content-Length: 4\r\n");
        assertTrue(DataPathHarness.head(client).startsWith("HTTP/1.1 400 "));
    }

    @Test
    void gatesOfTheLocationCount() throws Exception {
        start("connect_allow = 127.0.0.1:*", "deny = all");
        Socket client = connect(h.connect(), authority(), "");
        assertTrue(DataPathHarness.head(client).startsWith("HTTP/1.1 403 "));
    }

    @Test
    void aTunnelWithoutTrafficEndsInTime() throws Exception {
        start("connect_allow = 127.0.0.1:*", "proxy_tunnel_timeout = 10m");
        Socket client = tunnel();
        Socket end = h.accept(target);
        h.step(599_000);
        DataPathHarness.send(client, "a");
        assertEquals("a", DataPathHarness.read(end, 1));
        h.step(599_000);
        assertEquals(1, h.count(CounterId.TUNNELS_ACTIVE));
        h.step(2_000);
        assertThrows(SocketException.class, () -> client.getInputStream().read());
    }

    /** The kernel says itself for which connections it keeps a timer (proc_net_tcp, "tr"). */
    @Test
    void bothSidesAreAskedWhetherTheyLive() throws Exception {
        start("connect_allow = 127.0.0.1:*", "proxy_tunnel_ping = 30s");
        Socket client = tunnel();
        h.accept(target);
        String toTarget = ":%04X 01 ".formatted(target.getLocalPort());
        String toClient = ":%04X 01 ".formatted(client.getLocalPort());
        h.until(() -> hasKeepalive(toTarget) && hasKeepalive(toClient));
    }

    private static boolean hasKeepalive(String remote) {
        try {
            return Files.readAllLines(Path.of("/proc/net/tcp")).stream().anyMatch(line ->
                    // Due in 30 s at most, in hundredths.
                    line.contains(remote) && line.matches(".* 02:00000[0-9A-B]..  *.*"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aResetOnOneSideIsOneOnTheOther() throws Exception {
        start("connect_allow = 127.0.0.1:*");
        Socket client = tunnel();
        Socket end = h.accept(target);
        end.setSoLinger(true, 0);
        end.close();
        assertThrows(SocketException.class, () -> client.getInputStream().read());
        Socket other = tunnel();
        Socket otherEnd = h.accept(target);
        DataPathHarness.send(other, "x");
        assertEquals("x", DataPathHarness.read(otherEnd, 1));
        other.setSoLinger(true, 0);
        other.close();
        assertThrows(SocketException.class, () -> otherEnd.getInputStream().read());
    }

    /** Little is read ahead of a side that does not read. */
    @Test
    void aSideThatDoesNotReadStopsTheOther() throws Exception {
        start("connect_allow = 127.0.0.1:*");
        Socket client = tunnel();
        Socket end = h.accept(target);
        byte[] piece = new byte[1 << 16];
        Thread sender = Thread.ofPlatform().daemon().start(() -> {
            try {
                for (int i = 0; i < 1000; i++) {
                    end.getOutputStream().write(piece);
                }
                end.close();
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        });
        h.until(() -> h.counters.get(CounterId.BYTES_SENT) > 1 << 16);
        for (int i = 0; i < 100; i++) {
            int slabs = h.slabs();
            assertTrue(slabs <= 2, slabs + " pieces of memory for one tunnel");
            client.getInputStream().readNBytes(1000);
        }
        byte[] rest = client.getInputStream().readAllBytes();
        sender.join();
        assertEquals(1000L * piece.length, rest.length + 100_000);
    }

    @Test
    void http2() throws Exception {
        start("connect_allow = 127.0.0.1:*");
        Http2Client client = h.connectHttp2();
        client.headers(1, 0, ":method", "CONNECT", ":authority", authority());
        Socket end = h.accept(target);
        String head = client.until("HEADERS 1");
        assertTrue(head.startsWith("HEADERS 1 [:status=200, "), head);
        client.data(1, "hello", false);
        assertEquals("hello", DataPathHarness.read(end, 5));
        DataPathHarness.send(end, "world");
        assertEquals("DATA 1 world", client.until("DATA"));
        client.data(1, "last", true);
        assertEquals("last", DataPathHarness.read(end, 4));
        assertEquals(-1, end.getInputStream().read());
        DataPathHarness.send(end, "words");
        assertEquals("DATA 1 words", client.until("DATA"));
        end.close();
        assertEquals("DATA 1 END ", client.until("DATA 1"));
        client.headers(3, 0, ":method", "CONNECT", ":authority", "127.0.0.1:1");
        assertTrue(client.until("HEADERS 3").startsWith("HEADERS 3 [:status=502"));
        client.headers(5, 0, ":method", "CONNECT", ":authority", authority());
        Socket second = h.accept(target);
        client.until("HEADERS 5");
        second.setSoLinger(true, 0);
        second.close();
        assertEquals("RST_STREAM 5 CONNECT_ERROR", client.until("RST_STREAM 5"));
        client.headers(7, 0, ":method", "CONNECT", ":authority", authority());
        Socket third = h.accept(target);
        client.until("HEADERS 7");
        client.number(FrameType.RST_STREAM, 7, 8);
        assertThrows(SocketException.class, () -> third.getInputStream().read());
    }
}
