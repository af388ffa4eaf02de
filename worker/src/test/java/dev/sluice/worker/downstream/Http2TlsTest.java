package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.LoadedConfig;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.tls.TestCertificates;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 over TLS: a client of the JDK that asks for it by ALPN (RFC 9113 §3.2). */
class Http2TlsTest {

    @TempDir
    static Path folder;

    private static TestCertificates certificate;
    private DownstreamHarness harness;

    @BeforeAll
    static void makeCertificate() throws Exception {
        certificate = TestCertificates.make(folder, "a.test", "dns:a.test");
    }

    @BeforeEach
    void start() {
        LoadedConfig config = ConfigText.load("[http]", "http2 = on", "[server a]",
                "listen = 127.0.0.1:8443 ssl", "server_name = a.test",
                "ssl_certificate = " + certificate.certificate(),
                "ssl_certificate_key = " + certificate.key());
        harness = new DownstreamHarness(DownstreamHarness.patientClient(), 10_000, 64, config,
                EchoHandler::new);
    }

    @AfterEach
    void stop() throws InterruptedException {
        harness.close();
    }

    private SSLSocket connect(Socket under, String... protocols) throws Exception {
        Socket raw = harness.connect(under);
        SSLSocket socket = (SSLSocket) certificate.context(certificate).getSocketFactory()
                .createSocket(raw, "a.test", 443, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        return socket;
    }

    @Test
    void itIsSpokenWhenAskedFor() throws Exception {
        SSLSocket socket = connect(new Socket(), "h2", "http/1.1");
        assertEquals("h2", socket.getApplicationProtocol());
        try (Http2Client client = new Http2Client(socket)) {
            client.greet().get(1, "/hello").get(3, "/big").get(5, "/hello");
            client.until("DATA 1 END hello");
            int bytes = 0;
            while (bytes < EchoHandler.BIG_BYTES) {
                String next = client.answer();
                if (next.startsWith("DATA 3")) {
                    bytes += next.length() - (next.startsWith("DATA 3 END") ? 11 : 7);
                }
            }
            assertEquals(EchoHandler.BIG_BYTES, bytes);
            client.post(7, "/echo").data(7, "x".repeat(16_000), true);
            client.until("DATA 7");
        }
    }

    @Test
    void bytesThatComeOneByOne() throws Exception {
        SSLSocket socket = connect(new SlicedSocket(1, 3000), "h2");
        try (Http2Client client = new Http2Client(socket)) {
            client.greet().get(1, "/hello");
            client.until("DATA 1 END hello");
        }
    }

    @Test
    void http1IsSpokenOtherwise() throws Exception {
        try (SSLSocket socket = connect(new Socket(), "http/1.1")) {
            var client = new DownstreamHarness.Client(socket);
            client.send("GET /hello HTTP/1.1\r\nHost: a.test\r\n\r\n");
            assertTrue(client.readThrough("hello").startsWith("HTTP/1.1 200"));
        }
    }

    @Test
    void somethingElseThanThePreface() throws Exception {
        SSLSocket socket = connect(new Socket(), "h2");
        try (Http2Client client = new Http2Client(socket)) {
            client.raw("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals("GOAWAY 0 PROTOCOL_ERROR", client.until("GOAWAY"));
        }
    }
}
