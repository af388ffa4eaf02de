package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.LoadedConfig;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.http2.FrameType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Clients that open, feed, read, cancel and leave streams at random, with windows that open now
 * and then: every answer is right as far as it came, and nothing is left in the end.
 */
class Http2RandomTest {

    private static final int CLIENTS = 30;
    private static final int STEPS = 300;

    /** A stream as its client sees it. */
    private static final class Seen {
        final String path;
        final StringBuilder sent = new StringBuilder();
        boolean sentAll;
        final StringBuilder got = new StringBuilder();

        Seen(String path) {
            this.path = path;
        }

        /** What came is the beginning, or with {@code whole} all, of what should. */
        void check(boolean whole) {
            switch (path) {
                case "/hello" -> assertTrue("hello".startsWith(got.toString()), got.toString());
                case "/echo" -> assertTrue(sent.toString().startsWith(got.toString()));
                default -> {
                    for (int i = 0; i < got.length(); i++) {
                        assertEquals(EchoHandler.bigByte(i), (byte) got.charAt(i));
                    }
                }
            }
            if (whole) {
                int length = switch (path) {
                    case "/hello" -> 5;
                    case "/echo" -> sent.length();
                    default -> EchoHandler.BIG_BYTES;
                };
                assertEquals(length, got.length(), path);
            }
        }
    }

    private final Map<Integer, Seen> open = new HashMap<>();
    private Random random;
    private int whole;

    @Test
    void conversations() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        random = new Random(seed);
        LoadedConfig config = ConfigText.load("[http]", "http2 = on", "slab_count = 512",
                "http2_max_resets = 100000", "http2_max_control_frames = 100000",
                "client_min_rate = 0", "[server a]", "listen = 127.0.0.1:8080");
        var harness = new DownstreamHarness(
                config.config().servers().getFirst().fallback().client(), 10_000, 512, config,
                EchoHandler::new);
        for (int i = 0; i < CLIENTS; i++) {
            open.clear();
            try (Http2Client client = new Http2Client(harness.connect().socket)) {
                client.acknowledges = false;
                client.greet();
                talk(client);
            }
        }
        harness.onLoop(() -> {
            harness.downstreams().drain(1, true, () -> { });
            return null;
        });
        while (harness.onLoop(() -> harness.downstreams().openCount()) > 0) {
            Thread.onSpinWait();
        }
        assertEquals(0, harness.onLoop(() -> harness.ctx.slabs.lentCount()), "seed " + seed);
        assertEquals(0, harness.onLoop(() -> harness.downstreams().load()));
        assertTrue(whole > CLIENTS, "whole answers: " + whole);
        harness.close();
    }

    private void talk(Http2Client client) throws IOException {
        int next = 1;
        for (int step = 0; step < STEPS; step++) {
            List<Integer> ids = new ArrayList<>(open.keySet());
            int id = ids.isEmpty() ? 0 : ids.get(random.nextInt(ids.size()));
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    begin(client, next);
                    next += 2;
                }
                case 2, 3 -> feed(client, id);
                case 4 -> {
                    if (id != 0) {
                        client.number(FrameType.WINDOW_UPDATE, id, 1 + random.nextInt(50_000));
                    }
                }
                case 5 -> client.number(FrameType.WINDOW_UPDATE, 0, 1 + random.nextInt(200_000));
                case 6 -> {
                    if (id != 0 && random.nextInt(3) == 0) {
                        client.number(FrameType.RST_STREAM, id, 8);
                        open.remove(id).check(false);
                    }
                }
                default -> readUpToHere(client);
            }
        }
        readUpToHere(client);
        open.values().forEach(seen -> seen.check(false));
    }

    private void begin(Http2Client client, int id) throws IOException {
        String path = switch (random.nextInt(4)) {
            case 0 -> "/big";
            case 1 -> "/bigchunked";
            case 2 -> "/echo";
            default -> "/hello";
        };
        Seen seen = new Seen(path);
        if (path.equals("/echo")) {
            client.post(id, path);
        } else {
            seen.sentAll = true;
            client.get(id, path);
        }
        open.put(id, seen);
    }

    /** No more than the windows at the start allow, whoever reads it. */
    private void feed(Http2Client client, int id) throws IOException {
        Seen seen = open.get(id);
        if (seen == null || seen.sentAll || seen.sent.length() > 40_000) {
            return;
        }
        String piece = ("" + (char) ('a' + random.nextInt(26))).repeat(random.nextInt(16_000));
        seen.sentAll = random.nextInt(3) == 0;
        seen.sent.append(piece);
        client.data(id, piece, seen.sentAll);
    }

    private void readUpToHere(Http2Client client) throws IOException {
        String mark = String.format("%08d", random.nextInt(100_000_000));
        client.frame(FrameType.PING, 0, 0,
                mark.getBytes(StandardCharsets.US_ASCII));
        for (String next = client.next(); !next.equals("PING ACK " + mark);
                next = client.next()) {
            if (next.startsWith("DATA ")) {
                int at = next.indexOf(' ', 5);
                int id = Integer.parseInt(next.substring(5, at));
                boolean ends = next.startsWith(" END ", at);
                Seen seen = open.get(id);
                if (seen != null) {
                    seen.got.append(next, at + (ends ? 5 : 1), next.length());
                    if (ends) {
                        open.remove(id).check(true);
                        whole++;
                    }
                }
            } else {
                assertTrue(!next.equals("closed") && !next.equals("reset")
                        && !next.startsWith("GOAWAY") && !next.startsWith("RST"), next);
            }
        }
    }
}
