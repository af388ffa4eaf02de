package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.config.ClientConfig;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.Termination;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DownstreamConnectionTest {

    private static final String GET = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

    private DownstreamHarness harness;
    private EchoHandler handler;

    private DownstreamHarness.Client connect(ClientConfig client, long headTimeoutMs)
            throws IOException {
        harness = new DownstreamHarness(client, headTimeoutMs, 64, ctx -> {
            handler = new EchoHandler(ctx);
            return handler;
        });
        return harness.connect();
    }

    private DownstreamHarness.Client connect() throws IOException {
        return connect(DownstreamHarness.patientClient(), 10_000);
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (harness != null) {
            // Whatever happened, no slab may be lost.
            harness.onLoop(() -> {
                harness.downstreams().drain(1, true, () -> { });
                return null;
            });
            await(() -> harness.onLoop(() -> harness.ctx.slabs.lentCount()) == 0);
            harness.close();
        }
    }

    private static void await(BooleanSupplier condition) {
        awaitFor(10_000, condition);
    }

    private static void awaitFor(long milliseconds, BooleanSupplier condition) {
        long deadline = SystemClock.INSTANCE.nowNs() + milliseconds * 1_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(SystemClock.INSTANCE.nowNs() < deadline, "too late");
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void shouldKeepAliveAndHoldNothingWhileIdle() throws Exception {
        try (var client = connect()) {
            for (int i = 0; i < 3; i++) {
                String answer = client.send(GET).readThrough("hello");
                assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\nServer: sluice\r\nDate: "),
                        answer);
                assertTrue(answer.endsWith("\r\nContent-Length: 5\r\n\r\nhello"), answer);
                assertFalse(answer.contains("Connection"), answer);
                await(() -> harness.onLoop(() -> harness.ctx.slabs.lentCount()) == 0);
            }
            assertEquals(3, harness.counters.get(CounterId.REQUESTS));
            assertEquals(1, harness.counters.get(CounterId.CONNECTIONS_ACCEPTED));
        }
    }

    @Test
    void shouldAnswerPipelinedRequestsInOrderAfterHalfClose() throws Exception {
        try (var client = connect()) {
            client.send(GET.repeat(500));
            client.socket.shutdownOutput();
            String all = client.readToEnd();
            assertEquals(500, all.split("\r\n\r\nhello", -1).length - 1);
        }
    }

    @Test
    void shouldNotLetOnePipelineHaveAWholeTurn() throws Exception {
        try (var client = connect(DownstreamHarness.client(9000, 9000, 9000, 9000), 9000)) {
            client.send(GET.repeat(3000));
            client.socket.shutdownOutput();
            String all = client.readToEnd();
            assertEquals(3000, all.split("\r\n\r\nhello", -1).length - 1);
            assertTrue(handler.mostInOneTurn <= RequestReader.REQUESTS_PER_TURN,
                    handler.mostInOneTurn + " requests in one turn");
        }
    }

    @Test
    void shouldReadAHeadByteByByte() throws Exception {
        try (var client = connect()) {
            for (char c : GET.toCharArray()) {
                client.send(String.valueOf(c));
            }
            client.readThrough("hello");
            client.send(GET).readThrough("hello");
        }
    }

    @Test
    void shouldAnswer408WhenTheHeadTakesTooLong() throws Exception {
        try (var client = connect(DownstreamHarness.patientClient(), 150)) {
            client.send("GET /hello HT");
            String answer = client.readToEnd();
            assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
            assertTrue(answer.contains("\r\nConnection: close\r\n"), answer);
            await(() -> handler.ended.contains(Termination.CLIENT_HEAD_TIMEOUT));
        }
    }

    @Test
    void shouldCloseIdleConnectionsSilently() throws Exception {
        try (var client = connect(DownstreamHarness.client(1000, 1000, 100, 100), 10_000)) {
            client.send(GET).readThrough("hello");
            assertEquals("", client.readToEnd());
        }
    }

    @Test
    void shouldSayCloseWithTheLastRequestOfAConnection() throws Exception {
        try (var client = connect(DownstreamHarness.client(1000, 1000, 1000, 2), 10_000)) {
            assertFalse(client.send(GET).readThrough("hello").contains("Connection"));
            assertTrue(client.send(GET).readToEnd().contains("\r\nConnection: close\r\n"));
        }
    }

    @Test
    void shouldEchoChunkedBodiesAndGoOn() throws Exception {
        try (var client = connect()) {
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send("5\r\nhello\r\n");
            client.readThrough("\r\n5\r\nhello\r\n");
            client.send("6;x=y\r\n world\r\n0\r\nTrailer: x\r\n\r\n" + GET);
            assertEquals("6\r\n world\r\n0\r\n\r\n", client.readThrough("0\r\n\r\n"));
            client.readThrough("hello");
        }
    }

    @Test
    void shouldAnswer400ToABrokenChunkBeforeTheHead() throws Exception {
        try (var client = connect()) {
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n");
            String answer = client.readToEnd();
            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            await(() -> handler.ended.contains(Termination.CLIENT_BODY_MALFORMED));
        }
    }

    @Test
    void shouldDiscardAShortUnreadBodyAndGoOn() throws Exception {
        try (var client = connect()) {
            client.send("POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
            client.readThrough("hello");
            client.send("x".repeat(1000) + GET).readThrough("hello");
        }
    }

    @Test
    void shouldCloseAfterALongUnreadBodyAndLoseNothingOfTheAnswer() throws Exception {
        try (var client = connect()) {
            client.send("POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n"
                    + "x".repeat(100_000));
            String answer = client.readToEnd();
            assertTrue(answer.contains("Connection: close") && answer.endsWith("hello"), answer);
        }
    }

    @Test
    void shouldSend100ContinueOnlyWhenTheBodyIsWanted() throws Exception {
        String expect = " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n";
        try (var client = connect()) {
            client.send("POST /echo" + expect).readThrough("HTTP/1.1 100 Continue\r\n\r\n");
            client.send("abc").readThrough("3\r\nabc\r\n0\r\n\r\n");
            String refused = client.send("POST /nowhere" + expect).readToEnd();
            assertTrue(refused.startsWith("HTTP/1.1 404 "), refused);
            assertTrue(refused.contains("Connection: close"), refused);
        }
    }

    @Test
    void shouldAnswer408WhenTheBodyStalls() throws Exception {
        try (var client = connect(DownstreamHarness.client(150, 1000, 1000, 100), 10_000)) {
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n");
            String answer = client.readToEnd();
            assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
            await(() -> handler.ended.contains(Termination.CLIENT_BODY_TIMEOUT));
        }
    }

    @Test
    void shouldStreamWithBackPressureToASlowReader() throws Exception {
        for (String path : new String[] {"/big", "/bigchunked"}) {
            try (var client = connect()) {
                client.send("GET " + path + " HTTP/1.0\r\n\r\n");
                client.readThrough("\r\n\r\n");
                InputStream in = client.socket.getInputStream();
                byte[] piece = new byte[7777];
                int at = 0;
                for (int n = in.read(piece); n > 0; n = in.read(piece)) {
                    for (int i = 0; i < n; i++) {
                        assertEquals(EchoHandler.bigByte(at + i), piece[i]);
                    }
                    at += n;
                }
                assertEquals(EchoHandler.BIG_BYTES, at);
            }
            stop();
            harness = null;
        }
    }

    @Test
    void shouldGiveUpAClientThatDoesNotRead() throws Exception {
        try (var client = connect(DownstreamHarness.client(1000, 200, 1000, 100), 10_000)) {
            client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
            await(() -> handler.ended.contains(Termination.CLIENT_SEND_TIMEOUT));
        }
    }

    @Test
    void shouldSendNoBodyForHead() throws Exception {
        try (var client = connect()) {
            client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n" + GET);
            String both = client.readThrough("hello");
            assertEquals(2, both.split("Content-Length: 5\r\n\r\n", -1).length - 1, both);
            assertTrue(both.contains("\r\n\r\nHTTP/1.1 200"), both);
        }
    }

    @Test
    void shouldCutAnAbortedAnswerSoThatTheClientCanTell() throws Exception {
        try (var client = connect()) {
            client.send("GET /cut HTTP/1.1\r\nHost: a\r\n\r\n");
            boolean cut;
            try {
                cut = client.readToEnd().length() < 400;
            } catch (IOException reset) {
                cut = true;
            }
            assertTrue(cut);
            await(() -> handler.ended.contains(Termination.UPSTREAM_CUT_BODY));
        }
    }

    @Test
    void shouldNoticeAClientThatGoesInTheMiddle() throws Exception {
        var client = connect();
        client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n").readThrough("\r\n\r\n");
        client.socket.setSoLinger(true, 0);
        client.close();
        await(() -> handler.ended.contains(Termination.CLIENT_RESET));
        assertEquals(0, harness.onLoop(() -> harness.downstreams().openCount()));
    }

    @Test
    void shouldKeepAliveHttp10OnlyWhenAsked() throws Exception {
        try (var client = connect()) {
            client.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            assertTrue(client.readThrough("hello").contains("Connection: keep-alive\r\n"));
            assertTrue(client.send("GET /hello HTTP/1.0\r\n\r\n").readToEnd()
                    .contains("Connection: close\r\n"));
        }
    }

    @Test
    void shouldDrainIdleConnectionsAndTellBusyOnes() throws Exception {
        try (var client = connect(); var idle = harness.connect()) {
            idle.send(GET).readThrough("hello");
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na");
            await(() -> harness.downstreams().load() == 1);
            harness.onLoop(() -> {
                harness.downstreams().drain(2000, true, () -> { });
                return null;
            });
            assertEquals("", idle.readToEnd());
            client.send("bc");
            assertTrue(client.readToEnd().endsWith("0\r\n\r\n"));
        }
    }

    private void drain(long timeoutMs, boolean soon) {
        harness.onLoop(() -> {
            harness.downstreams().drain(timeoutMs, soon, () -> { });
            return null;
        });
    }

    @Test
    void shouldAnswerOneMoreRequestOnAnIdleConnectionWhileDraining() throws Exception {
        try (var idle = connect()) {
            assertTrue(idle.send(GET).readThrough("hello").startsWith("HTTP/1.1 200"));
            drain(20_000, false);
            String last = idle.send(GET).readToEnd();
            assertTrue(last.contains("Connection: close\r\n"), last);
            assertTrue(last.endsWith("hello"), last);
        }
    }

    @Test
    void shouldCloseIdleConnectionsNearTheEndOfADrain() throws Exception {
        try (var idle = connect(); var other = harness.connect()) {
            idle.send(GET).readThrough("hello");
            other.send(GET).readThrough("hello");
            drain(400, false);
            assertEquals("", idle.readToEnd());
            assertEquals("", other.readToEnd());
        }
    }

    @Test
    void shouldWaitForEverWhenTheTimeOfADrainIsZero() throws Exception {
        try (var client = connect()) {
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na");
            await(() -> harness.downstreams().load() == 1);
            drain(0, true);
            // Longer than the plan takes to look at its connections.
            assertThrows(AssertionError.class, () -> awaitFor(300,
                    () -> harness.downstreams().openCount() == 0));
            assertTrue(client.send("bc").readToEnd().endsWith("0\r\n\r\n"));
        }
    }

    @Test
    void shouldHurryADrainThatHasBegun() throws Exception {
        try (var idle = connect()) {
            idle.send(GET).readThrough("hello");
            drain(0, false);
            drain(200, true);
            assertEquals("", idle.readToEnd());
        }
    }
}
