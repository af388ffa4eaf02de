package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.http2.FrameType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bodies of requests of HTTP/2: their windows, their lengths, and those that nobody reads. */
class Http2BodyTest extends Http2Conversation {

    @Test
    void bodiesAreAcknowledgedAsTheyAreRead() throws IOException {
        try (Http2Client client = start()) {
            client.greet().post(1, "/echo");
            StringBuilder echoed = new StringBuilder();
            String piece = "x".repeat(16_384);
            for (int i = 0; i < 4; i++) {
                client.data(1, i < 3 ? piece : piece.substring(1), false);
            }
            boolean updated = false;
            while (echoed.length() < 65_535 || !updated) {
                String next = client.next();
                if (next.startsWith("DATA 1 ")) {
                    echoed.append(next.substring(7));
                }
                updated |= next.startsWith("WINDOW_UPDATE 1 ");
            }
            client.data(1, "", true);
            assertEquals("DATA 1 END ", client.answer());
        }
    }

    @Test
    void bodiesAgainstTheirLength() throws IOException {
        try (Http2Client client = start()) {
            client.greet().post(1, "/echo", "content-length", "5").data(1, "hello", true);
            client.until("DATA 1 END");
            client.post(3, "/echo", "content-length", "5").data(3, "hell", true);
            assertEquals("RST_STREAM 3 PROTOCOL_ERROR", client.until("RST"));
            client.post(5, "/echo", "content-length", "5").data(5, "hello!", false);
            assertEquals("RST_STREAM 5 PROTOCOL_ERROR", client.until("RST"));
            client.post(7, "/echo", "content-length", "5").data(7, "hell", false)
                    .headers(7, FrameType.END_STREAM, "x", "y");
            assertEquals("RST_STREAM 7 PROTOCOL_ERROR", client.until("RST"));
            client.get(9, "/hello", "content-length", "5");
            assertTrue(client.until("HEADERS 9").startsWith("HEADERS 9 [:status=400"));
            assertEquals(List.of(Termination.DONE, Termination.CLIENT_PROTOCOL_ERROR,
                    Termination.CLIENT_PROTOCOL_ERROR, Termination.CLIENT_PROTOCOL_ERROR),
                    handler.ended.subList(0, 4));
        }
    }

    /** One that fits the window may still come: curl 7.88 takes RST_STREAM for a failure. */
    @Test
    void aBodyThatNobodyReads() throws IOException {
        try (Http2Client client = start("lingering_timeout = 300ms", "client_min_rate = 0")) {
            client.greet().post(1, "/hello", "content-length", "48000");
            client.until("DATA 1 END hello");
            for (int i = 0; i < 3; i++) {
                client.data(1, "x".repeat(16_000), i == 2);
            }
            client.post(3, "/hello", "content-length", "10");
            client.until("DATA 3 END hello");
            assertEquals("RST_STREAM 3 NO_ERROR", client.answer());
            client.post(5, "/hello", "content-length", "70000");
            client.until("DATA 5 END hello");
            assertEquals("RST_STREAM 5 NO_ERROR", client.answer());
            client.post(7, "/hello");
            client.until("DATA 7 END hello");
            assertEquals("RST_STREAM 7 NO_ERROR", client.answer());
            client.data(7, "late", true).get(9, "/hello");
            client.until("DATA 9 END hello");
        }
    }

    @Test
    void expect100() throws IOException {
        try (Http2Client client = start()) {
            client.greet().post(1, "/echo", "expect", "100-continue");
            assertEquals("HEADERS 1 [:status=100]", client.until("HEADERS"));
            client.data(1, "now", true);
            client.until("DATA 1 now");
        }
    }

    @Test
    void paddingCountsForTheWindow() throws IOException {
        try (Http2Client client = start()) {
            client.greet().post(1, "/echo");
            byte[] padded = new byte[200];
            padded[0] = (byte) 190;
            ByteBuffer.wrap(padded).put(1, "123456789".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 1000; i++) {
                client.frame(FrameType.DATA, FrameType.PADDED, 1, padded);
                client.until("DATA 1 123456789");
            }
        }
    }
}
