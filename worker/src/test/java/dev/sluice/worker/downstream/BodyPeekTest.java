package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.worker.exchange.BodyPeek;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RequestHandler;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.http.HeaderName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Beginnings of bodies, looked at on a real loop and read by somebody else afterwards. */
class BodyPeekTest {

    private static final String DOCUMENT =
            "<?xml version=\"1.0\"?><!-- a --><e:EndDevice xmlns:e=\"urn\"><x/></e:EndDevice>";

    private static final Pattern ROOT = Pattern.compile(
            "(?:\\s++|<\\?.*?\\?>|<!--.*?-->)*+<(?:\\w+:)?(\\w+)[\\s/>].*", Pattern.DOTALL);

    private final List<String> roots = new CopyOnWriteArrayList<>();
    private DownstreamHarness harness;

    /** Waits for the first tag that is none of an instruction or a comment, and notes its name. */
    private final class Gated implements RequestHandler {
        private static final int BYTES_MAX = 4096;
        private final BodyPeek peek = new BodyPeek();
        private final EchoHandler echo;

        Gated(EchoHandler echo) {
            this.echo = echo;
        }

        @Override
        public void onRequest(Exchange x) {
            if (isSep(x) && !look(x)) {
                x.responder = new Waiting();
                return;
            }
            if (!isSep(x)) {
                roots.add("");
            }
            echo.onRequest(x);
        }

        private boolean isSep(Exchange x) {
            int i = x.request.headers.find(HeaderName.CONTENT_TYPE);
            byte[] value = new byte[x.request.headers.valueLength(i)];
            x.request.headers.buffer().get(x.request.headers.valueOffset(i), value);
            return new String(value, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT)
                    .matches("application/sep\\+xml(;.*)?");
        }

        private boolean look(Exchange x) {
            x.client.peekBody(peek, BYTES_MAX);
            int count = Math.min(peek.to - peek.from, BYTES_MAX);
            byte[] seen = new byte[count];
            if (count > 0) {
                peek.bytes.get(peek.from, seen);
            }
            Matcher root = ROOT.matcher(new String(seen, StandardCharsets.US_ASCII));
            boolean found = root.lookingAt();
            if (!found && peek.mayGrow && count < BYTES_MAX) {
                return false;
            }
            x.client.endPeek();
            roots.add(found ? root.group(1) : "");
            return true;
        }

        @Override
        public void onGatePassed(Exchange x) {
            echo.onRequest(x);
        }

        private final class Waiting implements Responder {
            @Override
            public void onRequestBodyReadable(Exchange x) {
                if (look(x)) {
                    x.responder = Responder.NONE;
                    onGatePassed(x);
                }
            }

            @Override
            public void onClientWritable(Exchange x) {
                // Nothing is written.
            }

            @Override
            public void onClientGone(Exchange x) {
                // Nothing is held.
            }
        }

        @Override
        public void onBadRequest(Exchange x, int status) {
            echo.onBadRequest(x, status);
        }

        @Override
        public void onInternalRedirect(Exchange x) {
            echo.onInternalRedirect(x);
        }

        @Override
        public void onNamedLocation(Exchange x, String name) {
            echo.onNamedLocation(x, name);
        }
    }

    private DownstreamHarness.Client connect(long bodyTimeoutMs) throws Exception {
        harness = new DownstreamHarness(
                DownstreamHarness.client(bodyTimeoutMs, 10_000, 10_000, 1000, 10_000), 10_000,
                16, null,
                ctx -> new Gated(new EchoHandler(ctx)));
        return harness.connect();
    }

    private static String head(String path, String type, int length) {
        return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Type: " + type
                + "\r\nContent-Length: " + length + "\r\n";
    }

    private static String post(String body) {
        return head("/echo", "application/sep+xml", body.length()) + "\r\n" + body;
    }

    @AfterEach
    void stop() throws Exception {
        await(() -> harness.onLoop(() -> harness.ctx.slabs.lentCount()) == 0);
        harness.close();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = SystemClock.INSTANCE.nowNs() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(SystemClock.INSTANCE.nowNs() < deadline, "too late");
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void bodyAtHand() throws Exception {
        try (var client = connect(10_000)) {
            client.send(post(DOCUMENT) + post("<Other/>")).readThrough(DOCUMENT);
            client.readThrough("<Other/>");
            assertEquals(List.of("EndDevice", "Other"), roots);
        }
    }

    @Test
    void bodyThatComesPieceByPiece() throws Exception {
        try (var client = connect(10_000)) {
            String request = post(DOCUMENT);
            for (int i = 0; i < request.length(); i++) {
                client.send(request.substring(i, i + 1));
            }
            assertEquals(DOCUMENT, body(client));
            client.send(post(DOCUMENT));
            assertEquals(DOCUMENT, body(client));
            assertEquals(List.of("EndDevice", "EndDevice"), roots);
        }
    }

    /** The body comes back in as many chunks as it was read in. */
    private static String body(DownstreamHarness.Client client) throws IOException {
        String answer = client.readThrough("\r\n0\r\n\r\n");
        int from = answer.indexOf("\r\n\r\n") + 2;
        return answer.substring(from, answer.length() - 7).replaceAll("\r\n[0-9a-f]+\r\n", "");
    }

    @Test
    void whatIsNotReadIsDroppedAfterwards() throws Exception {
        try (var client = connect(10_000)) {
            String first = head("/hello", "application/SEP+xml; charset=utf-8", DOCUMENT.length());
            client.send(first + "\r\n" + DOCUMENT.substring(0, 30));
            client.send(DOCUMENT.substring(30)).readThrough("hello");
            client.send(post(DOCUMENT)).readThrough(DOCUMENT);
            assertEquals(List.of("EndDevice", "EndDevice"), roots);
        }
    }

    @Test
    void nobodyWaitsForOtherBodies() throws Exception {
        try (var client = connect(10_000)) {
            client.send(head("/hello", "application/sep+xmlx", DOCUMENT.length()) + "\r\n")
                    .readThrough("hello");
            client.send(DOCUMENT + head("/hello", "application/sep+xml", 0) + "\r\n")
                    .readThrough("hello");
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                    + "Content-Type: application/sep+xml\r\n\r\n5\r\n<a/>\n\r\n0\r\n\r\n")
                    .readThrough("<a/>");
            client.readThrough("0\r\n\r\n");
            client.send(head("/echo", "application/sep+xml", 4)
                    + "Expect: 100-continue\r\n\r\n").readThrough("100 Continue\r\n\r\n");
            client.send("<b/>").readThrough("<b/>");
            assertEquals(List.of("", "", "", ""), roots);
        }
    }

    @Test
    void bodyWithoutRootPasses() throws Exception {
        try (var client = connect(10_000)) {
            for (String body : new String[] {"   ", "{\"a\": 1}", " ".repeat(60_000)}) {
                client.send(post(body));
                await(() -> !roots.isEmpty());
                assertEquals("", roots.removeFirst());
                client.readThrough("0\r\n\r\n");
            }
        }
    }

    @Test
    void bodyThatDoesNotComeEndsIt() throws Exception {
        try (var client = connect(200)) {
            client.send(head("/echo", "application/sep+xml", 10) + "\r\n<");
            assertTrue(client.readToEnd().startsWith("HTTP/1.1 408 "));
            assertEquals(List.of(), roots);
        }
    }

    /** What is left of it is found by whoever reads; nothing stays behind. */
    @Test
    void clientMayLeave() throws Exception {
        try (var client = connect(10_000)) {
            client.send(head("/echo", "application/sep+xml", 10) + "\r\n<");
            await(() -> harness.onLoop(() -> harness.ctx.slabs.lentCount()) == 1);
        }
        await(() -> harness.onLoop(() -> harness.downstreams().openCount()) == 0);
    }
}
