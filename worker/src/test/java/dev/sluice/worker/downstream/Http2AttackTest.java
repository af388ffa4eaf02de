package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.counters.CounterId;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.http2.Blocks;
import dev.sluice.worker.http2.FrameType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The known attacks on servers of HTTP/2, each with a bound on what it makes the server do: how
 * many requests reach a handler, how many slabs are lent, how much is answered, and how long the
 * loop works. What they cost a whole worker is measured by the conversations of packaging.
 */
class Http2AttackTest {

    /** For each of the streams of one connection, and some for what is written. */
    private static final int SLABS_MAX = 110;
    /** Many times what any of them takes, in code that nobody has compiled yet. */
    private static final long CPU_NS_MAX = 10_000_000_000L;

    private DownstreamHarness harness;
    private final AtomicInteger requests = new AtomicInteger();

    @BeforeEach
    void start() {
        LoadedConfig config = ConfigText.load("[http]", "http2 = on", "slab_count = 512",
                "send_timeout = 500ms", "client_min_rate = 500", "[server a]",
                "listen = 127.0.0.1:8080");
        harness = new DownstreamHarness(config.config().servers().getFirst().fallback().client(),
                10_000, 512, config, ctx -> new Preceded(new EchoHandler(ctx),
                        x -> requests.incrementAndGet()));
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        harness.onLoop(() -> {
            harness.downstreams().drain(1, true, () -> { });
            return null;
        });
        while (harness.onLoop(() -> harness.downstreams().openCount()) > 0) {
            Thread.onSpinWait();
        }
        assertEquals(0, harness.onLoop(() -> harness.ctx.slabs.lentCount()).intValue());
        int slabs = harness.onLoop(() -> harness.ctx.slabs.lentMax());
        assertTrue(slabs <= SLABS_MAX, slabs + " slabs were lent at once");
        long cpuNs = harness.onLoop(
                () -> ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
        assertTrue(cpuNs < CPU_NS_MAX, "the loop has worked for " + cpuNs + " ns");
        harness.close();
    }

    private Http2Client connect() throws IOException {
        Http2Client client = new Http2Client(harness.connect().socket);
        client.acknowledges = false;
        return client.greet();
    }

    private long counter(CounterId id) {
        return harness.onLoop(() -> harness.counters.get(id));
    }

    /** Sends frames until the server has had enough. @return how many were sent */
    private static int flood(Http2Client client, int most, Step step) throws IOException {
        int sent = 0;
        try {
            while (sent < most) {
                client.together();
                for (int i = 0; i < 50; i++) {
                    step.send(sent++);
                }
                client.flush();
            }
        } catch (SocketException e) {
            // The connection was closed while this side was still sending.
            return sent;
        }
        return sent;
    }

    private interface Step {
        void send(int i) throws IOException;
    }

    private static String lastWord(Http2Client client) throws IOException {
        List<String> all = client.toTheEnd();
        return all.stream().filter(frame -> frame.startsWith("GOAWAY")).findFirst()
                .orElse("no GOAWAY in " + all.size() + " frames");
    }

    @Test
    void rapidReset() throws IOException {
        try (Http2Client client = connect()) {
            flood(client, 5000, i -> client.post(2 * i + 1, "/echo")
                    .number(FrameType.RST_STREAM, 2 * i + 1, 8));
            assertEquals("GOAWAY 401 ENHANCE_YOUR_CALM", lastWord(client));
        }
        assertEquals(201, requests.get());
        assertEquals(1, counter(CounterId.HTTP2_ENDED_RESETS));
    }

    /** The server is made to reset: a window update of 0 on each stream. */
    @Test
    void madeYouReset() throws IOException {
        try (Http2Client client = connect()) {
            flood(client, 5000, i -> client.post(2 * i + 1, "/echo")
                    .number(FrameType.WINDOW_UPDATE, 2 * i + 1, 0));
            String last = lastWord(client);
            assertTrue(last.endsWith("ENHANCE_YOUR_CALM"), last);
        }
        assertTrue(requests.get() <= 201, "requests " + requests.get());
    }

    /** The same by DATA behind the end of the request, and by a window that overflows. */
    @Test
    void madeYouResetOtherwise() throws IOException {
        try (Http2Client client = connect()) {
            flood(client, 5000, i -> client.headers(2 * i + 1, 0,
                    Http2Client.request("POST", "/echo", "content-length", "1"))
                    .data(2 * i + 1, "xx", false));
            String last = lastWord(client);
            assertTrue(last.endsWith("ENHANCE_YOUR_CALM"), last);
        }
        try (Http2Client client = connect()) {
            flood(client, 5000, i -> client.post(2 * i + 1, "/echo")
                    .number(FrameType.WINDOW_UPDATE, 2 * i + 1, Integer.MAX_VALUE));
            String last = lastWord(client);
            assertTrue(last.endsWith("ENHANCE_YOUR_CALM"), last);
        }
        assertTrue(requests.get() <= 402, "requests " + requests.get());
    }

    @Test
    void endlessContinuation() throws IOException {
        for (byte[] piece : List.of(new byte[0], new byte[] {(byte) 0x82}, new byte[16_000])) {
            try (Http2Client client = connect()) {
                client.frame(FrameType.HEADERS, FrameType.END_STREAM, 1, Blocks.of(
                        Http2Client.request("GET", "/hello")));
                flood(client, 1000, i -> client.frame(FrameType.CONTINUATION, 0, 1, piece));
                assertEquals("GOAWAY 0 ENHANCE_YOUR_CALM", lastWord(client));
            }
        }
        assertEquals(3, counter(CounterId.HTTP2_ENDED_HEADERS));
        assertEquals(0, requests.get());
    }

    /** One field is put into the table, then named thousands of times by one byte each. */
    @Test
    void compressedBomb() throws IOException {
        try (Http2Client client = connect()) {
            for (int stream = 1; stream < 100; stream += 2) {
                ByteArrayOutputStream block = new ByteArrayOutputStream();
                block.writeBytes(Blocks.of(Http2Client.request("GET", "/hello")));
                block.writeBytes(Blocks.indexed("x-bomb", "v".repeat(4000)));
                byte[] ones = new byte[12_000];
                Arrays.fill(ones, (byte) 0xbe);
                block.writeBytes(ones);
                // Nobody reads the answer either: the window is closed.
                client.frame(FrameType.SETTINGS, 0, 0, Blocks.hex("000400000000"));
                client.frame(FrameType.HEADERS,
                        FrameType.END_STREAM | FrameType.END_HEADERS, stream,
                        block.toByteArray());
            }
            client.frame(FrameType.PING, 0, 0, new byte[8]);
            // send_timeout ends what is not read, some of it before the last is sent perhaps.
            int resets = 0;
            boolean answered = false;
            while (resets < 50 || !answered) {
                String next = client.next();
                assertTrue(!next.equals("closed") && !next.startsWith("DATA"), next);
                resets += next.startsWith("RST_STREAM") ? 1 : 0;
                if (next.startsWith("PING")) {
                    answered = true;
                    // A slab for each stream, whatever it was, and two for the connection.
                    assertTrue(harness.onLoop(() -> harness.ctx.slabs.lentCount()) <= 52);
                }
            }
            assertEquals(0, requests.get());
        }
    }

    @Test
    void crumbsOfCookies() throws IOException {
        try (Http2Client client = connect()) {
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            block.writeBytes(Blocks.of(Http2Client.request("GET", "/hello")));
            block.writeBytes(Blocks.indexed("cookie", ""));
            byte[] ones = new byte[10_000];
            Arrays.fill(ones, (byte) 0xbe);
            block.writeBytes(ones);
            client.frame(FrameType.HEADERS, FrameType.END_STREAM | FrameType.END_HEADERS, 1,
                    block.toByteArray());
            String head = client.until("HEADERS 1");
            assertTrue(head.contains(":status=431"), head);
        }
        assertEquals(0, requests.get());
    }

    @Test
    void controlFrames() throws IOException {
        List<Step> floods = new ArrayList<>();
        Http2Client[] at = new Http2Client[1];
        floods.add(i -> at[0].frame(FrameType.SETTINGS, 0, 0));
        floods.add(i -> at[0].frame(FrameType.PING, 0, 0, new byte[8]));
        floods.add(i -> at[0].frame(FrameType.PRIORITY, 0, 1, new byte[5]));
        floods.add(i -> at[0].frame(FrameType.DATA, 0, 1));
        floods.add(i -> at[0].number(FrameType.WINDOW_UPDATE, 0, 1));
        floods.add(i -> at[0].number(FrameType.WINDOW_UPDATE, 1, 1));
        floods.add(i -> at[0].frame(0x63, 0, 0, new byte[8]));
        for (Step step : floods) {
            try (Http2Client client = connect()) {
                at[0] = client;
                client.post(1, "/echo");
                flood(client, 10_000, step);
                assertEquals("GOAWAY 1 ENHANCE_YOUR_CALM", lastWord(client),
                        "flood " + floods.indexOf(step));
            }
        }
        assertEquals(7, counter(CounterId.HTTP2_ENDED_CONTROL_FRAMES));
    }

    /** Frames that want an answer, of which none is read: what waits stays small. */
    @Test
    void pingsWithoutReading() throws IOException {
        try (Http2Client client = connect()) {
            flood(client, 200_000, i -> client.frame(FrameType.PING, 0, 0, new byte[8]));
            assertTrue(harness.onLoop(() -> harness.ctx.slabs.lentCount()) <= 3);
        }
    }

    @Test
    void aTinyHeaderListOfTheClient() throws IOException {
        try (Http2Client client = connect()) {
            client.frame(FrameType.SETTINGS, 0, 0, Blocks.hex("000600000001"));
            client.get(1, "/hello");
            client.until("DATA 1 END hello");
        }
    }

    /** Streams are bounded before the client has acknowledged anything. */
    @Test
    void moreStreamsThanAllowed() throws IOException {
        try (Http2Client client = connect()) {
            client.together();
            for (int i = 0; i < 150; i++) {
                client.post(2 * i + 1, "/echo");
            }
            client.flush();
            for (int i = 100; i < 150; i++) {
                assertEquals("RST_STREAM " + (2 * i + 1) + " REFUSED_STREAM",
                        client.until("RST_STREAM"));
            }
            assertEquals(100, requests.get());
            for (int i = 150; i < 400; i++) {
                client.post(2 * i + 1, "/echo");
            }
            assertEquals(100, requests.get());
            String last = lastWord(client);
            assertTrue(last.endsWith("ENHANCE_YOUR_CALM"), last);
        }
    }

    @Test
    void trailersWithoutEnd() throws IOException {
        try (Http2Client client = connect()) {
            client.post(1, "/echo").headers(1, 0, "x", "y");
            assertEquals("RST_STREAM 1 PROTOCOL_ERROR", client.until("RST_STREAM"));
            client.get(3, "/hello");
            client.until("DATA 3 END hello");
        }
    }

    @Test
    void brokenTables() throws IOException {
        for (String hex : List.of("3fe21f", "ffffffffff0f", "7fffffffff0f", "20be")) {
            try (Http2Client client = connect()) {
                client.frame(FrameType.HEADERS, FrameType.END_HEADERS, 1, Blocks.hex(hex));
                assertEquals("GOAWAY 1 COMPRESSION_ERROR", lastWord(client), hex);
            }
        }
    }

    @Test
    void framesThatMayNotCome() throws IOException {
        record Case(String expected, byte[] frame) {}
        byte[] window = ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).array();
        for (Case one : List.of(
                new Case("PROTOCOL_ERROR", Http2Client.bytes(FrameType.DATA, 0, 1, new byte[1])),
                new Case("PROTOCOL_ERROR", Http2Client.bytes(FrameType.RST_STREAM, 0, 1,
                        new byte[4])),
                new Case("PROTOCOL_ERROR", Http2Client.bytes(FrameType.WINDOW_UPDATE, 0, 1,
                        window)),
                new Case("PROTOCOL_ERROR", Http2Client.bytes(FrameType.WINDOW_UPDATE, 0, 0,
                        new byte[4])),
                new Case("FLOW_CONTROL_ERROR", Http2Client.bytes(FrameType.WINDOW_UPDATE, 0, 0,
                        window)),
                new Case("PROTOCOL_ERROR", Http2Client.bytes(FrameType.PUSH_PROMISE, 4, 1,
                        new byte[4])),
                new Case("PROTOCOL_ERROR", Http2Client.bytes(FrameType.CONTINUATION, 4, 1,
                        new byte[4])),
                new Case("PROTOCOL_ERROR", Http2Client.bytes(FrameType.HEADERS, 5, 2,
                        Blocks.of(Http2Client.request("GET", "/hello")))),
                new Case("FRAME_SIZE_ERROR", Http2Client.bytes(FrameType.PING, 0, 0,
                        new byte[7])))) {
            try (Http2Client client = connect()) {
                client.raw(one.frame());
                assertEquals("GOAWAY 0 " + one.expected(), lastWord(client));
            }
        }
        assertEquals(9, counter(CounterId.HTTP2_ENDED_PROTOCOL));
    }

    @Test
    void moreDataThanTheWindows() throws IOException {
        try (Http2Client client = connect()) {
            client.post(1, "/big");
            for (int i = 0; i < 5; i++) {
                client.frame(FrameType.DATA, 0, 1, new byte[16_384]);
            }
            assertEquals("RST_STREAM 1 FLOW_CONTROL_ERROR", client.until("RST_STREAM"));
        }
    }

    /** Each update lets one byte go: the answer ends before it has cost much. */
    @Test
    void windowsThatOpenByteByByte() throws IOException {
        try (Http2Client client = connect()) {
            client.frame(FrameType.SETTINGS, 0, 0, Blocks.hex("000400000000"));
            client.get(1, "/big");
            client.until("HEADERS 1");
            int bytes = 0;
            String next = "";
            while (!next.startsWith("RST_STREAM") && !next.startsWith("GOAWAY")) {
                client.number(FrameType.WINDOW_UPDATE, 1, 1);
                next = client.answer();
                bytes += next.startsWith("DATA 1 ") ? next.length() - "DATA 1 ".length() : 0;
            }
            assertTrue(next.equals("RST_STREAM 1 CANCEL") || next.endsWith("ENHANCE_YOUR_CALM"),
                    next + " after " + bytes + " bytes");
        }
        assertEquals(1, requests.get());
    }

    /** Fields without names and values cost more here than on the wire. */
    @Test
    void emptyFields() throws IOException {
        try (Http2Client client = connect()) {
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            block.writeBytes(Blocks.of(Http2Client.request("GET", "/hello")));
            // A literal whose name and value have no byte each.
            block.writeBytes(Blocks.hex("000000".repeat(5000)));
            client.frame(FrameType.HEADERS, FrameType.END_STREAM | FrameType.END_HEADERS, 1,
                    block.toByteArray());
            String head = client.until("HEADERS 1");
            assertTrue(head.contains(":status=4"), head);
        }
        assertEquals(0, requests.get());
    }

    /** An answer whose window stays shut. */
    @Test
    void windowsThatStayShut() throws IOException {
        try (Http2Client client = connect()) {
            client.frame(FrameType.SETTINGS, 0, 0, Blocks.hex("000400000000"));
            client.get(1, "/big");
            client.until("HEADERS 1");
            assertEquals("RST_STREAM 1 CANCEL", client.answer());
            client.get(3, "/hello");
            client.until("HEADERS 3");
        }
    }
}
