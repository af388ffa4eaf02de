package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.HeaderToAdd;
import dev.sluice.worker.exchange.Location;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers at a limited rate over real connections. */
class LimitedRateTest {

    /** Twice of it are the big body. */
    private static final long RATE = EchoHandler.BIG_BYTES / 2;

    private DownstreamHarness harness;
    private EchoHandler echo;

    private DownstreamHarness.Client connect(long rate, String... settings)
            throws Exception {
        Location location = new Location(ConfigText.location("/", settings), "/",
                HeaderToAdd.NONE, new ExchangeLog[0], Location.NO_REWRITES, null, Gate.NONE);
        location.sendRate(x -> rate, x -> 0);
        harness = new DownstreamHarness(DownstreamHarness.patientClient(), 10_000, 64, ctx -> {
            echo = new EchoHandler(ctx);
            return new Preceded(echo, x -> x.location = location);
        });
        return harness.connect();
    }

    @AfterEach
    void stop() throws InterruptedException {
        harness.close();
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"/big", "/bigchunked"})
    void aBodyIsSentAtItsRate(String path) throws Exception {
        try (var client = connect(RATE)) {
            long beganNs = SystemClock.INSTANCE.nowNs();
            client.send(get(path)).readThrough("\r\n\r\n");
            int at = 0;
            while (at < EchoHandler.BIG_BYTES) {
                int length = EchoHandler.BIG_BYTES;
                if (path.endsWith("chunked")) {
                    length = Integer.parseInt(client.readThrough("\r\n").strip(), 16);
                }
                byte[] piece = client.socket.getInputStream().readNBytes(length);
                for (byte b : piece) {
                    assertTrue(EchoHandler.bigByte(at) == b, "byte " + at);
                    at++;
                }
                if (path.endsWith("chunked")) {
                    client.readThrough("\r\n");
                }
            }
            if (path.endsWith("chunked")) {
                client.readThrough("0\r\n\r\n");
            }
            long tookMs = (SystemClock.INSTANCE.nowNs() - beganNs) / 1_000_000;
            assertTrue(tookMs >= 990, "two seconds' worth in " + tookMs + " ms");
            String next = client.send(get("/hello")).readThrough("hello");
            assertTrue(next.startsWith("HTTP/1.1 200 OK"), next);
            assertEquals(Termination.DONE, echo.ended.getFirst());
        }
    }

    /**
     * An answer of our own memory does not end before it is sent; and the pauses, which are longer
     * than send_timeout here, are no fault of the client.
     */
    @Test
    void aSmallAnswerIsSentAtItsRateToo() throws Exception {
        try (var client = connect(100, "send_timeout = 100ms", "client_min_rate = 1g")) {
            long beganNs = SystemClock.INSTANCE.nowNs();
            client.send(get("/hello") + get("/hello"));
            String both = client.readThrough("hello") + client.readThrough("hello");
            long tookMs = (SystemClock.INSTANCE.nowNs() - beganNs) / 1_000_000;
            // Each has its first hundred bytes at once.
            assertTrue(tookMs >= (both.length() - 200) * 10 - 20, both.length() + " bytes in "
                    + tookMs + " ms");
            assertEquals(List.of(Termination.DONE), echo.ended.subList(0, 1));
        }
    }

    @Test
    void aClientThatLeavesWhileItIsHeldBackIsSeen() throws Exception {
        try (var client = connect(100)) {
            client.send(get("/big")).readThrough("HTTP/1.1 200");
        }
        long deadline = SystemClock.INSTANCE.nowNs() + 10_000_000_000L;
        while (echo.ended.isEmpty() && SystemClock.INSTANCE.nowNs() < deadline) {
            Thread.onSpinWait();
        }
        assertEquals(List.of(Termination.CLIENT_RESET), echo.ended);
    }
}
