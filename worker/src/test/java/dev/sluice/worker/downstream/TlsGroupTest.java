package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.LoadedConfig;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.tls.TestCertificates;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups that neither the JDK nor OpenSSL 3.0 can agree upon, with BoringSSL as the client. */
class TlsGroupTest {

    private static final String HYBRID = "X25519MLKEM768";
    private static final int RECORD_MAX = 18 * 1024;

    @TempDir
    Path folder;
    private TestCertificates own;

    @BeforeEach
    void makeCertificate() throws Exception {
        own = TestCertificates.make(folder, "a.test", "dns:a.test");
    }

    /** One request on a connection of its own. @return the group that was agreed upon */
    private String ask(String offered, String... serverKeys) throws Exception {
        String[] lines = {"[server a]", "listen = 127.0.0.1:8443 ssl",
            "ssl_certificate = " + own.certificate(), "ssl_certificate_key = " + own.key(),
            String.join("\n", serverKeys)};
        LoadedConfig config = ConfigText.load(lines);
        var harness = new DownstreamHarness(DownstreamHarness.patientClient(), 10_000, 64, config,
                EchoHandler::new);
        SslContext context = SslContextBuilder.forClient().sslProvider(SslProvider.OPENSSL_REFCNT)
                .trustManager(own.certificate().toFile()).protocols("TLSv1.3")
                .endpointIdentificationAlgorithm(null)
                .option(OpenSslContextOption.GROUPS, new String[] {offered}).build();
        var engine = (ReferenceCountedOpenSslEngine) context.newEngine(
                UnpooledByteBufAllocator.DEFAULT, "a.test", 443);
        try (Socket socket = harness.connect(new Socket())) {
            socket.setSoTimeout(10_000);
            String answer = talk(engine, socket, "GET /hello HTTP/1.1\r\nHost: a.test\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 200 OK"), answer);
            return SSL.getGroupName(engine.sslPointer());
        } finally {
            ReferenceCountUtil.release(engine);
            ReferenceCountUtil.release(context);
            harness.close();
        }
    }

    /** @return the first of the answer that comes */
    private static String talk(ReferenceCountedOpenSslEngine engine, Socket socket, String request)
            throws IOException {
        ByteBuffer in = ByteBuffer.allocateDirect(8 * RECORD_MAX).limit(0);
        ByteBuffer out = ByteBuffer.allocateDirect(RECORD_MAX);
        ByteBuffer plain = ByteBuffer.allocateDirect(RECORD_MAX);
        byte[] ascii = request.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer asked = ByteBuffer.allocateDirect(ascii.length).put(ascii).flip();
        engine.beginHandshake();
        while (true) {
            HandshakeStatus status = engine.getHandshakeStatus();
            boolean wraps = status == HandshakeStatus.NEED_WRAP
                    || status == HandshakeStatus.NOT_HANDSHAKING && asked.hasRemaining();
            if (status == HandshakeStatus.NEED_TASK) {
                engine.getDelegatedTask().run();
            } else if (wraps) {
                engine.wrap(asked, out.clear());
                byte[] records = new byte[out.flip().remaining()];
                out.get(records);
                socket.getOutputStream().write(records);
            } else {
                SSLEngineResult result = engine.unwrap(in, plain.clear());
                if (result.bytesProduced() > 0) {
                    byte[] answer = new byte[plain.flip().remaining()];
                    plain.get(answer);
                    return new String(answer, StandardCharsets.US_ASCII);
                }
                if (result.getStatus() == Status.CLOSED) {
                    throw new IOException("closed");
                }
                if (result.bytesConsumed() == 0
                        && engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
                    byte[] more = new byte[RECORD_MAX];
                    int count = socket.getInputStream().read(more);
                    if (count < 0) {
                        throw new IOException("closed");
                    }
                    in.compact().put(more, 0, count).flip();
                }
            }
        }
    }

    @Test
    void hybridGroupIsSpokenUnlessTurnedOff() throws Exception {
        assertEquals(HYBRID, ask(HYBRID));
        assertEquals("X25519", ask("X25519"));
        assertThrows(IOException.class, () -> ask(HYBRID, "ssl_ecdh_curve = X25519:prime256v1"));
    }
}
