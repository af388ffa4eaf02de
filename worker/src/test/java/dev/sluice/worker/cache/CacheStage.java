package dev.sluice.worker.cache;

import dev.sluice.common.cache.CacheFolder;
import dev.sluice.common.cache.CacheOwner;
import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.counters.Termination;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.cache.rules.Heads;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.HeaderToAdd;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.loop.ErrorLines;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import static org.junit.jupiter.api.Assertions.assertTrue;


/**
 * A cache on a loop of its own, between clients and a peer that a test plays. Everything of it is
 * done by {@link #on}, on the loop's thread.
 */
final class CacheStage {

    private static final int PATIENCE = 100_000;
    private static final int PIECE = 16 * 1024;

    final SteppedClock clock = new SteppedClock(1_795_197_600_000L);
    final EventLoop loop = new EventLoop("cache", clock, () -> { });
    final List<String> log = new ArrayList<>();
    final LoopContext ctx;
    final Cache cache;
    final ContentHandler handler;
    private final Location location;
    /** Requests that the peer was asked, as they come; the test answers them. */
    final List<Exchange> asked = new ArrayList<>();

    /** @param lines of the location, and before them those of the cache, each with its key */
    CacheStage(Path folder, String ofCache, String... lines) throws Exception {
        ErrorLog into = new ErrorLines((level, line) -> log.add(line));
        ctx = new LoopContext(loop, new SlabPool(64), CounterWriter.inMemory(1, 0), into, 0, 1);
        List<String> text = new ArrayList<>(List.of("[cache pages]", "path = " + folder,
                ofCache, "[server s]", "listen = 127.0.0.1:80", "[location s /]",
                "proxy_pass = http://127.0.0.1:1", "proxy_cache = pages"));
        text.addAll(List.of(lines));
        SluiceConfig config = ConfigText.of(text.toArray(String[]::new));
        cache = new Cache(config.caches().getFirst(), CacheFolder.open(folder, "pages",
                config.caches().getFirst().keys(), clock.nowMs(),
                new CacheOwner("/run/t", 1)), ctx);
        WorkerScope scope = WorkerScope.ofThisProcess();
        location = new Location(config.servers().getFirst().locations().getFirst(), "/",
                HeaderToAdd.NONE, new ExchangeLog[0], null, null, Gate.NONE);
        CachePlan plan = new CachePlan(cache, location.config, asked::add,
                value -> Template.compile(value, scope));
        if (plan.use.statusField()) {
            location.headRules(StatusField.before(null));
        }
        handler = new CacheHandler(plan, new CacheReaders(), 100);
        loop.start();
    }

    /** Runs it on the loop and waits for it. */
    <T> T on(Callable<T> task) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                done.complete(task.call());
            } catch (Exception | AssertionError e) {
                done.completeExceptionally(e);
            }
        });
        return done.get();
    }

    /** The end of this turn, and whatever the side thread has been given, have come. */
    void settle() throws Exception {
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            cache.side.submit(loop, () -> () -> done.complete(null));
            done.get();
        }
    }

    /** What the side thread has been given by now is done; for loops that nobody runs, too. */
    static void finishWriting(Cache cache) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        assertTrue(cache.side.submit(cache.ctx.loop, () -> {
            reached.countDown();
            return () -> { };
        }), "more waits than may");
        reached.await();
    }

    /** Time goes by. */
    void pass(long ms) throws Exception {
        on(() -> {
            clock.stepMs(ms);
            ctx.clock.update();
            return null;
        });
    }

    /** A client that asks; lines end by LF. */
    RecordingStream ask(String request) throws Exception {
        return ask(request, client -> { });
    }

    /** @param prepare what is special about the client */
    RecordingStream ask(String request, Consumer<RecordingStream> prepare) throws Exception {
        RecordingStream client = new RecordingStream(ctx, new Nowhere());
        prepare.accept(client);
        on(() -> {
            handle(client.request(request));
            return null;
        });
        return client;
    }

    /** On the loop: it has come to the location. */
    void handle(Exchange x) {
        x.location = location;
        handler.handle(x);
    }

    /** What the client got once it has taken all. */
    RecordingStream finish(RecordingStream client) throws Exception {
        for (int i = 0; i < PATIENCE; i++) {
            boolean over = on(() -> {
                client.drain();
                return client.ended() || client.aborted() != null;
            });
            if (over) {
                on(client::finish);
                settle();
                return client;
            }
        }
        throw new AssertionError("the answer stands still");
    }

    /** The peer answers what it was asked last: head and a whole body. */
    void answer(int status, String body, String... fields) throws Exception {
        answerHead(asked.removeLast(), status, body.length(), fields).give(body).end();
    }

    /** The peer begins an answer. @param length of its body, below zero when it does not say */
    Peer answerHead(Exchange x, int status, long length, String... fields) throws Exception {
        on(() -> {
            HeaderTable head = Heads.of(fields);
            x.upstreamStatus = status;
            x.client.peerAnswers(status, head);
            x.client.beginHead(status);
            for (int i = 0; i < head.count(); i++) {
                x.client.header(head.buffer(), head.nameOffset(i), head.nameLength(i),
                        head.buffer(), head.valueOffset(i), head.valueLength(i));
            }
            x.client.endHead(status == 304 ? -2 : length);
            return null;
        });
        return new Peer(x);
    }

    /** Answers one exchange piece by piece; the memory is the test's and stays. */
    final class Peer {
        private final Exchange x;

        Peer(Exchange x) {
            this.x = x;
        }

        Peer give(String text) throws Exception {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            if (bytes.length > 0) {
                on(() -> x.client.writeCopy(ByteBuffer.wrap(bytes), 0, bytes.length));
            }
            return this;
        }

        Peer lend(ByteBuffer direct, int length) throws Exception {
            on(() -> {
                x.client.writeLent(direct,
                        MemorySegment.ofBuffer(direct).address(), 0, length);
                return null;
            });
            return this;
        }

        /** More than fits into a slab: lent piece by piece, each when the one before is taken. */
        Peer lend(String text) throws Exception {
            for (int at = 0; at < text.length(); at += PIECE) {
                byte[] part = text.substring(at, Math.min(text.length(), at + PIECE))
                        .getBytes(StandardCharsets.ISO_8859_1);
                ByteBuffer direct = ByteBuffer.allocateDirect(part.length).put(0, part);
                lend(direct, part.length);
                settle();
            }
            return this;
        }

        /** It breaks off. */
        void cut() throws Exception {
            on(() -> {
                x.client.abort(Termination.UPSTREAM_CUT_BODY);
                return null;
            });
        }

        void end() throws Exception {
            on(() -> {
                x.client.endResponse();
                return null;
            });
        }
    }

    /** Nobody writes into the folder any more when it returns. */
    void close() throws Exception {
        loop.stop();
        loop.join();
        finishWriting(cache);
        if (loop.failure() != null) {
            throw new AssertionError(loop.failure());
        }
    }
}
