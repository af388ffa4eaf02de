package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.exchange.ProxiedEnds;
import dev.sluice.worker.tls.TestCertificates;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that begin with a PROXY header, from a client at 127.0.0.1. */
class ProxiedConnectionTest {

    private static final String HEADER = "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n";
    private static final String GET = "GET /hello HTTP/1.1\r\nHost: a.test\r\n\r\n";
    private static final String SEEN = "192.0.2.7:56324 198.51.100.1:443";

    @TempDir
    static Path folder;

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private DownstreamHarness harness;

    private void start(long headerTimeoutMs, String... server) {
        LoadedConfig config = ConfigText.load("[server a]", String.join("\n", server));
        harness = new DownstreamHarness(DownstreamHarness.patientClient(), headerTimeoutMs, 64,
                config, ctx -> new Preceded(new EchoHandler(ctx),
                        x -> seen.add(text(x.client.proxied()))));
    }

    private void start() {
        start(10_000, "listen = 127.0.0.1:80 proxy_protocol", "set_real_ip_from = 127.0.0.0/8");
    }

    private static String text(ProxiedEnds ends) {
        if (ends == null) {
            return "nobody";
        }
        ByteBuffer memory = ByteBuffer.allocateDirect(200);
        ByteSink sink = new ByteSink().reset(memory, 0, 200);
        ends.printClient(sink);
        sink.put(':').putDecimal(ends.clientPort()).put(' ');
        ends.printServer(sink);
        sink.put(':').putDecimal(ends.serverPort());
        byte[] bytes = new byte[sink.position()];
        memory.get(0, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    @AfterEach
    void stop() throws InterruptedException {
        harness.onLoop(() -> {
            harness.downstreams().drain(1, true, () -> { });
            return null;
        });
        long deadline = SystemClock.INSTANCE.nowNs() + 10_000_000_000L;
        while (harness.onLoop(() -> harness.ctx.slabs.lentCount()) > 0) {
            assertTrue(SystemClock.INSTANCE.nowNs() < deadline, "memory is lost");
            LockSupport.parkNanos(1_000_000);
        }
        harness.close();
    }

    @Test
    void namesTheClientOfAllItsRequests() throws Exception {
        start();
        try (var client = harness.connect()) {
            client.send(HEADER + GET).readThrough("hello");
            client.send(GET).readThrough("hello");
        }
        try (var client = harness.connect()) {
            client.send("PROXY UNKNOWN\r\n" + GET).readThrough("hello");
        }
        assertEquals(List.of(SEEN, SEEN, "nobody"), seen);
    }

    @Test
    void comesInAnyPieces() throws Exception {
        start();
        String all = HEADER + GET;
        for (int cut = 1; cut < HEADER.length() + 3; cut++) {
            try (var client = harness.connect()) {
                client.send(all.substring(0, cut));
                harness.onLoop(() -> null);
                client.send(all.substring(cut)).readThrough("hello");
                assertEquals(SEEN, seen.getLast());
            }
        }
        try (var client = harness.connect()) {
            for (int i = 0; i < all.length(); i++) {
                client.send(all.substring(i, i + 1));
            }
            client.readThrough("hello");
        }
        assertEquals(HEADER.length() + 3, seen.size());
    }

    @Test
    void aBinaryOneMayHaveValues() throws Exception {
        start();
        byte[] header = HexFormat.of().parseHex("0D0A0D0A000D0A515549540A" + "2111" + "0013"
                + "C0000207" + "C6336401" + "DC04" + "01BB" + "03000401020304");
        try (var client = harness.connect()) {
            client.send(new String(header, StandardCharsets.ISO_8859_1) + GET)
                    .readThrough("hello");
        }
        assertEquals(List.of(SEEN), seen);
    }

    @ParameterizedTest
    @ValueSource(strings = {GET, "PROXY TCP4 192.0.2.7\r\n" + GET, "\r\n\r\n\0\r\nQUIX",
        "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\n" + GET})
    void withoutOneTheConnectionIsClosed(String bytes) throws Exception {
        start();
        try (var client = harness.connect()) {
            expectClosed(client.send(bytes + " ".repeat(200)));
        }
        assertEquals(List.of(), seen);
    }

    private static void expectClosed(DownstreamHarness.Client client) {
        try {
            assertEquals("", client.readToEnd());
        } catch (IOException reset) {
            assertTrue(reset.getMessage().contains("reset"), reset.toString());
        }
    }

    @Test
    void isBelievedOfTrustedProxiesOnly() throws Exception {
        start(10_000, "listen = 127.0.0.1:80 proxy_protocol", "set_real_ip_from = 10.0.0.0/8");
        try (var client = harness.connect()) {
            expectClosed(client.send(HEADER + GET));
        }
        assertEquals(List.of(), seen);
    }

    @Test
    void hasATimeLimit() throws Exception {
        start(100, "listen = 127.0.0.1:80 proxy_protocol", "set_real_ip_from = 127.0.0.0/8");
        try (var client = harness.connect()) {
            expectClosed(client.send(HEADER.substring(0, 10)));
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleIsForgotten() throws Exception {
        start();
        try (var client = harness.connect()) {
            client.send(HEADER.substring(0, 10));
            client.socket.shutdownOutput();
            expectClosed(client);
        }
    }

    @Test
    void standsBeforeTls() throws Exception {
        TestCertificates pair = TestCertificates.make(folder, "a.test", "dns:a.test");
        start(10_000, "listen = 127.0.0.1:443 ssl proxy_protocol",
                "set_real_ip_from = 127.0.0.0/8", "ssl_certificate = " + pair.certificate(),
                "ssl_certificate_key = " + pair.key());
        try (Socket raw = harness.connect(new Socket())) {
            raw.getOutputStream().write(HEADER.getBytes(StandardCharsets.US_ASCII));
            SSLSocket socket = (SSLSocket) pair.context(pair).getSocketFactory()
                    .createSocket(raw, "a.test", 443, true);
            socket.setSoTimeout(10_000);
            new DownstreamHarness.Client(socket).send(GET).readThrough("hello");
            socket.close();
        }
        assertEquals(List.of(SEEN), seen);
    }
}
