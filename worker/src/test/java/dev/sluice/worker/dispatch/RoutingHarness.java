package dev.sluice.worker.dispatch;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.counters.CounterLabels;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.answer.ExchangePath;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.exchange.RequestHandler;
import dev.sluice.worker.loop.ErrorLines;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.route.GateFactory;
import dev.sluice.worker.route.RouteBuilder;
import dev.sluice.worker.route.RouteTable;
import dev.sluice.worker.variables.LogFormat;
import dev.sluice.worker.variables.WorkerScope;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A dispatcher over a configuration, with a client. What would be served as a file or passed to a
 * peer is answered with a text that says so; a path under {@code /missing} is a 404, one under
 * {@code /broken} a 502. Owner: one test thread.
 */
public final class RoutingHarness implements RequestHandler {

    /** 2026-11-20 18:00:00 UTC in milliseconds. */
    public static final long NOW_MS = 1_795_197_600_000L;

    public final SteppedClock clock = new SteppedClock(NOW_MS);
    /** Other threads may write to the log, too. */
    public final List<String> errors = new CopyOnWriteArrayList<>();
    public final List<String> accessLines = new ArrayList<>();
    public final WorkerScope scope =
            new WorkerScope(4242, "edge-1", TimeZone.getTimeZone("UTC"), 1, 2);
    public final LoopContext ctx;
    public final RecordingStream client;
    public final RouteTable routes;
    private final Dispatcher dispatcher;

    public RoutingHarness(SluiceConfig config) {
        this(config, (ctx, scope, paths) -> one -> Gate.NONE);
    }

    public RoutingHarness(SluiceConfig config, GateFactory gates) {
        this(config, (ctx, scope, paths) -> gates);
    }

    /** Makes gates with what they share with the other parts. */
    public interface GateMaker {

        /** Before any text with variables is compiled. */
        default void define(LoopContext ctx, WorkerScope scope, ExchangePath paths) {
            // Most bring no variables.
        }

        GateFactory make(LoopContext ctx, WorkerScope scope, ExchangePath paths);
    }

    public RoutingHarness(SluiceConfig config, GateMaker gates) {
        EventLoop loop = new EventLoop("routing", clock, () -> { });
        ErrorLog log = new ErrorLines(
                (level, line) -> errors.add(level.label() + ": " + line));
        ctx = new LoopContext(loop, new SlabPool(1),
                CounterWriter.inMemory(CounterLabels.of(config)), log, 3, 7);
        ExchangePath paths = new ExchangePath(true);
        gates.define(ctx, scope, paths);
        RouteBuilder.defineVariables(config, scope);
        routes = new RouteBuilder(config, ctx.counters, scope, paths,
                (one, location) -> RoutingHarness::serve, gates.make(ctx, scope, paths),
                (one, format) -> lineLog(format)).build();
        dispatcher = new Dispatcher(config, routes, paths, x -> say(x, 200, "metrics"));
        client = new RecordingStream(ctx, dispatcher);
    }

    private ExchangeLog lineLog(LogFormat format) {
        ByteBuffer memory = ByteBuffer.allocateDirect(65_536).order(ByteOrder.LITTLE_ENDIAN);
        return x -> {
            ByteSink sink = new ByteSink().reset(memory, 0, memory.capacity());
            format.append(x, sink);
            accessLines.add(text(memory, 0, sink.position()));
        };
    }

    private static void serve(Exchange x) {
        String path = path(x);
        if (path.startsWith("/missing")) {
            Answers.status(x, 404);
        } else if (path.startsWith("/broken")) {
            Answers.status(x, 502);
        } else {
            boolean file = x.location.config.proxy() == null;
            String query = x.queryLength < 0 ? ""
                    : "?" + text(x.queryBuffer, x.queryOffset, x.queryLength);
            say(x, Answers.statusToSend(x, 200), (file ? "file " : "proxy ") + path + query
                    + " by " + x.server.name() + " " + x.location.label);
        }
    }

    private static void say(Exchange x, int status, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Answers.text(x, status, "text/plain".getBytes(StandardCharsets.US_ASCII),
                ByteBuffer.wrap(bytes), 0, bytes.length, true);
    }

    public static String path(Exchange x) {
        return text(x.pathBuffer, x.pathOffset, x.pathLength);
    }

    static String text(ByteBuffer b, int offset, int length) {
        byte[] copy = new byte[length];
        b.get(offset, copy);
        return new String(copy, StandardCharsets.ISO_8859_1);
    }

    /** Sends a GET with a Host and gives the answer. */
    public RecordingStream get(String target) {
        return send("GET " + target + " HTTP/1.1\nHost: www.example.com");
    }

    public RecordingStream send(String request) {
        Exchange x = client.request(request);
        x.pathBuffer = null;
        x.pathLength = 0;
        dispatcher.onRequest(x);
        return client.finish();
    }

    @Override
    public void onRequest(Exchange x) {
        dispatcher.onRequest(x);
    }

    @Override
    public void onBadRequest(Exchange x, int status) {
        dispatcher.onBadRequest(x, status);
    }

    @Override
    public void onInternalRedirect(Exchange x) {
        dispatcher.onInternalRedirect(x);
    }

    @Override
    public void onNamedLocation(Exchange x, String name) {
        dispatcher.onNamedLocation(x, name);
    }

    @Override
    public void onGatePassed(Exchange x) {
        dispatcher.onGatePassed(x);
    }
}
