package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What the known attacks on HTTP/2 cost a worker: memory, requests to its peer, time of the
 * processor. How each is met, frame by frame, stands in the worker's own tests.
 */
final class Http2AttackIT {

    /** So many times each attacker says it again, if it is let. */
    private static final int TIMES = 100_000;
    private static final int BATCH = 200;
    private static final int CONNECTIONS = 2;
    /** Of all processors, for one kind of attack; most of it is a program that has just begun. */
    private static final double CPU_SECONDS_MAX = 5;
    /** Two thousand streams are held, and 48 MB have been unpacked meanwhile. */
    private static final long HELD_KB_MAX = 50 * 1024;

    /** What an attacker sends for the n-th time. */
    private interface Deed {
        byte[] of(int n);
    }

    private record Attack(String name, byte[] first, Deed deed) {
    }

    private static byte[] frame(int type, int flags, int stream, byte... payload) {
        return RawHttp2.frame(type, flags, stream, payload);
    }

    private static byte[] number(int type, int stream, int value) {
        return frame(type, 0, stream, ByteBuffer.allocate(4).putInt(value).array());
    }

    private static byte[] post(int n, String... more) {
        List<String> fields = new ArrayList<>(List.of(":method", "POST", ":scheme", "http",
                ":authority", "localhost", ":path", "/app/"));
        fields.addAll(List.of(more));
        return frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 2 * n + 1,
                RawHttp2.block(fields.toArray(String[]::new)));
    }

    private static byte[] both(byte[] a, byte[] b) {
        return ByteBuffer.allocate(a.length + b.length).put(a).put(b).array();
    }

    private static List<Attack> attacks() {
        byte[] nothing = new byte[0];
        byte[] open = frame(RawHttp2.HEADERS, 0, 1, RawHttp2.block(":method", "GET"));
        return List.of(
                new Attack("rapid reset", nothing,
                        n -> both(post(n), number(RawHttp2.RST_STREAM, 2 * n + 1, 8))),
                new Attack("reset by the server: updates of 0", nothing,
                        n -> both(post(n), number(RawHttp2.WINDOW_UPDATE, 2 * n + 1, 0))),
                new Attack("reset by the server: more than the length", nothing,
                        n -> both(post(n, "content-length", "1"),
                                frame(RawHttp2.DATA, 0, 2 * n + 1, new byte[2]))),
                new Attack("streams without end", nothing, n -> post(n)),
                new Attack("CONTINUATION without a byte", open,
                        n -> frame(RawHttp2.CONTINUATION, 0, 1)),
                new Attack("CONTINUATION by bytes", open,
                        n -> frame(RawHttp2.CONTINUATION, 0, 1, (byte) 0x82)),
                new Attack("SETTINGS", nothing, n -> frame(RawHttp2.SETTINGS, 0, 0)),
                new Attack("PING", nothing, n -> frame(RawHttp2.PING, 0, 0, new byte[8])),
                new Attack("PRIORITY", nothing, n -> frame(RawHttp2.PRIORITY, 0, 1, new byte[5])),
                new Attack("DATA without a byte", post(0), n -> frame(RawHttp2.DATA, 0, 1)),
                new Attack("updates by bytes", post(0),
                        n -> number(RawHttp2.WINDOW_UPDATE, 0, 1)));
    }

    private static RunningSluice start(ScriptedUpstream peer) throws IOException {
        return RunningSluice.with("""
                [upstream app]
                server = %s
                [server s]
                listen = 127.0.0.1:@PORT@
                http2 = on
                root = @DIR@/www
                [location s /app/]
                proxy_pass = http://app
                """.formatted(peer.address()))
                .file("www/large", new byte[4 << 20]).start();
    }

    /** @return whether the server has ended the connection before all was sent */
    private static boolean isStopped(RunningSluice sluice, Attack attack) throws IOException {
        try (RawClient client = sluice.client()) {
            RawHttp2.over(client);
            try {
                client.send(attack.first);
                for (int n = 0; n < TIMES; n += BATCH) {
                    var batch = new ByteArrayOutputStream();
                    for (int i = n; i < n + BATCH; i++) {
                        batch.writeBytes(attack.deed.of(i));
                    }
                    client.send(batch.toByteArray());
                }
            } catch (IOException closed) {
                return true;
            }
            // All was taken by the kernel: the end follows.
            client.readUntilClosed();
            return true;
        }
    }

    @Test
    void floodsEndSoonAndCostLittle() throws Exception {
        try (var peer = ScriptedUpstream.answering("hello"); var sluice = start(peer)) {
            assertEquals(200, sluice.client().get("/app/").response().status());
            long worker = sluice.workerPids().getFirst();
            FlatMemory memory = new FlatMemory(sluice);
            for (Attack attack : attacks()) {
                int requests = peer.requestCount();
                double seconds = Processes.cpuSeconds(worker);
                for (int i = 0; i < CONNECTIONS; i++) {
                    assertTrue(isStopped(sluice, attack), attack.name);
                }
                seconds = Processes.cpuSeconds(worker) - seconds;
                assertTrue(seconds < CPU_SECONDS_MAX, attack.name + ": " + seconds + " s");
                // 200 resets a minute are allowed, and 100 streams at once.
                int asked = peer.requestCount() - requests;
                assertTrue(asked <= CONNECTIONS * 301, attack.name + ": " + asked + " requests");
                memory.check();
                assertEquals(200, sluice.client().get("/app/").response().status());
            }
        }
    }

    /**
     * Fields of the table, named by a byte each, on all streams of many connections whose windows
     * are shut; then answers that nobody takes. Others are served all the while.
     */
    @Test
    void bombsAreHeldWithoutMemory() throws Exception {
        byte[] shut = frame(RawHttp2.SETTINGS, 0, 0, HexFormat.of().parseHex("000400000000"));
        var bomb = new ByteArrayOutputStream();
        bomb.writeBytes(RawHttp2.block(":method", "GET", ":scheme", "http", ":authority",
                "localhost", ":path", "/large"));
        // RFC 7541 §6.2.1: into the table, where it is field 62, 0xbe.
        bomb.writeBytes(HexFormat.of().parseHex("4003782d62" + "7fa11e"));
        bomb.writeBytes("v".repeat(4000).getBytes(StandardCharsets.US_ASCII));
        byte[] named = new byte[12_000];
        Arrays.fill(named, (byte) 0xbe);
        bomb.writeBytes(named);
        byte[] plain = RawHttp2.block(":method", "GET", ":scheme", "http", ":authority",
                "localhost", ":path", "/large");
        List<RawClient> held = new ArrayList<>();
        try (var peer = ScriptedUpstream.answering("hello"); var sluice = start(peer)) {
            assertEquals(200, sluice.client().get("/app/").response().status());
            long worker = sluice.workerPids().getFirst();
            FlatMemory memory = new FlatMemory(sluice);
            double seconds = Processes.cpuSeconds(worker);
            for (byte[] block : List.of(bomb.toByteArray(), plain)) {
                for (int i = 0; i < 10; i++) {
                    RawClient client = sluice.client();
                    held.add(client);
                    RawHttp2 frames = RawHttp2.over(client);
                    var all = new ByteArrayOutputStream();
                    all.writeBytes(shut);
                    for (int n = 0; n < 100; n++) {
                        all.writeBytes(frame(RawHttp2.HEADERS,
                                RawHttp2.END_HEADERS | RawHttp2.END_STREAM, 2 * n + 1, block));
                    }
                    client.send(all.toByteArray());
                    // The server has met all of it.
                    frames.until(RawHttp2.HEADERS);
                    frames.send(RawHttp2.PING, 0, 0, new byte[8]);
                    frames.until(RawHttp2.PING);
                    memory.check(HELD_KB_MAX);
                }
            }
            seconds = Processes.cpuSeconds(worker) - seconds;
            assertTrue(seconds < CPU_SECONDS_MAX, seconds + " s");
            assertEquals(1, peer.requestCount());
            assertEquals(200, sluice.client().get("/app/").response().status());
            for (RawClient client : held) {
                client.close();
            }
            memory.check(HELD_KB_MAX);
        }
    }
}
