package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.Termination;
import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.worker.arena.ByteSink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What connections to peers are like below HTTP. */
class ProxyTransportTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final ProxyHarness h = new ProxyHarness();
    private final ScriptedPeer peer = new ScriptedPeer();

    @AfterEach
    void stop() throws Exception {
        peer.close();
        h.stop();
    }

    private void start() throws Exception {
        h.peer(peer).start();
    }

    @Test
    void connectionsComeFromTheAddressThatIsConfigured() throws Exception {
        h.location("proxy_bind", "127.0.0.77");
        start();
        AtomicReference<String> from = new AtomicReference<>();
        peer.script(p -> {
            p.serve(OK);
            from.set(p.remoteAddress());
        });
        assertEquals("ok", h.get("/").bodyText());
        peer.join();
        assertEquals("127.0.0.77", from.get());
    }

    @Test
    void anAddressThatIsNotOfThisMachineIsAFailureOfThisSide() throws Exception {
        h.location("proxy_bind", "192.0.2.1");
        start();
        ScriptedClient first = h.get("/");
        assertEquals(503, first.exchange.status);
        assertEquals(Termination.WORKER_NO_ADDRESS, first.exchange.upstreamError);
        assertTrue(h.logged.toString().contains(
                "bind(192.0.2.1) of proxy_bind failed (99: "), h.logged.toString());
        for (int i = 0; i < 5; i++) {
            assertEquals(503, h.get("/").exchange.status);
        }
        assertFalse(h.logged.toString().contains("set aside"), "no peer is at fault");
    }

    @Test
    void theFirstBytesMayTravelWithTheSyn() throws Exception {
        h.upstream("tcp_fastopen", "on");
        start();
        peer.script(p -> {
            p.serve(OK);
            p.readHead();
            p.send(OK);
        });
        assertEquals("ok", h.get("/1").bodyText());
        assertEquals("ok", h.get("/2").bodyText());
        assertEquals(1, h.count(0, PeerCounterId.CONNECTS));
    }

    @Test
    void aPeerIsToldWhereTheClientIs() throws Exception {
        h.location("proxy_protocol", "v1");
        start();
        AtomicReference<String> line = new AtomicReference<>();
        peer.script(p -> {
            p.accept();
            String head = p.readHead();
            line.set(head.substring(0, head.indexOf("\r\n")));
            p.send(OK);
        });
        assertEquals("ok", h.get("/").bodyText());
        peer.join();
        assertEquals("PROXY TCP4 192.0.2.7 198.51.100.1 80 80", line.get());
    }

    /** Else the next client's requests would be this one's. */
    @Test
    void aConnectionThatNamesAClientIsNotKept() throws Exception {
        h.location("proxy_protocol", "v2");
        start();
        peer.script(p -> {
            for (int i = 0; i < 2; i++) {
                p.accept();
                p.read(28);
                p.readHead();
                p.send(OK);
                p.readToEnd();
            }
        });
        assertEquals("ok", h.get("/1").bodyText());
        assertEquals("ok", h.get("/2").bodyText());
        peer.join();
        assertEquals(2, h.count(0, PeerCounterId.CONNECTS));
        h.assertQuiet();
    }

    private byte[] header(int version, String remote, String local) throws Exception {
        start();
        ScriptedClient client = h.client();
        client.remoteAddress = remote;
        client.localAddress = local;
        ByteBuffer memory = ByteBuffer.allocate(256);
        ByteSink sink = new ByteSink().reset(memory, 0, 256);
        ProxyHeader.write(version, client, sink);
        byte[] written = new byte[sink.position()];
        memory.get(0, written);
        return written;
    }

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    @Test
    void version2SaysItInBytes() throws Exception {
        assertArrayEquals(HexFormat.of().parseHex(
                SIGNATURE + "2111000c" + "c0000207" + "c6336401" + "0050" + "0050"),
                header(2, "192.0.2.7", "198.51.100.1"));
    }

    @Test
    void version2OfIpv6() throws Exception {
        assertArrayEquals(HexFormat.of().parseHex(SIGNATURE + "21210024"
                + "20010db8000000000000000000000001" + "20010db8000000000000000000000002"
                + "00500050"), header(2, "2001:db8::1", "2001:db8::2"));
    }

    @Test
    void version1OfIpv6() throws Exception {
        assertEquals("PROXY TCP6 2001:db8::1 2001:db8::2 80 80\r\n",
                new String(header(1, "2001:db8::1", "2001:db8::2"), StandardCharsets.US_ASCII));
    }

    /** A real address from a header field may be of the other family. */
    @Test
    void familiesAreMadeOne() throws Exception {
        assertArrayEquals(HexFormat.of().parseHex(SIGNATURE + "21210024"
                + "20010db8000000000000000000000001" + "00000000000000000000ffffc6336401"
                + "00500050"), header(2, "2001:db8::1", "198.51.100.1"));
    }

    @Test
    void aClientOnAUnixSocketHasNoAddress() throws Exception {
        assertEquals("PROXY UNKNOWN\r\n", new String(header(1, "unix:", "unix:/run/x.sock"),
                StandardCharsets.US_ASCII));
    }

    @Test
    void version2OfNoAddress() throws Exception {
        assertArrayEquals(HexFormat.of().parseHex(SIGNATURE + "21000000"),
                header(2, "unix:", "unix:/run/x.sock"));
    }
}
