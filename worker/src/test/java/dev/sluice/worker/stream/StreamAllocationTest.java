package dev.sluice.worker.stream;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is passed on makes no garbage on the loop: small pieces, and large ones by splice(2), but
 * for the two objects that Netty makes of an event which says that a socket is both readable and
 * writable.
 */
class StreamAllocationTest {

    private static final int ROUNDS_MAX = 40;

    @ParameterizedTest
    @CsvSource({"100, 4000, 1", "200000, 200, 512"})
    void nothingIsAllocated(int bytes, int round, int each) throws Exception {
        StreamHarness harness = new StreamHarness();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (harness) {
            ServerSocket peer = harness.peer();
            harness.start("[stream s]", "listen = 127.0.0.1:1", "proxy_pass = 127.0.0.1:"
                    + peer.getLocalPort());
            Socket client = harness.connect();
            InputStream in = harness.accept(peer).getInputStream();
            OutputStream out = client.getOutputStream();
            byte[] piece = new byte[bytes];
            long least = Long.MAX_VALUE;
            for (int i = 0; i < ROUNDS_MAX && least >= (long) round * each; i++) {
                long before = harness.onLoop(threads::getCurrentThreadAllocatedBytes);
                for (int n = 0; n < round; n++) {
                    out.write(piece);
                    in.readNBytes(piece, 0, bytes);
                }
                // Two tasks of the test itself are handed in meanwhile.
                least = Math.min(least, Math.max(0,
                        harness.onLoop(threads::getCurrentThreadAllocatedBytes) - before - 512));
            }
            long found = least;
            assertTrue(found < (long) round * each, () -> found + " bytes in " + round + " pieces");
        }
    }
}
