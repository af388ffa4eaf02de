package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RequestHandler;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.http2.ErrorCode;
import dev.sluice.worker.http2.FrameType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two requests are served at once, whatever connections more of them come on. */
class TurnstileTest {

    private final BlockingQueue<String> begun = new LinkedBlockingQueue<>();
    private final List<Exchange> inside = new ArrayList<>();
    private final DownstreamHarness harness = new DownstreamHarness(
            DownstreamHarness.patientClient(), 10_000, 64, ConfigText.load("[http]", "http2 = on",
                    "slab_count = 64", "max_active_requests = 2", "[server a]",
                    "listen = 127.0.0.1:8080"), ctx -> new Holder());

    /** Answers health at once, and others when the test says so. */
    private final class Holder implements RequestHandler {

        @Override
        public void onRequest(Exchange x) {
            byte[] path = new byte[x.request.pathLength];
            x.request.buffer().get(x.request.pathOffset, path);
            String target = new String(path, StandardCharsets.US_ASCII);
            begun.add(target);
            if (target.equals("/healthz")) {
                answer(x);
            } else {
                inside.add(x);
            }
        }

        @Override
        public void onBadRequest(Exchange x, int status) {
            answer(x);
        }

        @Override
        public void onInternalRedirect(Exchange x) {
            throw new AssertionError("not asked for");
        }

        @Override
        public void onNamedLocation(Exchange x, String name) {
            throw new AssertionError("not asked for");
        }

        @Override
        public void onGatePassed(Exchange x) {
            throw new AssertionError("there is no gate");
        }
    }

    private static void answer(Exchange x) {
        x.responder = Responder.NONE;
        x.client.beginHead(200);
        x.client.endHead(2);
        x.client.writeCopy(ByteBuffer.wrap(new byte[] {'o', 'k'}), 0, 2);
        x.client.endResponse();
    }

    @AfterEach
    void stop() throws InterruptedException {
        harness.close();
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    private String next() throws InterruptedException {
        return begun.poll(10, TimeUnit.SECONDS);
    }

    /** Nobody has begun, now that the loop has made another turn. */
    private void expectNone() {
        harness.onLoop(() -> null);
        assertNull(begun.poll());
    }

    private void answerOldest() {
        harness.onLoop(() -> {
            answer(inside.removeFirst());
            return null;
        });
    }

    private void awaitLoad(int count) {
        while (harness.onLoop(() -> harness.downstreams().load()) != count) {
            Thread.onSpinWait();
        }
    }

    @Test
    void othersWaitInTheOrderInWhichTheyCame() throws Exception {
        try (var a = harness.connect(); var b = harness.connect(); var c = harness.connect();
                var d = harness.connect()) {
            a.send(get("/a"));
            assertEquals("/a", next());
            b.send(get("/b"));
            assertEquals("/b", next());
            c.send(get("/c"));
            awaitLoad(3);
            d.send(get("/d"));
            awaitLoad(4);
            expectNone();
            answerOldest();
            assertTrue(a.readThrough("ok").startsWith("HTTP/1.1 200"));
            assertEquals("/c", next());
            expectNone();
            // Behind those who wait already, though its connection was served before.
            a.send(get("/again"));
            awaitLoad(4);
            answerOldest();
            assertEquals("/d", next());
            answerOldest();
            assertEquals("/again", next());
            answerOldest();
            answerOldest();
            for (var client : List.of(a, b, c, d)) {
                client.readThrough("ok");
            }
            awaitLoad(0);
        }
    }

    @Test
    void whoeverLeavesItsPlaceDoesNotHoldUpOthers() throws Exception {
        try (var a = harness.connect(); var c = harness.connect(); var d = harness.connect()) {
            a.send(get("/a"));
            assertEquals("/a", next());
            try (var b = harness.connect()) {
                b.send(get("/b"));
                assertEquals("/b", next());
                c.send(get("/c"));
                awaitLoad(3);
                try (var gone = harness.connect()) {
                    gone.send(get("/gone"));
                    awaitLoad(4);
                    d.send(get("/d"));
                    awaitLoad(5);
                }
                awaitLoad(4);
            }
            answerOldest();
            answerOldest();
            assertEquals("/c", next());
            assertEquals("/d", next());
            answerOldest();
            answerOldest();
            c.readThrough("ok");
            d.readThrough("ok");
        }
    }

    @Test
    void whoWatchesTheServerDoesNotWait() throws Exception {
        try (var a = harness.connect(); var b = harness.connect(); var c = harness.connect()) {
            a.send(get("/a"));
            b.send(get("/b"));
            awaitLoad(2);
            c.send(get("/healthz")).readThrough("ok");
            c.send(get("/c"));
            awaitLoad(3);
            assertEquals(3, begun.size());
        }
    }

    @Test
    void streamsOfOneConnectionStandInTheSameLine() throws Exception {
        try (var many = new Http2Client(harness.connect().socket); var one = harness.connect()) {
            many.greet();
            for (int stream = 1; stream <= 7; stream += 2) {
                many.get(stream, "/" + stream);
            }
            awaitLoad(4);
            one.send(get("/one"));
            awaitLoad(5);
            assertEquals("/1", next());
            assertEquals("/3", next());
            expectNone();
            many.number(FrameType.RST_STREAM, 5, ErrorCode.CANCEL);
            awaitLoad(4);
            answerOldest();
            assertEquals("/7", next());
            answerOldest();
            assertEquals("/one", next());
            answerOldest();
            answerOldest();
            one.readThrough("ok");
            awaitLoad(0);
        }
    }
}
