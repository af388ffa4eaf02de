package dev.sluice.worker.boot;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.WarmUpConfig;
import dev.sluice.common.config.WorkerImage;
import dev.sluice.common.counters.CounterFile;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterLabels;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.ServerCounterId;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.loop.ErrorLines;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.LoopContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;


/** The warm-up serves itself on a real loop; its clock stands still until it is stepped. */
final class WarmUpTest {

    private static final long LIMIT_MS = 300;
    private static final int TIMEOUT_S = 20;
    private static final String PROXY_AND_FILES = """
            [upstream app]
            server = 127.0.0.1:1

            [server www]
            listen = 127.0.0.1:80
            root = /

            [location www /api/]
            proxy_pass = http://app
            """;
    private static final String TEXT_ALONE = """
            [server www]
            listen = 127.0.0.1:80
            return = 200 text
            """;

    @TempDir
    Path folder;

    private final SteppedClock clock = new SteppedClock(1_700_000_000_000L);
    private final ConcurrentLinkedQueue<String> logged = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final EventLoop loop = new EventLoop("warm-up-test", clock, () -> { });
    private LoopContext ctx;
    private CounterWriter unseen;
    private Path counters;
    private WarmUp warmUp;

    @BeforeEach
    void startLoop() {
        loop.start();
    }

    @AfterEach
    void stopLoop() throws InterruptedException {
        loop.stop();
        loop.join();
        assertEquals(null, loop.failure());
    }

    private void begin(String text) throws Exception {
        SluiceConfig config = ConfigLoader.loadText(text, folder).config();
        counters = folder.resolve("slot0.ctr");
        CounterFile.create(counters, CounterLabels.of(config));
        ctx = new LoopContext(loop, new SlabPool(config.http().slabCountMax()),
                CounterWriter.open(counters),
                new ErrorLines((level, line) -> logged.add(level.label() + ": " + line)), 0, 1);
        unseen = CounterWriter.openUnseen(counters);
        warmUp = new WarmUp(ctx, new WorkerImage(config, WarmUpConfig.of(config)), LIMIT_MS,
                () -> done.complete(null));
        loop.execute(() -> warmUp.start(unseen));
    }

    /** Asks the loop's thread, which goes on meanwhile, until it says yes. */
    private void await(IntPredicate answers) throws Exception {
        CompletableFuture<Void> enough = new CompletableFuture<>();
        loop.execute(new Runnable() {
            @Override
            public void run() {
                if (answers.test(warmUp.answerCount())) {
                    enough.complete(null);
                } else {
                    loop.execute(this);
                }
            }
        });
        enough.get(TIMEOUT_S, TimeUnit.SECONDS);
    }

    private void end() throws Exception {
        clock.stepMs(LIMIT_MS);
        done.get(TIMEOUT_S, TimeUnit.SECONDS);
    }

    @Test
    void drivesProxyAndFilesAndWhatWasAskedIsAnswered() throws Exception {
        begin(PROXY_AND_FILES);
        await(count -> count >= 500);
        end();
        assertTrue(unseen.get(CounterId.REQUESTS) >= 500);
        assertTrue(unseen.peer(0).get(PeerCounterId.REUSES) > 100, "kept connections to the peer");
        assertTrue(unseen.peer(0).get(PeerCounterId.CONNECTS) > 1, "new connections to the peer");
        assertEquals(0, unseen.peer(0).get(PeerCounterId.FAILURES));
        assertEquals(0, unseen.server(0).get(ServerCounterId.RESPONSES_5XX));
        assertTrue(unseen.server(0).get(ServerCounterId.RESPONSES_2XX) > 400);
        // The file of some 100 KB is sent from the page cache.
        assertTrue(unseen.get(CounterId.BYTES_SENT) > 1_000_000);
    }

    @Test
    void drivesACacheThatTouchesNoDisk() throws Exception {
        begin(PROXY_AND_FILES + """
                proxy_cache = pages
                [cache pages]
                path = pages
                """);
        await(count -> count >= 500);
        end();
        assertEquals(0, unseen.server(0).get(ServerCounterId.RESPONSES_5XX));
        long asked = unseen.peer(0).get(PeerCounterId.REUSES)
                + unseen.peer(0).get(PeerCounterId.CONNECTS);
        // Of four rounds of eight, three go to the peer always, and two only until it is stored.
        assertTrue(asked < unseen.get(CounterId.REQUESTS) / 2, asked + " went to the peer");
        assertFalse(Files.exists(folder.resolve("pages")));
    }

    /** The kernel frees what was closed in its own time: connections that wait in a queue last. */
    private static void awaitNoSocket(String name) {
        assertTimeoutPreemptively(Duration.ofSeconds(TIMEOUT_S), () -> {
            while (Files.readString(Path.of("/proc/net/unix")).contains(name)) {
                Thread.yield();
            }
        });
    }

    @Test
    void leavesNoTrace() throws Exception {
        begin(PROXY_AND_FILES);
        byte[] before = Files.readAllBytes(counters);
        await(count -> count >= 100);
        end();
        assertEquals(-1, Arrays.mismatch(before, Files.readAllBytes(counters)));
        assertEquals(0, ctx.counters.get(CounterId.REQUESTS));
        assertEquals(0, ctx.slabs.lentCount());
        assertEquals(1, logged.size(), logged::toString);
        assertTrue(logged.peek().matches(
                "info: warmed up in \\d+ ms by \\d{3,} requests to itself"), logged::toString);
        awaitNoSocket("sluice-warm-up-" + ProcessHandle.current().pid());
        assertEquals(List.of("slot0.ctr"), names());
    }

    private List<String> names() throws Exception {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void leavesOutWhatTheConfigurationHasNot() throws Exception {
        begin(TEXT_ALONE);
        await(count -> count >= 100);
        end();
        assertEquals(0, unseen.peerCount());
        assertEquals(unseen.get(CounterId.REQUESTS),
                unseen.server(0).get(ServerCounterId.RESPONSES_2XX));
    }

    @Test
    void goesOnUntilItsLimitAndNoLonger() throws Exception {
        begin(PROXY_AND_FILES);
        clock.stepMs(1);
        await(count -> count >= 100);
        assertFalse(done.isDone());
        clock.stepMs(LIMIT_MS - 2);
        int soFar = 100;
        await(count -> count >= 3 * soFar);
        assertFalse(done.isDone());
        clock.stepMs(1);
        done.get(TIMEOUT_S, TimeUnit.SECONDS);
    }

    @Test
    void endsWithTheLoopInItsMidst() throws Exception {
        begin(PROXY_AND_FILES);
        await(count -> count >= 10);
        loop.stop();
        loop.join();
        assertFalse(done.isDone());
    }
}
