package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.Termination;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Heads that are kept until somebody says that they may go, or takes them back. */
final class HeldHeadTest extends Http2Conversation {

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    /** Answers before and behind it on the same connection are as they always are. */
    @Test
    void aHeadGoesWithTheBodyBehindIt() throws IOException {
        start().close();
        try (DownstreamHarness.Client client = harness.connect()) {
            client.send(get("/hello") + get("/held") + get("/hello"));
            assertTrue(client.readThrough("hello").startsWith("HTTP/1.1 200 OK\r\n"));
            String held = client.readThrough("\r\n0\r\n\r\n");
            assertTrue(held.startsWith("HTTP/1.1 200 OK\r\n"), held);
            assertTrue(held.endsWith("\r\n\r\n2\r\nhi\r\n0\r\n\r\n"), held);
            assertTrue(client.readThrough("hello").startsWith("HTTP/1.1 200 OK\r\n"));
        }
    }

    @Test
    void aHeadThatIsTakenBackHasNeverBeen() throws IOException {
        start().close();
        try (DownstreamHarness.Client client = harness.connect()) {
            client.send(get("/hello") + get("/taken") + get("/taken") + get("/hello"));
            client.readThrough("hello");
            for (int i = 0; i < 2; i++) {
                String instead = client.readThrough("instead");
                assertTrue(instead.startsWith("HTTP/1.1 503 "), instead);
                assertFalse(instead.contains("a/b") || instead.contains("chunked"), instead);
                assertTrue(instead.contains("Content-Length: 7\r\n"), instead);
            }
            assertTrue(client.readThrough("hello").startsWith("HTTP/1.1 200 OK\r\n"));
            assertEquals(List.of(Termination.DONE, Termination.DONE, Termination.DONE),
                    handler.ended.subList(0, 3));
        }
    }

    @Test
    void anExchangeThatBreaksOffMeanwhileSaysNothing() throws IOException {
        start().close();
        try (DownstreamHarness.Client client = harness.connect()) {
            client.send(get("/heldcut"));
            assertThrows(IOException.class, () -> client.readThrough("HTTP"));
        }
    }

    @Test
    void streamsOfHttp2KeepTheirHeadsApart() throws IOException {
        try (Http2Client client = start()) {
            client.greet().get(1, "/held").get(3, "/taken").get(5, "/hello").get(7, "/heldcut");
            StringBuilder all = new StringBuilder();
            for (int ended = 0; ended < 4;) {
                String next = client.next();
                all.append(next).append('\n');
                ended += next.contains(" END") || next.startsWith("RST_STREAM") ? 1 : 0;
            }
            String frames = all.toString();
            assertTrue(frames.contains("HEADERS 1 [:status=200"), frames);
            assertTrue(frames.contains("DATA 1 END hi"), frames);
            assertTrue(frames.contains("HEADERS 3 [:status=503"), frames);
            assertTrue(frames.contains("DATA 3 END instead"), frames);
            assertTrue(frames.contains("DATA 5 END hello"), frames);
            assertTrue(frames.contains("RST_STREAM 7 INTERNAL_ERROR"), frames);
            assertFalse(frames.contains("HEADERS 7"), frames);
            assertEquals(1, frames.split("HEADERS 3 ").length - 1);
        }
    }
}
