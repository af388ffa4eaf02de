package dev.sluice.worker.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large answers in parts (RFC 9111 §3.3, §3.4): asked for, stored and put together. */
final class SlicesTest {

    private static final String ASK = "GET /large HTTP/1.1\nHost: www\n";
    private static final int SLICE = 64 * 1024;

    @TempDir Path folder;
    private CacheStage stage;
    private int bytes = 300_000;
    private String body;
    private String validator;
    /** Ranges that the peer was asked for; "all" without. */
    private final List<String> ranges = new ArrayList<>();

    @BeforeEach
    void make() throws Exception {
        stage = new CacheStage(folder, "max_size = 100m", "slice = 64k");
        changeTo("a");
    }

    @AfterEach
    void close() throws Exception {
        stage.close();
    }

    private void changeTo(String kind) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < bytes; i++) {
            text.append(kind).append(i).append(' ');
        }
        body = text.substring(0, bytes);
        validator = "ETag: \"" + kind + "\"";
    }

    /** Asks, and plays a peer that knows ranges. */
    private RecordingStream get(String request) throws Exception {
        return get(request, Integer.MAX_VALUE);
    }

    private RecordingStream get(String request, int changesAfter) throws Exception {
        RecordingStream client = stage.ask(request);
        for (int i = 0; i < 1000; i++) {
            boolean over = stage.on(() -> {
                client.drain();
                return client.ended() || client.aborted() != null;
            });
            if (over) {
                return stage.finish(client);
            }
            if (stage.asked.isEmpty()) {
                stage.settle();
                continue;
            }
            answer(stage.asked.removeLast());
            if (ranges.size() == changesAfter) {
                changeTo("b");
            }
        }
        throw new AssertionError("the answer stands still");
    }

    private void answer(Exchange x) throws Exception {
        String range = range(x.request.headers);
        ranges.add(range);
        if (range.equals("all")) {
            throw new AssertionError("asked for all");
        }
        int dash = range.indexOf('-');
        int from = Integer.parseInt(range.substring(6, dash));
        int to = Math.min(bytes, Integer.parseInt(range.substring(dash + 1)) + 1);
        stage.answerHead(x, 206, to - from, "Cache-Control: max-age=60", validator,
                "Content-Length: " + (to - from),
                "Content-Range: bytes " + from + "-" + (to - 1) + "/" + bytes, "X-Kind: k")
                .lend(body.substring(from, to)).end();
    }

    private static String range(HeaderTable headers) {
        for (int i = 0; i < headers.count(); i++) {
            if (headers.id(i) == HeaderName.RANGE && !headers.dropped(i)) {
                byte[] value = new byte[headers.valueLength(i)];
                headers.buffer().get(headers.valueOffset(i), value);
                return new String(value);
            }
        }
        return "all";
    }

    @Test
    void section3Point4TheWholeIsPutTogether() throws Exception {
        RecordingStream first = get(ASK);
        assertEquals(200, first.status());
        assertEquals(bytes, first.contentLength());
        assertEquals(body, first.body());
        assertNull(first.header("content-range"));
        assertEquals("k", first.header("x-kind"));
        assertEquals(List.of("bytes=0-65535", "bytes=65536-131071", "bytes=131072-196607",
                "bytes=196608-262143", "bytes=262144-327679"), ranges);
        assertEquals(body, get(ASK).body());
        assertEquals(5, ranges.size());
    }

    @Test
    void section3Point3ARangeAsksForNoMoreThanItsSlices() throws Exception {
        RecordingStream middle = get(ASK + "Range: bytes=131000-131100\n");
        assertEquals(206, middle.status());
        assertEquals("bytes 131000-131100/" + bytes, middle.header("content-range"));
        assertEquals(body.substring(131_000, 131_101), middle.body());
        assertEquals(List.of("bytes=65536-131071", "bytes=131072-196607"), ranges);
        RecordingStream last = get(ASK + "Range: bytes=-10\n");
        assertEquals(body.substring(bytes - 10), last.body());
        assertEquals(4, ranges.size());
        assertEquals(body, get(ASK).body());
        assertEquals(5, ranges.size());
    }

    @Test
    void conditionsAndHeadAreAnsweredByOneSlice() throws Exception {
        RecordingStream head = get(ASK.replace("GET", "HEAD"));
        assertEquals(bytes, head.contentLength());
        assertEquals(0, head.bodyLength());
        assertEquals(304, get(ASK + "If-None-Match: \"a\"\n").status());
        assertEquals(List.of("bytes=0-65535"), ranges);
        assertEquals(206, get(ASK + "If-Range: \"a\"\nRange: bytes=0-9\n").status());
        RecordingStream other = get(ASK + "If-Range: \"x\"\nRange: bytes=0-9\n");
        assertEquals(200, other.status());
        assertEquals(body, other.body());
    }

    @Test
    void section3Point4PartsOfDifferentAnswersAreNeverMixed() throws Exception {
        String before = body;
        RecordingStream cut = get(ASK, 2);
        assertNotNull(cut.aborted());
        assertEquals(before.substring(0, 2 * SLICE), cut.body());
        RecordingStream again = get(ASK);
        assertNull(again.aborted());
        assertEquals(body, again.body());
        assertEquals("\"b\"", again.header("etag"));
    }

    @Test
    void section4Point4UnsafeMethodsRemoveAllParts() throws Exception {
        get(ASK);
        RecordingStream post = stage.ask(ASK.replace("GET", "POST") + "Content-Length: 0\n");
        stage.answer(204, "", "X: y");
        stage.finish(post);
        changeTo("b");
        assertEquals(body.substring(270_000, 270_100),
                get(ASK + "Range: bytes=270000-270099\n").body());
        assertEquals(body, get(ASK).body());
        assertEquals(10, ranges.size());
    }

    /** Also where only parts far behind the first ones are stored, as of a film. */
    @Test
    void section4Point4UnsafeMethodsRemoveLatePartsThatStandAlone() throws Exception {
        bytes = 20 * SLICE;
        changeTo("a");
        String late = ASK + "Range: bytes=1250000-1250099\n";
        get(late);
        RecordingStream post = stage.ask(ASK.replace("GET", "POST") + "Content-Length: 0\n");
        stage.answer(204, "", "X: y");
        stage.finish(post);
        changeTo("b");
        assertEquals(body.substring(1_250_000, 1_250_100), get(late).body());
        assertEquals(2, ranges.size());
    }

    @Test
    void withoutAValidatorNothingIsPutTogether() throws Exception {
        validator = "ETag: W/\"a\"";
        RecordingStream client = stage.ask(ASK);
        answer(stage.asked.removeLast());
        stage.settle();
        assertEquals(1, stage.asked.size());
        assertEquals("all", range(stage.asked.getLast().request.headers));
        assertTrue(stage.cache.fetches.isEmpty());
        stage.on(() -> {
            client.hangUp();
            return null;
        });
    }

    /** No range of it can be given (RFC 9110 §15.5.17), so it is asked for whole, and stored. */
    @Test
    void whatIsEmptyIsStoredAsAWhole() throws Exception {
        RecordingStream one = stage.ask(ASK);
        RecordingStream two = stage.ask(ASK);
        Exchange x = stage.asked.removeLast();
        assertEquals("bytes=0-65535", range(x.request.headers));
        stage.answerHead(x, 416, 0, "Content-Range: bytes */0").end();
        stage.settle();
        assertEquals(1, stage.asked.size(), "one of them asks");
        x = stage.asked.removeLast();
        assertEquals("all", range(x.request.headers));
        stage.answerHead(x, 200, 0, "Cache-Control: max-age=60", "Content-Length: 0").end();
        assertEquals(200, stage.finish(one).status());
        assertEquals("sluice; fwd=uri-miss; stored", one.header("cache-status"));
        assertEquals(200, stage.finish(two).status());
        assertEquals("sluice; hit; ttl=60",
                stage.finish(stage.ask(ASK)).header("cache-status"));
        assertEquals(0, stage.asked.size());
        assertTrue(stage.cache.fetches.isEmpty());
    }

    @Test
    void aPeerThatKnowsNoRangesGivesTheWhole() throws Exception {
        RecordingStream client = stage.ask(ASK);
        Exchange x = stage.asked.removeLast();
        stage.answerHead(x, 200, 5, "Cache-Control: max-age=60", "Content-Length: 5")
                .give("hello").end();
        assertEquals("hello", stage.finish(client).body());
        RecordingStream again = stage.ask(ASK + "Range: bytes=1-2\n");
        assertEquals("el", stage.finish(again).body());
        assertEquals(0, stage.asked.size());
    }
}
