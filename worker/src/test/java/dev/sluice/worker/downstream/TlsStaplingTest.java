package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.control.ControlMessage;
import dev.sluice.common.identity.CertificateMaker;
import dev.sluice.common.identity.MadeCertificate;
import dev.sluice.common.ocsp.KnownAnswer;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.tls.TestAnswers;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of authorities beside certificates (RFC 6066 section 8). */
class TlsStaplingTest {

    private static final Instant NOW = Instant.ofEpochMilli(SystemClock.INSTANCE.nowMs());

    @TempDir
    Path folder;
    private MadeCertificate authority;
    private MadeCertificate own;
    private byte[] good;
    private DownstreamHarness worker;

    @BeforeEach
    void make() throws Exception {
        authority = CertificateMaker.ofAuthority("CN=authority", 0, NOW.minus(Duration.ofDays(1)),
                NOW.plus(Duration.ofDays(90))).selfSigned();
        own = CertificateMaker.ofServer(List.of("a.test"), false, NOW.minus(Duration.ofDays(1)),
                NOW.plus(Duration.ofDays(90))).signedBy(authority);
        good = answer(NOW.plus(Duration.ofHours(1)));
        own.write(folder, "a", authority);
    }

    private byte[] answer(Instant to) throws Exception {
        return TestAnswers.of(own.certificate(), authority, CertificateStatus.GOOD,
                NOW.minus(Duration.ofHours(1)), to, authority);
    }

    @AfterEach
    void stop() throws InterruptedException {
        worker.close();
    }

    private LoadedConfig start(String... lines) {
        LoadedConfig loaded = ConfigText.load("[server a]", "listen = 127.0.0.1:8443 ssl",
                "ssl_certificate = " + folder.resolve("a.crt"),
                "ssl_certificate_key = " + folder.resolve("a.key"), "ssl_stapling = on",
                String.join("\n", lines));
        assertEquals(List.of(), loaded.warnings());
        worker = new DownstreamHarness(DownstreamHarness.patientClient(), 10_000, 64, loaded,
                EchoHandler::new);
        return loaded;
    }

    /** What a client is shown beside the certificate. */
    private List<byte[]> shown(String protocol) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", authority.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(
                worker.connect(new Socket()), "a.test", 443, true)) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.startHandshake();
            return ((ExtendedSSLSession) socket.getSession()).getStatusResponses();
        }
    }

    private void assertShown(byte[] answer) throws Exception {
        List<byte[]> shown = shown("TLSv1.3");
        assertEquals(1, shown.size());
        assertArrayEquals(answer, shown.getFirst());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void shouldShowTheAnswerOfAFile(String protocol) throws Exception {
        Path file = Files.write(folder.resolve("answer"), good);
        start("ssl_stapling_file = " + file);
        assertArrayEquals(good, shown(protocol).getFirst());
    }

    @Test
    void shouldShowNoneThatIsOverOrOfAnother() throws Exception {
        Path file = Files.write(folder.resolve("answer"),
                answer(NOW.minus(Duration.ofMinutes(1))));
        LoadedConfig loaded = start("ssl_stapling_file = " + file);
        assertEquals(0, shown("TLSv1.3").size());
        String certificate = folder.resolve("a.crt").toString();
        renew(loaded, certificate, good);
        assertShown(good);
        renew(loaded, certificate, new byte[] {1});
        assertEquals(0, shown("TLSv1.3").size());
    }

    /** What comes back from the master. */
    private void renew(LoadedConfig loaded, String certificate, byte[] answer) {
        worker.onLoop(() -> {
            worker.tls().renew(loaded.files().withStaple(certificate, answer));
            return null;
        });
    }

    @Test
    void shouldAskTheResponderAndGiveTheAnswerToTheMaster() throws Exception {
        try (ServerSocket responder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            LoadedConfig loaded = start("ssl_stapling_responder = http://127.0.0.1:"
                    + responder.getLocalPort() + "/x");
            assertEquals(0, shown("TLSv1.3").size());
            BlockingQueue<ControlMessage.FromWorker> told = new ArrayBlockingQueue<>(10);
            worker.onLoop(() -> {
                worker.tls().ask(told::add);
                return null;
            });
            answer(responder);
            ControlMessage.Staple staple =
                    (ControlMessage.Staple) told.poll(10, TimeUnit.SECONDS);
            assertEquals(folder.resolve("a.crt").toString(), staple.certificate());
            assertArrayEquals(good, KnownAnswer.of(staple.answer()).der());
            renew(loaded, staple.certificate(), staple.answer());
            assertShown(good);
        }
    }

    private void answer(ServerSocket responder) throws IOException {
        responder.setSoTimeout(10_000);
        try (Socket asking = responder.accept()) {
            InputStream in = asking.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            assertEquals("POST /x HTTP/1.1", head.substring(0, head.indexOf("\r")));
            int at = head.indexOf("Content-Length: ") + "Content-Length: ".length();
            in.readNBytes(Integer.parseInt(head.substring(at, head.indexOf("\r", at))));
            asking.getOutputStream().write(("HTTP/1.1 200 OK\r\nConnection: close\r\n"
                    + "Content-Length: " + good.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            asking.getOutputStream().write(good);
        }
    }
}
