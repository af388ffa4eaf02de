package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.sluice.common.counters.PeerCounterId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The steady path, a kept-alive peer and a small answer, makes no garbage on the loop. */
class ProxyAllocationTest {

    /** Requests are counted in rounds until one is free of garbage, as compiled code is. */
    private static final int ROUND = 5_000;
    private static final int ROUNDS_MAX = 100;
    private static final String REQUEST = "GET /a/b?c=d HTTP/1.1\nHost: example.com\n"
            + "User-Agent: test\nAccept: */*\nCookie: a=b\nConnection: keep-alive";
    private static final byte[] RESPONSE = ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
            + "Server: peer\r\nContent-Length: 11\r\nETag: \"1\"\r\n\r\nhello world")
            .getBytes(StandardCharsets.US_ASCII);

    private int done;
    private long allocated;
    private long leastBytes = Long.MAX_VALUE;

    private boolean roundEnded(long allocatedNow) {
        leastBytes = Math.min(leastBytes, allocatedNow - allocated);
        allocated = allocatedNow;
        return leastBytes < ROUND || done == ROUND * ROUNDS_MAX;
    }

    @Test
    void steadyPathAllocatesNothing() throws Exception {
        run(new ProxyHarness(), 0);
    }

    /** A key, a cookie, a limit shared by all workers, and a queue that nobody is in. */
    @Test
    void neitherDoesChoosingAPeer() throws Exception {
        ProxyHarness harness = new ProxyHarness();
        harness.upstream("balance", "ip_hash");
        harness.upstream("sticky", "cookie srv path=/ httponly");
        harness.upstream("queue", "10 timeout=1s");
        run(harness, 5);
    }

    /** One stream after the other of one connection, with a head, a body and its window. */
    @Test
    void neitherDoStreamsOfHttp2() throws Exception {
        ProxyHarness harness = new ProxyHarness();
        harness.location("proxy_http_version", "2");
        run(harness, 0, FrameEcho::serve);
    }

    private void run(ProxyHarness harness, int maxConns) throws Exception {
        run(harness, maxConns, ProxyAllocationTest::serve);
    }

    private void run(ProxyHarness harness, int maxConns, Consumer<ServerSocket> peer)
            throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            Thread.ofPlatform().daemon().start(() -> peer.accept(listener));
            harness.peer("127.0.0.1", listener.getLocalPort(), maxConns, false);
            harness.upstream("keepalive_requests", "1000000000");
            harness.start();
            ScriptedClient client = harness.client();
            int length = client.load(REQUEST);
            CountDownLatch end = new CountDownLatch(1);
            client.whenDone = () -> {
                if (++done % ROUND == 0 && roundEnded(threads.getCurrentThreadAllocatedBytes())) {
                    end.countDown();
                    return;
                }
                client.begin(length);
                client.exchange.location = harness.location;
                harness.handler.handle(client.exchange);
            };
            harness.run(() -> {
                client.begin(length);
                harness.handler.handle(client.exchange);
            });
            assertTrue(end.await(120, TimeUnit.SECONDS), () -> done + " done");
            assertEquals(200, client.exchange.status);
            assertEquals(1, harness.count(0, PeerCounterId.CONNECTS));
            // Less than a byte a request: what the runtime allocates now and then by itself.
            assertTrue(leastBytes < ROUND, () -> leastBytes + " bytes in " + ROUND + " requests");
            harness.assertQuiet();
            harness.stop();
        }
    }

    private static void serve(ServerSocket listener) {
        try (Socket one = listener.accept()) {
            one.setTcpNoDelay(true);
            InputStream in = one.getInputStream();
            OutputStream out = one.getOutputStream();
            byte[] buffer = new byte[4096];
            // A request comes in one piece on a loopback that is otherwise quiet.
            while (in.read(buffer) > 0) {
                out.write(RESPONSE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
