package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.http2.FrameType;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tunnels on streams of HTTP/2: WebSocket by extended CONNECT (RFC 8441). */
class Http2TunnelTest extends Http2Conversation {

    private static Http2Client connect(Http2Client client, int stream, String protocol,
            String path) throws IOException {
        return client.headers(stream, 0, ":method", "CONNECT", ":protocol", protocol, ":scheme",
                "http", ":authority", "a.test", ":path", path, "sec-websocket-version", "13");
    }

    @Test
    void bytesPassBothWaysWithoutAnEndOfTheirOwn() throws IOException {
        try (Http2Client client = start("client_max_body_size = 1k")) {
            connect(client.greet(), 1, "websocket", "/switch");
            String head = client.until("HEADERS");
            assertTrue(head.startsWith("HEADERS 1 [:status=200, "), head);
            assertTrue(!head.contains("upgrade") && !head.contains("connection")
                    && !head.contains("content-length"), head);
            for (int i = 0; i < 100; i++) {
                client.data(1, "message " + i, false);
                assertEquals("DATA 1 message " + i, client.until("DATA"));
            }
            String much = "x".repeat(16_000);
            for (int i = 0; i < 20; i++) {
                client.data(1, much, false);
                int echoed = 0;
                while (echoed < much.length()) {
                    echoed += client.until("DATA 1 ").length() - "DATA 1 ".length();
                }
            }
            assertEquals(0, harness.onLoop(() -> harness.downstreams().load()).intValue());
            client.data(1, "", true);
            assertEquals("DATA 1 END ", client.answer());
            client.get(3, "/hello");
            client.until("DATA 3 END hello");
            assertEquals(List.of(Termination.DONE, Termination.DONE), handler.ended);
        }
    }

    /** What comes before the tunnel is open waits, within the window. */
    @Test
    void bytesBehindTheRequestAreNotLost() throws IOException {
        try (Http2Client client = start()) {
            client.together().greet();
            connect(client, 1, "websocket", "/switch").data(1, "early", true).flush();
            client.until("HEADERS 1");
            assertEquals("DATA 1 early", client.until("DATA"));
            assertEquals("DATA 1 END ", client.answer());
        }
    }

    /** Any 2xx would tell the client that its tunnel is open. */
    @Test
    void anotherAnswerOpensNoTunnel() throws IOException {
        try (Http2Client client = start()) {
            connect(client.greet(), 1, "websocket", "/hello");
            String head = client.until("HEADERS 1");
            assertTrue(head.startsWith("HEADERS 1 [:status=501, "), head);
            connect(client, 3, "websocket", "/nowhere");
            assertTrue(client.until("HEADERS 3").startsWith("HEADERS 3 [:status=404"));
            connect(client, 5, "connect-udp", "/switch");
            assertTrue(client.until("HEADERS 5").startsWith("HEADERS 5 [:status=501"));
        }
    }

    @Test
    void trailersBreakATunnel() throws IOException {
        try (Http2Client client = start()) {
            connect(client.greet(), 1, "websocket", "/switch");
            client.until("HEADERS 1");
            client.headers(1, FrameType.END_STREAM, "a", "b");
            assertEquals("RST_STREAM 1 PROTOCOL_ERROR", client.answer());
        }
    }

    @Test
    void aClientThatResetsEndsTheTunnel() throws IOException {
        try (Http2Client client = start()) {
            connect(client.greet(), 1, "websocket", "/switch");
            client.until("HEADERS 1");
            client.number(FrameType.RST_STREAM, 1, 8).get(3, "/hello");
            client.until("DATA 3 END hello");
            assertEquals(List.of(Termination.CLIENT_RESET, Termination.DONE), handler.ended);
        }
    }

    /** The client's window is shut: nothing more is read of it than its own window lets it send. */
    @Test
    void aClientThatDoesNotReadIsNotReadFrom() throws IOException {
        try (Http2Client client = start()) {
            client.acknowledges = false;
            connect(client.greet(), 1, "websocket", "/switch");
            client.until("HEADERS 1");
            String piece = "y".repeat(16_384);
            int sent = 0;
            int echoed = 0;
            int allowed = 65_536;
            while (echoed < 65_535) {
                if (sent + piece.length() <= allowed) {
                    client.data(1, piece, false);
                    sent += piece.length();
                }
                String next = client.next();
                if (next.startsWith("DATA 1 ")) {
                    echoed += next.length() - "DATA 1 ".length();
                } else if (next.startsWith("WINDOW_UPDATE 1 ")) {
                    allowed += Integer.parseInt(next.substring("WINDOW_UPDATE 1 ".length()));
                }
            }
            assertTrue(allowed < 65_535 + 3 * 65_536, "it may send " + allowed);
            client.number(FrameType.WINDOW_UPDATE, 0, 1 << 20)
                    .number(FrameType.WINDOW_UPDATE, 1, 1 << 20);
            while (echoed < sent) {
                echoed += client.until("DATA 1 ").length() - "DATA 1 ".length();
            }
            client.data(1, "", true);
            assertEquals("DATA 1 END ", client.answer());
        }
    }
}
