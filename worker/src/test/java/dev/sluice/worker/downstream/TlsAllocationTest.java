package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.exchange.RequestHandler;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.tls.TestCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Function;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the loop allocates for requests over TLS: nothing. */
class TlsAllocationTest {

    private static final int ROUND = 2_000;
    private static final int ROUNDS_MAX = 100;
    /** What the harness itself makes when it asks how many connections there are, and such. */
    private static final long ONCE_BYTES = 1_000;
    private static final int RECORD_BYTES = 16 * 1024;
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private interface Round {
        void run(SSLSocket client) throws IOException;
    }

    /** @return the least that a round has allocated on the loop */
    private long least(String protocol, Function<LoopContext, RequestHandler> handler,
            long enough, Round round) throws Exception {
        TestCertificates own = TestCertificates.make(folder, "a.test", "dns:a.test");
        LoadedConfig config = ConfigText.load("[server a]", "listen = 127.0.0.1:8443 ssl",
                "ssl_certificate = " + own.certificate(), "ssl_certificate_key = " + own.key());
        var harness = new DownstreamHarness(
                DownstreamHarness.client(10_000, 10_000, 10_000, 1_000_000_000), 10_000, 64,
                config, handler);
        long loop = harness.onLoop(() -> Thread.currentThread().threadId());
        long least = Long.MAX_VALUE;
        try (SSLSocket client = (SSLSocket) own.context(own).getSocketFactory()
                .createSocket(harness.connect(new Socket()), "a.test", 443, true)) {
            client.setEnabledProtocols(new String[] {protocol});
            for (int i = 0; i < ROUNDS_MAX && least > enough; i++) {
                long before = threads.getThreadAllocatedBytes(loop);
                round.run(client);
                least = Math.min(least, threads.getThreadAllocatedBytes(loop) - before);
            }
            assertEquals(1, harness.onLoop(() -> harness.downstreams().openCount()));
        }
        harness.close();
        return least;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void requestsAllocateNextToNothing(String protocol) throws Exception {
        byte[] answer = new byte[1024];
        long enough = ONCE_BYTES;
        long bytes = least(protocol, ctx -> new FiveBytes(), enough, client -> {
            InputStream in = client.getInputStream();
            for (int i = 0; i < ROUND; i++) {
                client.getOutputStream().write(REQUEST);
                int count = in.read(answer);
                assertTrue(count > 0 && answer[count - 1] == '5', "the answer is in one record");
            }
        });
        assertTrue(bytes <= enough, bytes + " bytes in " + ROUND + " requests");
    }

    @Test
    void longAnswersAllocateNextToNothing() throws Exception {
        byte[] part = new byte[64 * 1024];
        int records = EchoHandler.BIG_BYTES / RECORD_BYTES;
        // The head, and what the handler of this test makes, are in it.
        long enough = 10_000;
        long bytes = least("TLSv1.3", EchoHandler::new, enough, client -> {
            client.getOutputStream().write("GET /big HTTP/1.1\r\nHost: a.test\r\n\r\n".getBytes(
                    StandardCharsets.US_ASCII));
            var reader = new DownstreamHarness.Client(client);
            reader.readThrough("\r\n\r\n");
            for (int left = EchoHandler.BIG_BYTES; left > 0;) {
                left -= client.getInputStream().read(part, 0, Math.min(left, part.length));
            }
        });
        assertTrue(bytes <= enough, bytes + " bytes in " + records + " records");
    }
}
