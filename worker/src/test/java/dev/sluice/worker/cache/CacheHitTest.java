package dev.sluice.worker.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.cache.CacheFolder;
import dev.sluice.common.cache.CacheOwner;
import dev.sluice.common.cache.CacheIndex;
import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.cache.rules.Heads;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.exchange.CacheStatus;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.exchange.SteadyAllocation;
import dev.sluice.worker.loop.ErrorLines;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is stored is given without asking anybody, and without allocating anything. */
final class CacheHitTest {

    private static final int REQUESTS = 2000;
    private static final int PATIENCE = 100_000;

    @TempDir Path folder;
    private final SteppedClock clock = new SteppedClock(1_795_197_600_000L);
    private LoopContext ctx;
    private SluiceConfig config;
    private RecordingStream client;
    private int asked;
    private int bodyBytes;
    private Runnable race = () -> { };
    private final List<Cache> caches = new ArrayList<>();

    @BeforeEach
    void make() {
        ErrorLog silent = new ErrorLines(Level.ERROR, (level, line) -> {
            throw new AssertionError(line);
        });
        ctx = new LoopContext(new EventLoop("cache", clock, () -> { }), new SlabPool(8),
                CounterWriter.inMemory(1, 0), silent, 0, 1);
        config = ConfigText.of("[cache pages]", "path = " + folder, "[server s]",
                "listen = 127.0.0.1:80", "[location s /]", "proxy_pass = http://127.0.0.1:1",
                "proxy_cache = pages", "proxy_no_cache = $arg_late");
        client = new RecordingStream(ctx, new Nowhere());
    }

    @AfterEach
    void finishWriting() throws InterruptedException {
        for (Cache cache : caches) {
            CacheStage.finishWriting(cache);
        }
    }

    /** As a worker that has just been started. */
    private CacheHandler handler() throws Exception {
        Cache cache = new Cache(config.caches().getFirst(), CacheFolder.open(folder, "pages",
                config.caches().getFirst().keys(), clock.nowMs(),
                new CacheOwner("/run/t", 1)), ctx);
        caches.add(cache);
        WorkerScope scope = WorkerScope.ofThisProcess();
        return new CacheHandler(new CachePlan(cache,
                config.servers().getFirst().locations().getFirst(), this::answer,
                text -> text.equals("$arg_late") ? this::beforeTheClaim
                        : Template.compile(text, scope)), new CacheReaders(), 100);
    }

    /** Asked for when nothing was found, and before it is claimed. */
    private void beforeTheClaim(Exchange x, ByteSink out) {
        Runnable now = race;
        race = () -> { };
        now.run();
    }

    /** The peer. */
    private void answer(Exchange x) {
        asked++;
        x.client.peerAnswers(200, Heads.of("Cache-Control: max-age=60", "ETag: \"e\"",
                "Content-Length: " + bodyBytes));
        x.client.beginHead(200);
        x.client.headerLines(ByteBuffer.wrap(
                "Cache-Control: max-age=60\r\nETag: \"e\"\r\n".getBytes()), 0, 37);
        x.client.endHead(bodyBytes);
        if (bodyBytes > 0) {
            x.client.writeCopy(ByteBuffer.allocate(bodyBytes), 0, bodyBytes);
        }
        x.client.endResponse();
    }

    private CacheHandler stored(int bytes) throws Exception {
        bodyBytes = bytes;
        CacheHandler first = handler();
        first.handle(client.request("GET /a?b HTTP/1.1\nHost: www\n"));
        client.exchange.end();
        awaitStored(first);
        return handler();
    }

    private static void awaitStored(CacheHandler handler) {
        CacheIndex index = handler.cache.index;
        for (int i = 0; index.counted(CacheIndex.Count.STORED) == 0; i++) {
            assertTrue(i < PATIENCE, "not stored");
            LockSupport.parkNanos(100_000);
        }
    }

    private void check(CacheHandler handler, String request, int status) {
        String text = request.strip() + "\n\n";
        int length = text.replace("\n", "\r\n").length();
        client.request(text).end();
        long bytes = SteadyAllocation.leastBytes(REQUESTS - 1, () -> {
            for (int i = 0; i < REQUESTS; i++) {
                handler.handle(client.again(length));
                client.exchange.end();
            }
        });
        assertEquals(status, client.status());
        assertEquals(CacheStatus.HIT, client.exchange.cacheStatus);
        assertEquals(1, asked);
        assertTrue(bytes < REQUESTS, () -> bytes + " bytes in " + REQUESTS + " requests");
    }

    @Test
    void aHitFromMemory() throws Exception {
        check(stored(1000), "GET /a?b HTTP/1.1\nHost: www\nUser-Agent: t\n", 200);
    }

    @Test
    void aHitFromAFile() throws Exception {
        check(stored(50_000), "GET /a?b HTTP/1.1\nHost: www\n", 200);
    }

    @Test
    void aPart() throws Exception {
        check(stored(50_000), "GET /a?b HTTP/1.1\nHost: www\nRange: bytes=5-9\n", 206);
    }

    @Test
    void aHitThatTheClientHas() throws Exception {
        check(stored(1000), "GET /a?b HTTP/1.1\nHost: www\nIf-None-Match: \"e\"\n", 304);
    }

    @Test
    void itGrowsOldAndIsAskedForAgain() throws Exception {
        CacheHandler handler = stored(1000);
        clock.stepMs(59_000);
        ctx.clock.update();
        handler.handle(client.request("GET /a?b HTTP/1.1\nHost: www\n"));
        client.exchange.end();
        assertEquals(1, asked);
        clock.stepMs(2000);
        ctx.clock.update();
        handler.handle(client.request("GET /a?b HTTP/1.1\nHost: www\n"));
        assertEquals(CacheStatus.EXPIRED, client.exchange.cacheStatus);
        client.exchange.end();
        assertEquals(2, asked);
    }

    @Test
    void whatAnotherWorkerStoresBeforeTheClaimIsNotFetchedAgain() throws Exception {
        bodyBytes = 1000;
        CacheHandler mine = handler();
        CacheHandler other = handler();
        RecordingStream first = new RecordingStream(ctx, new Nowhere());
        race = () -> {
            other.handle(first.request("GET /a?b HTTP/1.1\nHost: www\n"));
            first.exchange.end();
            awaitStored(other);
        };
        mine.handle(client.request("GET /a?b HTTP/1.1\nHost: www\n"));
        assertEquals(CacheStatus.MISS, first.exchange.cacheStatus);
        assertEquals(CacheStatus.HIT, client.exchange.cacheStatus);
        assertEquals(1, asked);
        client.exchange.end();
        CacheIndex index = mine.cache.index;
        long place = index.firstPlace();
        while (index.hash(place) == 0) {
            place = index.nextPlace(place);
        }
        assertEquals(0, index.claims().untilS(place), "the claim is given back");
    }
}
