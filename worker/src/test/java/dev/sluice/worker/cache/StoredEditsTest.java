package dev.sluice.worker.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.exchange.HeaderToAdd;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.exchange.RecordingStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What modules do about the head of a peer is stored, and they are asked once for an answer. */
final class StoredEditsTest {

    private static final String ASK = "GET /a HTTP/1.1\nHost: www\n";
    private static final String[] FRESH = {"Cache-Control: max-age=60", "ETag: \"1\"",
        "X-Inside: secret", "Content-Type: text/plain"};

    @TempDir Path folder;
    private CacheStage stage;
    private final List<Integer> asked = new ArrayList<>();
    private UnaryOperator<String> edit;

    @BeforeEach
    void open() throws Exception {
        stage = new CacheStage(folder, "max_size = 10m", "proxy_cache_revalidate = on");
    }

    @AfterEach
    void close() throws Exception {
        stage.close();
    }

    private void rules(Exchange x, ByteSink head, int from) {
        byte[] bytes = new byte[head.position() - from];
        head.buffer().get(from, bytes);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        asked.add(x.status);
        int second = text.indexOf('\n') + 1;
        head.position(from);
        head.putAscii(text.substring(0, second) + edit.apply(text.substring(second)));
    }

    private RecordingStream ask() throws Exception {
        RecordingStream client = new RecordingStream(stage.ctx, null);
        Location location = new Location(ConfigText.location("/"), "/", HeaderToAdd.NONE,
                new ExchangeLog[0], null, null, null);
        location.peerRules(this::rules);
        stage.on(() -> {
            Exchange x = client.request(ASK);
            x.location = location;
            stage.handler.handle(x);
            return null;
        });
        return client;
    }

    private static String without(String lines, String name) {
        return lines.replaceAll("(?m)^" + name + ": .*\r\n", "");
    }

    @Test
    void whatIsStoredIsWhatModulesHaveMadeOfIt() throws Exception {
        edit = lines -> without(lines, "X-Inside") + "X-Made: 1\r\nX-Made: 2\r\n";
        RecordingStream first = ask();
        stage.answer(200, "body", FRESH);
        for (RecordingStream client : new RecordingStream[] {stage.finish(first),
            stage.finish(ask())}) {
            assertEquals("body", client.body());
            assertNull(client.headLines().stream().filter(l -> l.startsWith("X-Inside"))
                    .findFirst().orElse(null));
            assertEquals("[X-Made: 1, X-Made: 2]", client.headLines().stream()
                    .filter(l -> l.startsWith("X-Made")).toList().toString());
        }
        assertEquals(List.of(200), asked);
    }

    @Test
    void aTagThatIsChangedIsTheTagFromThenOn() throws Exception {
        edit = lines -> without(lines, "ETag") + "eTag: \"other\"\r\n";
        RecordingStream first = ask();
        stage.answer(200, "body", FRESH);
        assertEquals("\"other\"", stage.finish(first).header("etag"));
        RecordingStream second = new RecordingStream(stage.ctx, null);
        stage.on(() -> {
            stage.handler.handle(second.request(ASK + "If-None-Match: \"other\"\n"));
            return null;
        });
        assertEquals(304, stage.finish(second).status());
    }

    @Test
    void a304IsEditedTooAndNothingComesTwice() throws Exception {
        edit = lines -> without(lines, "X-Inside") + "X-Made: 1\r\n";
        RecordingStream first = ask();
        stage.answer(200, "body", FRESH);
        stage.finish(first);
        stage.clock.stepMs(70_000);
        stage.settle();
        RecordingStream second = ask();
        stage.answer(304, "", "Cache-Control: max-age=90", "ETag: \"1\"", "X-Inside: secret");
        stage.finish(second);
        assertEquals("body", second.body());
        assertEquals("max-age=90", second.header("cache-control"));
        assertEquals("text/plain", second.header("content-type"));
        assertEquals("1", second.header("x-made"));
        assertNull(second.header("x-inside"));
        assertEquals(List.of(200, 304), asked);
    }

    @Test
    void linesGiveWayToThoseBehindThem() {
        ByteBuffer memory = ByteBuffer.allocateDirect(1000);
        ByteSink record = new ByteSink().reset(memory, 10, 1000);
        record.putAscii("A: 1\r\nB: 2\r\nAB: 3\r\nB: 4\r\n");
        int second = record.position();
        record.putAscii("b: 5\r\nC: 6\r\n");
        assertEquals(second - 12, StoredEdits.merge(record, 10, second));
        byte[] all = new byte[record.position() - 10];
        memory.get(10, all);
        assertEquals("A: 1\r\nAB: 3\r\nb: 5\r\nC: 6\r\n",
                new String(all, StandardCharsets.ISO_8859_1));
    }
}
