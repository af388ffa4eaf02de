package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocket;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Opcode;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.ServerHandshake;
import org.junit.jupiter.api.Test;

/** WebSocket between a client and a server that others have written, and over HTTP/2. */
final class WebSocketPeersIT {

    private static RunningSluice sluice(EchoSocketServer server) throws Exception {
        return RunningSluice.with("""
                [upstream app]
                server = %s
                [server s]
                listen = 127.0.0.1:@PORT@
                http2 = on
                [location s /]
                proxy_pass = http://app
                [location s /own]
                return = 200 own
                """.formatted(server.address())).start();
    }

    /** What it hears, in words. */
    private static final class Client extends WebSocketClient {

        private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

        Client(int port) {
            super(URI.create("ws://127.0.0.1:" + port + "/chat?x=1"), new Draft_6455(), Map.of(),
                    Await.PATIENCE_SECONDS * 1000);
            setConnectionLostTimeout(0);
        }

        Object next() throws InterruptedException {
            Object next = heard.poll(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing comes");
            }
            return next;
        }

        @Override
        public void onOpen(ServerHandshake handshake) {
            heard.add("open " + handshake.getHttpStatus());
        }

        @Override
        public void onMessage(String text) {
            heard.add(text);
        }

        @Override
        public void onMessage(ByteBuffer bytes) {
            heard.add(bytes);
        }

        @Override
        public void onWebsocketPong(WebSocket socket, Framedata frame) {
            heard.add("pong");
        }

        @Override
        public void onClose(int code, String reason, boolean remote) {
            heard.add(code + " " + reason);
        }

        @Override
        public void onError(Exception e) {
            heard.add(e.toString());
        }
    }

    @Test
    void messagesFragmentsPingsAndCloseCodesPass() throws Exception {
        try (var server = EchoSocketServer.open(); var sluice = sluice(server)) {
            Client client = new Client(sluice.port());
            client.connect();
            assertEquals("open 101", client.next());
            assertEquals("/chat?x=1", server.opened.peek());
            client.send("hello");
            assertEquals("hello", client.next());
            client.sendPing();
            assertEquals("pong", client.next());
            byte[] large = new byte[8 << 20];
            new Random(1).nextBytes(large);
            client.send(large);
            assertArrayEquals(large, ((ByteBuffer) client.next()).array());
            for (int i = 0; i < 100; i++) {
                client.sendFragmentedFrame(Opcode.TEXT, ByteBuffer.wrap(
                        ("part " + i + ";").getBytes(StandardCharsets.US_ASCII)), i == 99);
            }
            String whole = (String) client.next();
            assertTrue(whole.startsWith("part 0;part 1;") && whole.endsWith("part 99;"), whole);
            client.send("close 4001");
            assertEquals("4001 as you say", client.next());
            assertEquals("4001 as you say", server.ended());
            try (var other = upgrade(sluice)) {
                // The library's own client may close before its frame has been sent.
                other.send(masked(8, "\u000f\u00a2enough"));
                assertEquals("4002 enough by the client", server.ended());
            }
        }
    }

    /** A server sends faster than its client reads: what waits, waits at the server. */
    @Test
    void slowReadersCostNoMemory() throws Exception {
        try (var server = EchoSocketServer.open(); var sluice = sluice(server);
                var client = upgrade(sluice)) {
            var memory = new FlatMemory(sluice);
            int count = 64;
            client.send(masked(1, "flood " + count));
            assertEquals("827f", HexFormat.of().formatHex(client.readExactly(2)));
            memory.check();
            client.readExactly(8 + (1 << 20));
            memory.check();
            long rest = (count - 1) * (10L + (1 << 20));
            while (rest > 0) {
                rest -= client.readExactly((int) Math.min(rest, 1 << 16)).length;
            }
            memory.check();
        }
    }

    private static RawClient upgrade(RunningSluice sluice) throws Exception {
        RawClient client = sluice.client().request("GET /chat HTTP/1.1", "Host: localhost",
                "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
        assertEquals(101, client.responseHead().status());
        return client;
    }

    private static byte[] masked(int opcode, String text) {
        byte[] payload = text.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer frame = ByteBuffer.allocate(6 + payload.length)
                .put((byte) (0x80 | opcode)).put((byte) (0x80 | payload.length)).putInt(0x01020304);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ i % 4 + 1));
        }
        return frame.array();
    }

    private static void ask(RawHttp2 client, int stream, String path) throws Exception {
        client.headers(stream, false, ":method", "CONNECT", ":protocol", "websocket", ":scheme",
                "http", ":authority", "localhost", ":path", path,
                "sec-websocket-version", "13", "origin", "http://localhost");
    }

    /** RFC 8441, with the frames of RFC 6455 in DATA. */
    @Test
    void overHttp2() throws Exception {
        try (var server = EchoSocketServer.open(); var sluice = sluice(server);
                var client = RawHttp2.over(sluice.client())) {
            assertTrue(client.settings.contains("000800000001"), client.settings);
            ask(client, 1, "/chat?x=2");
            RawHttp2.Frame head = client.until(RawHttp2.HEADERS);
            // A table of no size, then :status 200 of the static table.
            assertTrue(head.hex().startsWith("2088") && !head.ends(), head.hex());
            assertEquals("/chat?x=2", server.opened.peek());
            client.send(RawHttp2.DATA, 0, 1, masked(1, "hello"));
            assertEquals("\u0081\u0005hello",
                    new String(client.data(1, 7), StandardCharsets.ISO_8859_1));
            client.send(RawHttp2.DATA, 0, 1, masked(9, "?"));
            assertEquals("8a013f", HexFormat.of().formatHex(client.data(1, 3)));
            client.send(RawHttp2.DATA, 0, 1, masked(1, "flood 4"));
            assertEquals(4 * (10 + (1 << 20)), client.data(1, 4 * (10 + (1 << 20))).length);
            ask(client, 3, "/own");
            assertTrue(client.until(RawHttp2.HEADERS).hex().startsWith("08"),
                    "a 200 that is no tunnel has become 501");
            client.send(RawHttp2.DATA, 0, 1, masked(1, "close 4003"));
            byte[] close = client.data(1, 14);
            assertEquals("880c0fa3", HexFormat.of().formatHex(close, 0, 4));
            client.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1, masked(8, "\u000f"));
            Await.that("its line in the access log", () -> sluice.accessLog().stream()
                    .anyMatch(line -> line.contains("GET /chat?x=2 HTTP/2.0\" 200 ")));
        }
    }
}
