package dev.sluice.worker.proxy;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.zones.PeerTable;
import dev.sluice.common.zones.ZoneFile;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.HeaderToAdd;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.loop.ErrorLines;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.TurnEnd;
import dev.sluice.worker.upstream.SharedPeers;
import dev.sluice.worker.upstream.Upstreams;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;


/** A loop with one location that proxies to scripted peers, and a clock that is stepped. */
final class ProxyHarness {

    private static final int TIMEOUT_S = 10;

    final SteppedClock clock = new SteppedClock(1_700_000_000_000L);
    /** What follows {@code server =} for each peer. */
    final List<String> peers = new ArrayList<>();
    /** Sections beside that of app, line by line. */
    final List<String> others = new ArrayList<>();
    /** The value of {@code $host}; every other text stands for itself. */
    String host = "example.com";
    final ConcurrentLinkedQueue<String> logged = new ConcurrentLinkedQueue<>();
    final CounterWriter counters = CounterWriter.inMemory(1, 8);
    /** Null for a table that only this harness sees. */
    ZoneFile zone;
    int lane;
    int slabsMax = 64;
    private final Map<String, String> upstreamKeys = new LinkedHashMap<>(Map.of(
            "keepalive", "4", "keepalive_requests", "1000", "keepalive_timeout", "60s"));
    private final Map<String, String> locationKeys = new LinkedHashMap<>(Map.of(
            "proxy_pass", "http://app", "proxy_send_timeout", "20s",
            "proxy_read_timeout", "30s", "proxy_head_size", "16k"));
    LoopContext ctx;
    EventLoop loop;
    Upstreams upstreams;
    ContentHandler handler;
    Location location;

    ProxyHarness peer(ScriptedPeer peer) {
        return peer("127.0.0.1", peer.port(), 0, false);
    }

    ProxyHarness peer(String host, int port, int maxConns, boolean backup) {
        return peer(host + ":" + port + " max_conns=" + maxConns + (backup ? " backup" : ""));
    }

    ProxyHarness unixPeer(String path) {
        return peer("unix:" + path);
    }

    /** An address with its options; one failure takes it out. */
    ProxyHarness peer(String text) {
        peers.add(text + " max_fails=1");
        return this;
    }

    /** Gives the last peer an option more. */
    ProxyHarness last(String option) {
        peers.add(peers.removeLast() + " " + option);
        return this;
    }

    /** A key of [upstream app]; the last value stays. */
    ProxyHarness upstream(String key, String value) {
        upstreamKeys.put(key, value);
        return this;
    }

    /** A key of the location; the last value stays. */
    ProxyHarness location(String key, String value) {
        locationKeys.put(key, value);
        return this;
    }

    /** What the location forwards are calls of gRPC. */
    ProxyHarness grpc() {
        locationKeys.remove("proxy_pass");
        return location("grpc_pass", "grpc://app");
    }

    SluiceConfig config() {
        return load().config();
    }

    private LoadedConfig load() {
        List<String> lines = new ArrayList<>();
        lines.add("[upstream app]");
        peers.forEach(peer -> lines.add("server = " + peer));
        upstreamKeys.forEach((key, value) -> lines.add(key + " = " + value));
        lines.addAll(others);
        lines.addAll(List.of("[server www]", "listen = 80", "[location www /]"));
        locationKeys.forEach((key, value) -> lines.add(key + " = " + value));
        return ConfigText.load(lines.toArray(new String[0]));
    }

    ProxyHarness start() throws Exception {
        loop = new EventLoop("test-loop", clock, () -> { });
        ctx = new LoopContext(loop, new SlabPool(slabsMax), counters,
                new ErrorLines((level, line) -> logged.add(level.label() + " " + line)), 0, 1);
        LoadedConfig loaded = load();
        SluiceConfig config = loaded.config();
        SharedPeers shared = zone == null
                ? SharedPeers.alone(config) : SharedPeers.of(zone, lane);
        upstreams = Upstreams.build(config, loaded.files(), ctx, shared);
        LocationConfig at = config.servers().getFirst().locations().getFirst();
        location = new Location(at, "/", new HeaderToAdd[0], new ExchangeLog[0],
                Location.NO_REWRITES, null, Gate.NONE);
        ProxyHandlers handlers = new ProxyHandlers(config, ctx, upstreams,
                text -> (x, out) -> out.putAscii(text.equals("$host") ? host : text),
                ProxyHarness::answer);
        handler = handlers.handlerOf(at);
        loop.start();
        return this;
    }

    /** Both see one table, as workers do. */
    void shareWith(ProxyHarness other) {
        zone = ZoneFile.inMemory(PeerTable.spec(config()));
        new PeerTable(zone).prepare(config(), List.of());
        other.zone = zone;
        other.lane = 1;
    }

    private static void answer(Exchange x, int status) {
        x.client.beginHead(status);
        if (x.client.endHead(0)) {
            x.client.endResponse();
        }
    }

    /** Runs on the loop and waits for it. */
    <T> T onLoop(Callable<T> task) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(TIMEOUT_S, TimeUnit.SECONDS);
    }

    void run(Runnable task) throws Exception {
        onLoop(() -> {
            task.run();
            return null;
        });
    }

    ScriptedClient client() {
        return new ScriptedClient(ctx);
    }

    /** Begins a request. */
    ScriptedClient send(ScriptedClient client, String request) throws Exception {
        run(() -> {
            client.begin(client.load(request));
            client.exchange.location = location;
            client.done = new CountDownLatch(1);
            handler.handle(client.exchange);
        });
        return client;
    }

    /** Sends a request and waits for the end of its exchange. */
    ScriptedClient exchange(String request) throws Exception {
        return await(send(client(), request));
    }

    ScriptedClient get(String path) throws Exception {
        return exchange("GET " + path + " HTTP/1.1\nHost: example.com");
    }

    ScriptedClient await(ScriptedClient client) throws Exception {
        assertTrue(client.done.await(TIMEOUT_S, TimeUnit.SECONDS), () -> "no end: " + logged);
        // A turn of the loop later all that belongs to the end has been done.
        run(() -> { });
        return client;
    }

    /** Waits until something is true on the loop. */
    void until(BooleanSupplier fact) throws Exception {
        for (int i = 0; i < 20_000; i++) {
            if (onLoop(fact::getAsBoolean)) {
                return;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("never true: " + logged);
    }

    /** Moves the clock and gives the loop a turn. */
    void step(long ms) throws Exception {
        clock.stepMs(ms);
        // A turn that was open when the clock moved has an older time.
        until(() -> ctx.clock.nowNs() == clock.nowNs());
        CompletableFuture<Void> ended = new CompletableFuture<>();
        run(() -> ctx.loop.atEndOfTurn(new EndOfTurn(ended)));
        ended.get(TIMEOUT_S, TimeUnit.SECONDS);
    }

    /** Tells when the turn that it was queued in has fired its deadlines. */
    private record EndOfTurn(CompletableFuture<Void> ended) implements TurnEnd {
        @Override
        public void endOfTurn() {
            ended.complete(null);
        }

        @Override
        public boolean markQueued() {
            return true;
        }

        @Override
        public void clearQueued() {
            // Used once.
        }
    }

    long count(int peer, PeerCounterId id) throws Exception {
        return onLoop(() -> counters.peer(peer).get(id));
    }

    int lentSlabs() throws Exception {
        return onLoop(() -> ctx.slabs.lentCount());
    }

    /** Nothing is left behind: no memory, no request in flight. */
    void assertQuiet() throws Exception {
        assertEquals(0, lentSlabs(), "slabs");
        for (int i = 0; i < peers.size(); i++) {
            assertEquals(0, count(i, PeerCounterId.ACTIVE), "in flight at peer " + i);
        }
    }

    void stop() throws Exception {
        run(upstreams::closeIdle);
        run(upstreams.names()::stop);
        run(upstreams.checks()::stop);
        loop.stop();
        loop.join();
        assertNull(loop.failure());
    }
}
