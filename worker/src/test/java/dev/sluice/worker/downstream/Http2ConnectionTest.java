package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.http2.Blocks;
import dev.sluice.worker.http2.FrameType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Conversations in frames with a connection on a real loop, without TLS. */
class Http2ConnectionTest extends Http2Conversation {

    @Test
    void aRequestAndItsAnswer() throws IOException {
        try (Http2Client client = start()) {
            client.greet().get(1, "/hello");
            assertEquals("SETTINGS", client.next());
            assertEquals("WINDOW_UPDATE 0 983041", client.next());
            assertEquals("SETTINGS ACK", client.next());
            String head = client.next();
            assertTrue(head.startsWith("HEADERS 1 [:status=200, "), head);
            assertTrue(head.endsWith("content-type=text/plain, content-length=5]"), head);
            assertEquals("DATA 1 END hello", client.next());
            client.get(3, "/nothing");
            assertTrue(client.next().startsWith("HEADERS 3 [:status=404, "));
            assertEquals("DATA 3 END no such path", client.next());
        }
    }

    @Test
    void everyCutOfAConversation() throws IOException {
        try (Http2Client first = start()) {
            byte[] all = conversation();
            for (int cut = 1; cut < all.length; cut++) {
                try (Http2Client client = connect()) {
                    client.socket.getOutputStream().write(all, 0, cut);
                    client.socket.getOutputStream().write(all, cut, all.length - cut);
                    client.until("HEADERS 1");
                    String body = client.answer();
                    if (!body.equals("DATA 1 END body")) {
                        assertEquals("DATA 1 body", body, "cut at " + cut);
                        assertEquals("DATA 1 END ", client.answer(), "cut at " + cut);
                    }
                }
            }
            first.greet().get(1, "/hello");
            first.until("DATA 1 END hello");
        }
    }

    /** A request whose block comes in two frames, with a body in two and trailers. */
    private static byte[] conversation() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(Http2Client.PREFACE);
        all.write(Http2Client.bytes(FrameType.SETTINGS, 0, 0, new byte[0]));
        byte[] block = Blocks.of(Http2Client.request("POST", "/echo"));
        byte[] half = Arrays.copyOf(block, 20);
        byte[] rest = Arrays.copyOfRange(block, 20, block.length);
        all.write(Http2Client.bytes(FrameType.HEADERS, 0, 1, half));
        all.write(Http2Client.bytes(FrameType.CONTINUATION, FrameType.END_HEADERS, 1, rest));
        all.write(Http2Client.bytes(FrameType.DATA, 0, 1, new byte[0]));
        all.write(Http2Client.bytes(FrameType.DATA, FrameType.PADDED, 1,
                new byte[] {2, 'b', 'o', 'd', 'y', 0, 0}));
        all.write(Http2Client.bytes(FrameType.HEADERS,
                FrameType.END_HEADERS | FrameType.END_STREAM, 1, Blocks.of("x-sum", "1")));
        return all.toByteArray();
    }

    @Test
    void http1IsSpokenAtTheSameAddress() throws IOException {
        try (Http2Client client = start();
                DownstreamHarness.Client old = harness.connect()) {
            old.send("P").send("OST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            assertTrue(old.readThrough("hello").startsWith("HTTP/1.1 200 OK\r\n"));
            client.greet().get(1, "/hello");
            client.until("DATA 1 END hello");
        }
    }

    @Test
    void manyStreamsAtOnceAreServedInTurn() throws IOException {
        try (Http2Client client = start()) {
            client.greet().together();
            for (int i = 0; i < 100; i++) {
                client.get(2 * i + 1, "/hello");
            }
            client.flush();
            for (int i = 0; i < 100; i++) {
                client.until("DATA " + (2 * i + 1) + " END hello");
            }
        }
    }

    @Test
    void aLongAnswerWaitsForTheWindow() throws IOException {
        try (Http2Client client = start()) {
            client.acknowledges = false;
            client.greet().get(1, "/big");
            client.until("HEADERS 1");
            int bytes = 0;
            while (bytes < 65_535) {
                bytes += client.answer().length() - "DATA 1 ".length();
            }
            assertEquals(65_535, bytes);
            // Nothing comes without a window: the answer to PING is next.
            client.frame(FrameType.PING, 0, 0, "12345678".getBytes(StandardCharsets.US_ASCII));
            assertEquals("PING ACK 12345678", client.next());
            client.number(FrameType.WINDOW_UPDATE, 1, 10);
            client.number(FrameType.WINDOW_UPDATE, 0, 5);
            assertEquals(5, client.next().length() - "DATA 1 ".length());
            client.number(FrameType.WINDOW_UPDATE, 0, 100);
            assertEquals(5, client.next().length() - "DATA 1 ".length());
            // Others are served meanwhile.
            client.get(3, "/hello");
            client.until("DATA 3 END hello");
        }
    }

    @Test
    void aLongAnswerComesWhole() throws IOException {
        try (Http2Client client = start()) {
            client.greet().get(1, "/big").get(3, "/bigchunked");
            int[] at = new int[4];
            int ended = 0;
            while (ended < 2) {
                String next = client.answer();
                if (!next.startsWith("DATA")) {
                    continue;
                }
                int stream = next.charAt(5) - '0';
                boolean end = next.startsWith(" END", 6);
                for (int i = end ? 11 : 7; i < next.length(); i++) {
                    assertEquals(EchoHandler.bigByte(at[stream]++), (byte) next.charAt(i));
                }
                ended += end ? 1 : 0;
            }
            assertEquals(EchoHandler.BIG_BYTES, at[1]);
            assertEquals(EchoHandler.BIG_BYTES, at[3]);
        }
    }

    @Test
    void theWindowsOfSettings() throws IOException {
        try (Http2Client client = start()) {
            client.acknowledges = false;
            client.greet().frame(FrameType.SETTINGS, 0, 0, Blocks.hex("000400000003"));
            client.get(1, "/hello");
            client.until("HEADERS 1");
            assertEquals("DATA 1 hel", client.answer());
            client.frame(FrameType.SETTINGS, 0, 0, Blocks.hex("000400000004"));
            assertEquals("DATA 1 l", client.answer());
            client.frame(FrameType.SETTINGS, 0, 0, Blocks.hex("000400000001"));
            client.number(FrameType.WINDOW_UPDATE, 1, 3);
            client.frame(FrameType.PING, 0, 0, new byte[8]);
            assertTrue(client.answer().startsWith("PING ACK"), "the window is 0");
            client.number(FrameType.WINDOW_UPDATE, 1, 1);
            assertEquals("DATA 1 END o", client.answer());
        }
    }

    @Test
    void badRequestsAreAnswered() throws IOException {
        try (Http2Client client = start()) {
            client.greet();
            client.get(1, "/hello", "connection", "close");
            assertTrue(client.until("HEADERS 1").contains(":status=400"));
            client.post(3, "/hello", "Upper", "x");
            assertTrue(client.until("HEADERS 3").contains(":status=400"));
            assertEquals("DATA 3 END bad", client.answer());
            assertEquals("RST_STREAM 3 NO_ERROR", client.answer());
            client.get(5, "/hello");
            client.until("DATA 5 END hello");
            assertEquals(2, harness.onLoop(
                    () -> harness.counters.get(CounterId.BAD_REQUESTS)).longValue());
        }
    }

    @Test
    void anAnswerThatBreaksOffIsReset() throws IOException {
        try (Http2Client client = start()) {
            client.greet().get(1, "/cut");
            assertEquals("RST_STREAM 1 INTERNAL_ERROR", client.until("RST"));
            client.get(3, "/hello");
            client.until("DATA 3 END hello");
        }
    }

    @Test
    void aClientThatResetsAndOneThatGoes() throws IOException {
        try (Http2Client client = start()) {
            client.acknowledges = false;
            client.greet().get(1, "/big").post(3, "/echo");
            client.until("DATA 1");
            client.number(FrameType.RST_STREAM, 1, 8).number(FrameType.RST_STREAM, 3, 8);
            client.frame(FrameType.PING, 0, 0, new byte[8]);
            client.until("PING");
            assertEquals(List.of(Termination.CLIENT_RESET, Termination.CLIENT_RESET),
                    handler.ended);
            client.get(5, "/big");
            client.until("HEADERS 5");
        }
        while (handler.ended.size() < 3) {
            Thread.onSpinWait();
        }
    }

    @Test
    void headHasNoBody() throws IOException {
        try (Http2Client client = start()) {
            client.greet().headers(1, FrameType.END_STREAM, Http2Client.request("HEAD", "/hello"));
            String head = client.until("HEADERS 1");
            assertTrue(head.startsWith("HEADERS 1 END [:status=200"), head);
            assertTrue(head.contains("content-length=5"), head);
        }
    }

    @Test
    void drainingSaysGoawayTwice() throws IOException {
        try (Http2Client client = start()) {
            client.greet().get(1, "/hello");
            client.until("DATA 1 END");
            harness.onLoop(() -> {
                harness.downstreams().drain(10_000, false, () -> { });
                return null;
            });
            assertEquals("GOAWAY 2147483647 NO_ERROR", client.next());
            client.get(3, "/hello");
            client.until("DATA 3 END hello");
            assertEquals("GOAWAY 3 NO_ERROR", client.next());
            assertEquals("closed", client.next());
        }
    }

    @Test
    void anIdleConnectionIsToldAndClosed() throws IOException {
        try (Http2Client client = start("keepalive_timeout = 300ms")) {
            client.greet().get(1, "/hello");
            client.until("DATA 1 END");
            assertEquals(0, slabs(), "idle, it holds no memory");
            assertEquals("GOAWAY 1 NO_ERROR", client.next());
            assertEquals("closed", client.next());
        }
    }

    @Test
    void aClientThatFinishesNoFrame() throws IOException {
        try (Http2Client client = start("client_header_timeout = 300ms")) {
            client.greet().raw(new byte[] {0, 0, 5, 6});
            assertEquals("GOAWAY 0 NO_ERROR", client.until("GOAWAY"));
        }
        try (Http2Client client = connect()) {
            client.greet().frame(FrameType.HEADERS, 0, 1, Blocks.of(":method", "GET"));
            assertEquals("GOAWAY 0 NO_ERROR", client.until("GOAWAY"));
        }
    }

    @Test
    void requestsOfAConnectionAreCounted() throws IOException {
        try (Http2Client client = start("keepalive_requests = 2")) {
            client.greet().get(1, "/hello");
            client.until("DATA 1 END");
            client.get(3, "/hello");
            client.until("DATA 3 END");
            assertEquals("GOAWAY 2147483647 NO_ERROR", client.next());
            assertEquals("GOAWAY 3 NO_ERROR", client.next());
            assertEquals("closed", client.next());
        }
    }
}
