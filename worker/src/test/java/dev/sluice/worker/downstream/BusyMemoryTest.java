package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.http2.Blocks;
import dev.sluice.worker.http2.FrameType;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What requests hold that last long: no more than their heads and what waits. */
class BusyMemoryTest extends Http2Conversation {

    private static final String UPGRADE = "GET /switch HTTP/1.1\r\nHost: a\r\n"
            + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final String SWITCHED = "HTTP/1.1 101 ";

    @Test
    void aHundredStreamsThatWaitForAWindowHoldAFewSlabs() throws IOException {
        try (Http2Client client = start("http2_max_concurrent_streams = 100")) {
            client.greet().frame(FrameType.SETTINGS, 0, 0, Blocks.hex("000400000000"));
            for (int i = 0; i < 100; i++) {
                client.get(2 * i + 1, "/hello");
            }
            for (int i = 0; i < 100; i++) {
                client.until("HEADERS " + (2 * i + 1));
            }
            // 16 streams a slab, and one that the connection may be writing from.
            assertTrue(slabs() <= 8, slabs() + " slabs");
            for (int i = 0; i < 100; i++) {
                client.number(FrameType.WINDOW_UPDATE, 2 * i + 1, 100);
                assertEquals("hello", client.until("DATA " + (2 * i + 1)).split(" ")[3]);
            }
        }
    }

    @Test
    void headsThatNeedMoreGetMore() throws IOException {
        try (Http2Client client = start()) {
            client.greet();
            for (int i = 0; i < 3; i++) {
                client.get(2 * i + 1, "/hello", "x-long", "v".repeat(5000 * i));
                assertEquals("hello", client.until("DATA " + (2 * i + 1)).split(" ")[3]);
            }
        }
    }

    @Test
    void aTunnelKeepsItsHeadsAndNoSlab() throws IOException {
        start().close();
        List<Socket> tunnels = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Socket socket = harness.connect().socket;
            tunnels.add(socket);
            // What follows at once is read with the head.
            socket.getOutputStream().write((UPGRADE + "a").getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String head = readTo(in, "\r\n\r\na");
            assertTrue(head.startsWith(SWITCHED), head);
        }
        for (Socket socket : tunnels) {
            socket.getOutputStream().write("b".repeat(9000).getBytes(StandardCharsets.US_ASCII));
            assertEquals(9000, socket.getInputStream().readNBytes(9000).length);
        }
        assertTrue(slabs() <= 3, slabs() + " slabs");
        for (Socket socket : tunnels) {
            socket.shutdownOutput();
            assertEquals(-1, socket.getInputStream().read());
            socket.close();
        }
    }

    private static String readTo(InputStream in, String end) throws IOException {
        StringBuilder all = new StringBuilder();
        while (all.indexOf(end) < 0) {
            int b = in.read();
            assertTrue(b >= 0, all.toString());
            all.append((char) b);
        }
        return all.toString();
    }
}
