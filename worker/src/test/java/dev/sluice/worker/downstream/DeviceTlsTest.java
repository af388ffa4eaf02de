package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.identity.CertificateMaker;
import dev.sluice.common.identity.DeviceId;
import dev.sluice.common.identity.MadeCertificate;
import dev.sluice.common.identity.TrialPki;
import dev.sluice.worker.config.ConfigText;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.BCExtendedSSLSession;
import org.bouncycastle.jsse.BCSSLSocket;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A device of IEEE 2030.5 speaks TLS with a connection on a real loop. */
class DeviceTlsTest {

    private static final String CCM_8 = "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8";
    private static final String GCM = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    private static final String GET = "GET /hello HTTP/1.1\r\nHost: der.test\r\n\r\n";
    private static final Instant NOW =
            Instant.ofEpochMilli(SystemClock.INSTANCE.nowMs()).minusSeconds(60);
    private static final BouncyCastleProvider CRYPTO = new BouncyCastleProvider();
    private static final Provider TLS = new BouncyCastleJsseProvider(CRYPTO);

    @TempDir
    static Path folder;
    private static TrialPki pki;
    private static MadeCertificate device;

    private DownstreamHarness harness;
    private EchoHandler handler;

    @BeforeAll
    static void makeCertificates() throws Exception {
        pki = new TrialPki(NOW);
        pki.write(folder, List.of("der.test"), "5105ce000001");
        device = pki.device("5105ce000002");
    }

    private void start(String profile) {
        LoadedConfig config = ConfigText.load("[main]", "warmup = 0s",
                "[server der]", "listen = 127.0.0.1:8443 ssl",
                "tls_profile = " + profile,
                "ssl_certificate = " + folder.resolve("server.crt"),
                "ssl_certificate_key = " + folder.resolve("server.key"),
                "ssl_client_certificate = " + folder.resolve("serca.crt"));
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
            await(() -> harness.onLoop(() -> harness.ctx.slabs.lentCount()) == 0);
            harness.close();
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = SystemClock.INSTANCE.nowNs() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(SystemClock.INSTANCE.nowNs() < deadline, "too late");
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Shows the chain, or nothing when there is none. */
    private static SSLContext client(MadeCertificate own, X509Certificate... above)
            throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12", CRYPTO);
        keys.load(null, null);
        if (own != null) {
            X509Certificate[] chain = new X509Certificate[above.length + 1];
            chain[0] = own.certificate();
            System.arraycopy(above, 0, chain, 1, above.length);
            keys.setKeyEntry("own", own.key(), null, chain);
        }
        KeyManagerFactory keyFactory = KeyManagerFactory.getInstance("PKIX", TLS);
        keyFactory.init(keys, null);
        KeyStore roots = KeyStore.getInstance("PKCS12", CRYPTO);
        roots.load(null, null);
        roots.setCertificateEntry("serca", pki.root.certificate());
        roots.setCertificateEntry("mica", pki.issuer.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX", TLS);
        trust.init(roots);
        SSLContext context = SSLContext.getInstance("TLSv1.2", TLS);
        context.init(keyFactory.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static SSLContext goodClient() throws Exception {
        return client(device, pki.issuer.certificate());
    }

    private SSLSocket connect(SSLContext context, String... suites) throws Exception {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(harness.connect(new Socket()), "der.test", 443, true);
        socket.setEnabledProtocols(new String[] {"TLSv1.2"});
        socket.setEnabledCipherSuites(suites);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String talk(Socket socket, String request, String end) throws IOException {
        return new DownstreamHarness.Client(socket).send(request).readThrough(end);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ieee2030.5", "ieee2030.5-strict"})
    void deviceIsServedAndKnown(String profile) throws Exception {
        start(profile);
        try (SSLSocket client = connect(goodClient(), GCM, CCM_8)) {
            for (int i = 0; i < 3; i++) {
                assertTrue(talk(client, GET, "hello").startsWith("HTTP/1.1 200 OK\r\n"));
                // Idle it holds nothing of ours.
                await(() -> harness.onLoop(() -> harness.ctx.slabs.lentCount()) == 0);
            }
            assertEquals(CCM_8, client.getSession().getCipherSuite());
        }
        assertEquals("ECDHE-ECDSA-AES128-CCM8", handler.tls.cipher());
        assertEquals("TLSv1.2", handler.tls.protocol());
        assertFalse(handler.tls.resumed());
        byte[] fingerprint = DeviceId.fingerprint(device.certificate().getEncoded());
        assertEquals(DeviceId.lfdi(fingerprint), handler.tls.client().lfdi());
        assertEquals(DeviceId.sfdi(fingerprint), handler.tls.client().sfdi());
        assertEquals(1, harness.counters.get(CounterId.TLS_HANDSHAKES_FULL));
    }

    @Test
    void othersMaySpeakGcmUnlessStrict() throws Exception {
        start("ieee2030.5");
        try (SSLSocket client = connect(goodClient(), GCM)) {
            assertTrue(talk(client, GET, "hello").contains("200 OK"));
        }
        stop();
        start("ieee2030.5-strict");
        try (SSLSocket client = connect(goodClient(), GCM)) {
            assertThrows(IOException.class, client::startHandshake);
        }
    }

    @Test
    void sessionsAreTakenUpAgain() throws Exception {
        start("ieee2030.5");
        SSLContext context = goodClient();
        BCExtendedSSLSession session = null;
        for (int i = 0; i < 3; i++) {
            try (SSLSocket client = connect(context, CCM_8)) {
                if (session != null) {
                    // It would not be found by itself: each connection has another port here.
                    ((BCSSLSocket) client).setBCSessionToResume(session);
                }
                assertTrue(talk(client, GET, "hello").contains("200 OK"));
                session = ((BCSSLSocket) client).getBCSession();
            }
            assertEquals(i > 0, handler.tls.resumed());
            assertNotNull(handler.tls.client());
        }
        assertEquals(1, harness.counters.get(CounterId.TLS_HANDSHAKES_FULL));
        assertEquals(2, harness.counters.get(CounterId.TLS_HANDSHAKES_RESUMED));
    }

    @Test
    void bodiesOfManyRecordsPassBothWays() throws Exception {
        start("ieee2030.5");
        String body = "0123456789abcdef".repeat(8 * 1024);
        try (SSLSocket client = connect(goodClient(), CCM_8)) {
            var talk = new DownstreamHarness.Client(client);
            talk.send("POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body);
            String answer = talk.readToEnd();
            String plain = answer.substring(answer.indexOf("\r\n\r\n") + 4)
                    .replaceAll("\r\n[0-9a-f]+\r\n|^[0-9a-f]+\r\n|\r\n$", "");
            assertTrue(plain.startsWith(body), plain.length() + " " + answer.length());
        }
    }

    @Test
    void refusesToNegotiateAgain() throws Exception {
        start("ieee2030.5");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        char[] password = {'x'};
        keys.setKeyEntry("own", device.key(), password,
                new X509Certificate[] {device.certificate(), pki.issuer.certificate()});
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(keys, password);
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        roots.setCertificateEntry("serca", pki.root.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(roots);
        // The JDK's client knows how to ask for it, other than BouncyCastle's.
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), trust.getTrustManagers(), null);
        try (SSLSocket client = connect(context, GCM)) {
            assertTrue(talk(client, GET, "hello").contains("200 OK"));
            assertThrows(IOException.class, () -> {
                client.startHandshake();
                talk(client, GET, "hello");
            });
        }
        try (SSLSocket client = connect(context, GCM)) {
            assertTrue(talk(client, GET, "hello").contains("200 OK"));
        }
    }

    private void refuses(SSLContext context) throws Exception {
        try (SSLSocket client = connect(context, CCM_8)) {
            assertThrows(IOException.class, () -> talk(client, GET, "hello"));
        }
        assertNull(handler.tls);
        await(() -> harness.counters.get(CounterId.TLS_HANDSHAKES_FAILED) > 0);
    }

    @Test
    void refusesWhoShowsNothing() throws Exception {
        start("ieee2030.5");
        refuses(client(null));
    }

    @Test
    void refusesStrangers() throws Exception {
        start("ieee2030.5");
        TrialPki other = new TrialPki(NOW);
        refuses(client(other.device("01"), other.issuer.certificate()));
    }

    @Test
    void refusesChainsThatAreTooLong() throws Exception {
        start("ieee2030.5");
        // SERCA, three authorities, device: one too many.
        MadeCertificate deep = pki.root;
        X509Certificate[] chain = new X509Certificate[3];
        for (int i = 0; i < 3; i++) {
            deep = authority("CN=" + i).signedBy(deep);
            chain[2 - i] = deep.certificate();
        }
        refuses(client(deviceMaker().signedBy(deep), chain));
    }

    @Test
    void strictRefusesWhatIsNoDevice() throws Exception {
        MadeCertificate program = CertificateMaker.ofServer(List.of("program.test"), false, NOW,
                NOW.plusSeconds(86_400)).signedBy(pki.issuer);
        start("ieee2030.5");
        try (SSLSocket client = connect(client(program, pki.issuer.certificate()), CCM_8)) {
            assertTrue(talk(client, GET, "hello").contains("200 OK"));
        }
        stop();
        start("ieee2030.5-strict");
        refuses(client(program, pki.issuer.certificate()));
    }

    private static CertificateMaker authority(String name) throws IOException {
        return CertificateMaker.ofAuthority(name, 9, NOW, TrialPki.FOREVER);
    }

    private static CertificateMaker deviceMaker() throws IOException {
        return TrialPki.deviceMaker("03", NOW, TrialPki.FOREVER);
    }
}
