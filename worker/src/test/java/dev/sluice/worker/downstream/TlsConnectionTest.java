package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.tls.TestCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client of the JDK speaks TLS with a connection on a real loop. */
class TlsConnectionTest {

    private static final String GET = "GET /hello HTTP/1.1\r\nHost: a.test\r\n\r\n";
    private static final String LAST =
            "GET /hello HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";

    @TempDir
    static Path folder;
    private static TestCertificates one;
    private static TestCertificates other;
    private static TestCertificates rsa;

    private DownstreamHarness harness;
    private EchoHandler handler;

    @BeforeAll
    static void makeCertificates() throws Exception {
        one = TestCertificates.make(folder, "a.test", "dns:a.test");
        other = TestCertificates.make(folder, "b.test", "dns:b.test");
        rsa = TestCertificates.makeRsa(folder, "rsa.test", "dns:a.test");
    }

    private void start(String... http) {
        LoadedConfig config = ConfigText.load("[http]", String.join("\n", http),
                "[server a]", "listen = 127.0.0.1:8443 ssl", "server_name = a.test",
                "ssl_certificate = " + one.certificate(), "ssl_certificate_key = " + one.key(),
                "ssl_certificate = " + rsa.certificate(), "ssl_certificate_key = " + rsa.key(),
                "[server b]", "listen = 127.0.0.1:8443 ssl", "server_name = b.test",
                "ssl_certificate = " + other.certificate(), "ssl_certificate_key = " + other.key(),
                "[server refused]", "listen = 127.0.0.1:8443 ssl", "server_name = no.test",
                "ssl_reject_handshake = on");
        harness = new DownstreamHarness(DownstreamHarness.patientClient(), 10_000, 64, config,
                ctx -> {
                    handler = new EchoHandler(ctx);
                    return handler;
                });
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (harness != null) {
            harness.onLoop(() -> {
                harness.downstreams().drain(1, true, () -> { });
                return null;
            });
            await(this::holdsNothing);
            harness.close();
        }
    }

    private boolean holdsNothing() {
        return harness.onLoop(() -> harness.ctx.slabs.lentCount()) == 0;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = SystemClock.INSTANCE.nowNs() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(SystemClock.INSTANCE.nowNs() < deadline, "too late");
            LockSupport.parkNanos(1_000_000);
        }
    }

    private SSLSocket connect(Socket under, String name, String... protocols) throws Exception {
        Socket raw = harness.connect(under);
        SSLSocket socket = (SSLSocket) one.context(one, other, rsa).getSocketFactory()
                .createSocket(raw, name, 443, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(name.isEmpty() ? List.of() : List.of(new SNIHostName(name)));
        socket.setSSLParameters(parameters);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String talk(Socket socket, String request, String end) throws IOException {
        var client = new DownstreamHarness.Client(socket);
        return client.send(request).readThrough(end);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void shouldServeOneRequestAfterTheOtherAndHoldNothingWhileIdle(String protocol)
            throws Exception {
        start();
        try (SSLSocket client = connect(new Socket(), "a.test", protocol)) {
            for (int i = 0; i < 3; i++) {
                String answer = talk(client, GET, "hello");
                assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
                await(this::holdsNothing);
            }
            assertEquals(protocol, client.getSession().getProtocol());
            assertEquals(1, harness.counters.get(CounterId.TLS_HANDSHAKES_FULL));
        }
    }

    @Test
    void shouldShowTheCertificateOfTheServerThatIsMeant() throws Exception {
        start();
        for (String name : List.of("a.test", "b.test")) {
            try (SSLSocket client = connect(new Socket(), name)) {
                client.startHandshake();
                assertEquals("CN=" + name, client.getSession().getPeerPrincipal().getName());
            }
        }
        try (SSLSocket client = connect(new Socket(), "unknown.test")) {
            client.startHandshake();
            assertEquals("CN=a.test", client.getSession().getPeerPrincipal().getName());
        }
    }

    @Test
    void shouldShowTheRsaCertificateToAClientThatKnowsNoOther() throws Exception {
        start();
        try (SSLSocket client = connect(new Socket(), "a.test", "TLSv1.2")) {
            client.setEnabledCipherSuites(
                    new String[] {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
            client.startHandshake();
            assertEquals("CN=rsa.test", client.getSession().getPeerPrincipal().getName());
            assertTrue(talk(client, GET, "hello").startsWith("HTTP/1.1 200"));
        }
    }

    @Test
    void shouldRefuseANameWhoseServerRejects() throws Exception {
        start();
        try (SSLSocket client = connect(new Socket(), "no.test")) {
            SSLHandshakeException e =
                    assertThrows(SSLHandshakeException.class, client::startHandshake);
            assertTrue(e.getMessage().contains("unrecognized_name"), e.getMessage());
        }
        await(() -> harness.counters.get(CounterId.TLS_HANDSHAKES_FAILED) == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void shouldTakeRecordsCutAtEveryByte(String protocol) throws Exception {
        start();
        try (SSLSocket client = connect(new SlicedSocket(1, 3000), "b.test", protocol)) {
            assertTrue(talk(client, GET + GET, "hello").startsWith("HTTP/1.1 200"));
            assertTrue(talk(client, "", "hello").contains("HTTP/1.1 200"));
            assertEquals("CN=b.test", client.getSession().getPeerPrincipal().getName());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void shouldSendALargeBodyToASlowReader(String protocol) throws Exception {
        start();
        try (SSLSocket client = connect(new Socket(), "a.test", protocol)) {
            talk(client, "GET /big HTTP/1.1\r\nHost: a\r\n\r\n", "\r\n\r\n");
            InputStream in = client.getInputStream();
            byte[] part = new byte[1 << 16];
            for (int at = 0; at < EchoHandler.BIG_BYTES;) {
                int count = in.read(part);
                assertTrue(count > 0, "ended at " + at);
                for (int i = 0; i < count; i++) {
                    assertEquals(EchoHandler.bigByte(at + i), part[i]);
                }
                at += count;
                if (at < 1_000_000) {
                    LockSupport.parkNanos(2_000_000);
                }
            }
            assertTrue(talk(client, GET, "hello").startsWith("HTTP/1.1 200"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void shouldTakeBodiesOfAnySizeOfRecord(String protocol) throws Exception {
        start();
        long seed = new Random().nextLong();
        System.out.println("TlsConnectionTest seed " + seed);
        Random random = new Random(seed);
        try (SSLSocket client = connect(new Socket(), "a.test", protocol)) {
            for (int round = 0; round < 6; round++) {
                byte[] body = new byte[1 + random.nextInt(200_000)];
                random.nextBytes(body);
                OutputStream out = client.getOutputStream();
                // The next request shares a record with the end of the body.
                byte[] next = GET.getBytes(StandardCharsets.US_ASCII);
                byte[] all = new byte[body.length + next.length];
                System.arraycopy(body, 0, all, 0, body.length);
                System.arraycopy(next, 0, all, body.length, next.length);
                out.write(("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length
                        + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                Thread writer = Thread.ofVirtual().start(() -> write(out, all, random));
                assertArrayEquals(body, readChunked(client.getInputStream()));
                writer.join();
                assertTrue(talk(client, "", "hello").startsWith("HTTP/1.1 200"));
            }
        }
    }

    private static void write(OutputStream out, byte[] all, Random random) {
        try {
            for (int at = 0; at < all.length;) {
                int count = Math.min(all.length - at, 1 + random.nextInt(20_000));
                out.write(all, at, count);
                at += count;
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] readChunked(InputStream in) throws IOException {
        while (!line(in).isEmpty()) {
            // The head.
        }
        var body = new java.io.ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(in), 16); size > 0;
                size = Integer.parseInt(line(in), 16)) {
            body.write(in.readNBytes(size));
            line(in);
        }
        line(in);
        return body.toByteArray();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("ended");
            }
            text.append((char) b);
        }
        return text.toString().strip();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void shouldSayCloseNotifyBehindAWholeAnswerOnly(String protocol) throws Exception {
        start();
        // The JDK takes the end of a connection for close_notify, so the records are looked at.
        var tapped = new TappedSocket();
        try (SSLSocket client = connect(tapped, "a.test", protocol)) {
            String answer = new DownstreamHarness.Client(client).send(LAST).readToEnd();
            assertTrue(answer.endsWith("hello"), answer);
            assertTrue(tapped.endsWithAlert(protocol), "no close_notify");
        }
        try (SSLSocket client = connect(new Socket(), "a.test", protocol)) {
            var cut = new DownstreamHarness.Client(client);
            cut.send("GET /cut HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThrows(IOException.class, cut::readToEnd);
        }
        await(() -> handler.ended.contains(Termination.UPSTREAM_CUT_BODY));
    }

    @Test
    void shouldTellAClientOfPlainHttp() throws Exception {
        start();
        try (var client = harness.connect()) {
            String answer = client.send(GET).readToEnd();
            assertTrue(answer.startsWith("HTTP/1.1 400 Bad Request\r\n"), answer);
            assertTrue(answer.contains("Connection: close"), answer);
        }
        try (var client = harness.connect()) {
            // An alert, and no answer.
            assertTrue(client.send("\u0000\u0001\u0002").readToEnd().startsWith("\u0015"));
        }
    }

    @Test
    void shouldEndAHandshakeThatTakesTooLong() throws Exception {
        start("ssl_handshake_timeout = 100ms");
        try (var silent = harness.connect(); var slow = harness.connect()) {
            slow.send("\u0016\u0003\u0001");
            assertEquals("", silent.readToEnd());
            assertEquals("", slow.readToEnd());
        }
        await(() -> harness.counters.get(CounterId.TLS_HANDSHAKES_FAILED) == 2);
    }

    @Test
    void shouldRefuseHandshakesAboveTheLimit() throws Exception {
        start("ssl_handshakes_max = 1");
        // The first client sends its hello and then nothing.
        Socket held = harness.connect(new SlicedSocket(1 << 16, 1));
        try (held; SSLSocket refused = connect(new Socket(), "a.test")) {
            held.getOutputStream().write(Hello.of("a.test"));
            // Its answer tells that its handshake runs.
            assertTrue(held.getInputStream().read() >= 0);
            assertThrows(SSLException.class, refused::startHandshake);
        }
        await(() -> harness.onLoop(() -> harness.downstreams().openCount()) == 0);
        try (SSLSocket client = connect(new Socket(), "a.test")) {
            assertTrue(talk(client, GET, "hello").startsWith("HTTP/1.1 200"));
        }
    }

    @Test
    void shouldRefuseAHelloThatIsTooLarge() throws Exception {
        start("ssl_client_hello_max = 512");
        try (SSLSocket client = connect(new Socket(), "a".repeat(60) + ".test")) {
            SSLParameters parameters = client.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"x".repeat(200), "y".repeat(200)});
            client.setSSLParameters(parameters);
            assertThrows(SSLException.class, client::startHandshake);
        }
        assertFalse(handler.ended.contains(Termination.DONE));
    }
}
