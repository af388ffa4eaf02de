package dev.sluice.worker.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the loop allocates for a stored answer, from socket to socket: nothing. */
final class CachedAnswerAllocationTest {

    private static final int ROUND = 2000;
    private static final int ROUNDS_MAX = 100;
    /** A connection may begin so many requests, or a few more, at one time. */
    private static final int REQUESTS_A_MS = 50;
    /** A connection begins no more at one time of the clock, which stands still meanwhile. */
    private static final int HITS_AWAITED = 60;
    private static final long STORING_NS = 100_000_000;
    private static final String GET = "GET /a?b HTTP/1.1\r\nHost: a.test\r\n\r\n";

    @TempDir
    private Path folder;

    @Test
    void aHitAllocatesNothing() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (ServerSocket peer = DataPathHarness.listen()) {
            DataPathHarness harness = new DataPathHarness("[cache pages]", "path = " + folder,
                    "[server s]", "listen = 127.0.0.1:8080",
                    "keepalive_requests = 1000000000", "[location s /]",
                    "proxy_pass = http://127.0.0.1:" + peer.getLocalPort(),
                    "proxy_cache = pages");
            Socket client = harness.connect();
            DataPathHarness.send(client, GET);
            Socket accepted = harness.accept(peer);
            DataPathHarness.head(accepted);
            DataPathHarness.send(accepted, "HTTP/1.1 200 OK\r\nCache-Control: max-age=600\r\n"
                    + "Content-Length: 5\r\n\r\nhello");
            assertTrue(DataPathHarness.head(client).contains("fwd=uri-miss"));
            assertEquals("hello", DataPathHarness.read(client, 5));
            accepted.close();
            // While it is written down, others share the fetch and are told so.
            int answer = hit(client);
            long loop = harness.onLoop(() -> Thread.currentThread().threadId());
            long least = Long.MAX_VALUE;
            for (int i = 0; i < ROUNDS_MAX && least >= ROUND; i++) {
                long before = threads.getThreadAllocatedBytes(loop);
                ask(harness, client, answer);
                least = Math.min(least, threads.getThreadAllocatedBytes(loop) - before);
            }
            long bytes = least;
            assertTrue(bytes < ROUND, () -> bytes + " bytes in " + ROUND + " requests");
            harness.close();
        }
    }

    /** Asks until it is a hit. @return bytes of the answer */
    private static int hit(Socket client) throws Exception {
        for (int tries = 0; tries < HITS_AWAITED; tries++) {
            DataPathHarness.send(client, GET);
            String head = DataPathHarness.head(client);
            assertEquals("hello", DataPathHarness.read(client, 5));
            if (head.contains("\r\nCache-Status: sluice; hit; ttl=600\r\n")) {
                return head.length() + 5;
            }
            LockSupport.parkNanos(STORING_NS);
        }
        throw new AssertionError("never a hit");
    }

    private static void ask(DataPathHarness harness, Socket client, int answer)
            throws Exception {
        byte[] request = GET.getBytes(StandardCharsets.US_ASCII);
        InputStream in = client.getInputStream();
        for (int i = 0; i < ROUND; i++) {
            if (i % REQUESTS_A_MS == 0) {
                harness.clock.stepMs(1);
            }
            client.getOutputStream().write(request);
            assertEquals('o', in.readNBytes(answer)[answer - 1]);
        }
    }
}
