package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.HandedFiles;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.counters.CounterId;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.tls.TestCertificates;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker gets another certificate while it serves. */
class TlsRenewalTest {

    private static final String HELLO = "GET /hello HTTP/1.1\r\nHost: a.test\r\n\r\n";

    @TempDir
    static Path folder;
    private static TestCertificates first;
    private static TestCertificates second;

    private final Path certificate = folder.resolve("now.crt");
    private final Path key = folder.resolve("now.key");
    private DownstreamHarness worker;
    private SSLContext client;

    @BeforeAll
    static void makeCertificates() throws Exception {
        first = TestCertificates.make(folder, "first", "dns:a.test");
        second = TestCertificates.make(folder, "second", "dns:a.test");
    }

    private LoadedConfig load(TestCertificates shown) throws IOException {
        Files.copy(shown.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(shown.key(), key, StandardCopyOption.REPLACE_EXISTING);
        return ConfigText.load("[server a]", "listen = 127.0.0.1:8443 ssl",
                "ssl_certificate = " + certificate, "ssl_certificate_key = " + key);
    }

    private void start() throws Exception {
        worker = new DownstreamHarness(DownstreamHarness.patientClient(), 10_000, 64, load(first),
                EchoHandler::new);
        client = first.context(first, second);
    }

    @AfterEach
    void stop() throws InterruptedException {
        worker.close();
    }

    private void renew(HandedFiles files) {
        worker.onLoop(() -> {
            worker.tls().renew(files);
            return null;
        });
    }

    private SSLSocket connect(SSLContext with, String protocol) throws IOException {
        SSLSocket socket = (SSLSocket) with.getSocketFactory().createSocket(
                worker.connect(new At443()), "a.test", 443, true);
        socket.setEnabledProtocols(new String[] {protocol});
        return socket;
    }

    /** The JDK looks for sessions by name and port. */
    private static final class At443 extends Socket {
        @Override
        public int getPort() {
            return 443;
        }
    }

    private static void hello(SSLSocket socket) throws IOException {
        assertTrue(new DownstreamHarness.Client(socket).send(HELLO).readThrough("hello")
                .startsWith("HTTP/1.1 200"));
    }

    private static String shown(SSLSocket socket) throws IOException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .getSubjectX500Principal().getName();
    }

    private String shownToStranger() throws Exception {
        try (SSLSocket socket = connect(first.context(first, second), "TLSv1.3")) {
            hello(socket);
            return shown(socket);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void shouldShowTheNewOneAndGoOnWithWhatHasBegun(String protocol) throws Exception {
        start();
        try (SSLSocket open = connect(client, protocol)) {
            hello(open);
            assertEquals("CN=first", shown(open));
            renew(load(second).files());
            assertEquals("CN=second", shownToStranger());
            hello(open);
            long resumed = worker.counters.get(CounterId.TLS_HANDSHAKES_RESUMED);
            try (SSLSocket again = connect(client, protocol)) {
                hello(again);
            }
            assertEquals(resumed + 1, worker.counters.get(CounterId.TLS_HANDSHAKES_RESUMED),
                    "resumed with the ticket of before");
        }
    }

    @Test
    void shouldKeepTheOldOneWhenTheNewOneCannotBeUsed() throws Exception {
        start();
        renew(load(second).files().with(certificate.toString(), new byte[] {1, 2, 3}));
        assertEquals("CN=first", shownToStranger());
    }

    @Test
    void shouldNotCareForFilesOfOthers() throws Exception {
        start();
        renew(new HandedFiles().with("/somewhere/else.crt", new byte[] {1}));
        assertEquals("CN=first", shownToStranger());
    }
}
