package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.LoadedConfig;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.tls.TestCertificates;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that keep the worker busy with TLS itself. */
class TlsAbuseTest {

    private static final String GET = "GET /hello HTTP/1.1\r\nHost: a.test\r\n\r\n";

    @TempDir
    Path folder;
    private TestCertificates own;
    private DownstreamHarness harness;

    @BeforeEach
    void start() throws Exception {
        own = TestCertificates.make(folder, "a.test", "dns:a.test");
        LoadedConfig config = ConfigText.load("[server a]", "listen = 127.0.0.1:8443 ssl",
                "ssl_certificate = " + own.certificate(), "ssl_certificate_key = " + own.key());
        harness = new DownstreamHarness(DownstreamHarness.patientClient(), 10_000, 64, config,
                EchoHandler::new);
    }

    @AfterEach
    void stop() throws InterruptedException {
        harness.close();
    }

    private SSLSocket connect(String protocol) throws Exception {
        SSLSocket socket = (SSLSocket) own.context(own).getSocketFactory()
                .createSocket(harness.connect(new Socket()), "a.test", 443, true);
        socket.setEnabledProtocols(new String[] {protocol});
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void ask(SSLSocket socket) throws IOException {
        String answer = new DownstreamHarness.Client(socket).send(GET).readThrough("hello");
        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
    }

    @Test
    void shouldUpdateKeysNowAndThenAndNotForEver() throws Exception {
        try (SSLSocket client = connect("TLSv1.3")) {
            for (int i = 0; i < 20; i++) {
                ask(client);
                // Behind the first handshake the JDK asks for new keys (RFC 8446 §4.6.3).
                client.startHandshake();
            }
            ask(client);
            assertThrows(IOException.class, () -> {
                for (int i = 0; i < 100; i++) {
                    client.startHandshake();
                    ask(client);
                }
            });
        }
    }

    @Test
    void shouldRefuseToNegotiateAgain() throws Exception {
        try (SSLSocket client = connect("TLSv1.2")) {
            ask(client);
            assertThrows(IOException.class, () -> {
                client.startHandshake();
                ask(client);
            });
        }
        try (SSLSocket client = connect("TLSv1.2")) {
            ask(client);
        }
    }
}
