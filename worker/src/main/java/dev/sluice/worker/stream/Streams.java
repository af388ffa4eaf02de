package dev.sluice.worker.stream;

import dev.sluice.common.config.ListenConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.StreamConfig;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.log.Level;
import dev.sluice.common.log.LogLine;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.exchange.ProxiedEnds;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.linux.PipePool;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.Timed;
import dev.sluice.worker.proxy.TemplateCompiler;
import dev.sluice.worker.proxyprotocol.ProxyFront;
import dev.sluice.worker.tls.TlsFront;
import dev.sluice.worker.upstream.Connector;
import dev.sluice.worker.upstream.Upstreams;
import dev.sluice.worker.watch.DebugClients;
import dev.sluice.worker.watch.WatchedList;
import io.netty.channel.unix.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * All sessions of a worker and what they share. Sessions are pooled: opening and closing one takes
 * constant time. When the worker drains they live on until the end of its time, as tunnels do.
 *
 * <p>Owner: event loop.
 */
public final class Streams extends Timed {

    private static final long NS_PER_MS = 1_000_000L;
    private static final int SPARE_MAX = 1024;
    private static final int PIPES_MAX = 1024;
    private static final int TEXT_BYTES_MAX = 128;

    final LoopContext ctx;
    final Connector connector;
    final SessionOpening opening;
    /** Variables that ask for a request find none in it. */
    final RequestHead noRequest = new RequestHead(1);
    private final PipePool pipes;
    /** By place of the listening address; null for those of servers. */
    private final StreamPlan[] plans;
    private final boolean[] secure;
    private final Runnable loadListener;
    /** Null without debug_connection. */
    private DebugClients debug;
    private final LogLine line = new LogLine();
    private final ByteSink sink = new ByteSink();
    private final ByteBuffer text = ByteBuffer.allocate(TEXT_BYTES_MAX);
    private StreamSession[] open = new StreamSession[64];
    private int openCount;
    private StreamSession[] spare = new StreamSession[64];
    private int spareCount;
    private long serial;
    private Runnable whenDrained;
    /** Null before the first of them. */
    private Datagrams datagrams;

    private Streams(SluiceConfig config, LoopContext ctx, Upstreams upstreams, TlsFront tls,
            ProxyFront proxies, TemplateCompiler templates,
            Function<StreamConfig, List<ExchangeLog>> logs, Runnable loadListener) {
        this.ctx = ctx;
        this.connector = upstreams.connector();
        this.loadListener = loadListener;
        this.opening = new SessionOpening(this, tls, proxies);
        noRequest.reset(ByteBuffer.allocate(1));
        List<ListenConfig> listens = config.listenAddresses();
        plans = new StreamPlan[listens.size()];
        secure = new boolean[plans.length];
        boolean splices = false;
        List<StreamPlan> all = new ArrayList<>();
        for (StreamConfig stream : config.streams()) {
            all.add(new StreamPlan(stream, upstreams, templates, logs.apply(stream)));
            splices |= stream.splice();
        }
        for (int i = 0; i < plans.length; i++) {
            int place = config.streamAt(listens.get(i));
            plans[i] = place < 0 ? null : all.get(place);
            secure[i] = place >= 0 && listens.get(i).ssl() && !listens.get(i).auto();
        }
        pipes = splices ? new PipePool(
                Math.clamp(config.events().workerConnections() / 8, 16, PIPES_MAX)) : null;
    }

    /**
     * Null when there is no stream: nothing of them is loaded then.
     *
     * @param templates compiles texts with variables
     * @param logs where sessions of a stream are written to when they have ended
     * @param loadListener run when a session has come or gone
     */
    public static Streams of(SluiceConfig config, LoopContext ctx, Upstreams upstreams,
            TlsFront tls, ProxyFront proxies, TemplateCompiler templates,
            Function<StreamConfig, List<ExchangeLog>> logs, Runnable loadListener) {
        return config.streams().isEmpty() ? null : new Streams(config, ctx, upstreams, tls,
                proxies, templates, logs, loadListener);
    }

    /** Whether TLS ends here. What comes by {@code auto} is none. */
    boolean isSecure(int listenIndex) {
        return secure[listenIndex];
    }

    /** Whether connections of this address are sessions. */
    public boolean owns(int listenIndex) {
        return plans[listenIndex] != null;
    }

    /** @param clients whose sessions are told of; null for nobody's */
    public void watch(DebugClients clients) {
        debug = clients;
    }

    /** A session begins; its exchange has begun. */
    void begins(Exchange x, StreamPlan plan) {
        if (debug != null) {
            debug.begins(x, plan.config.name());
        }
    }

    /**
     * Takes an accepted socket over.
     *
     * @param address what accept(2) said: Netty's form, length first
     */
    public void accepted(int fd, byte[] address, int listenIndex) {
        accepted(fd, address, listenIndex, null);
    }

    /** @param ends what a PROXY header that was taken off has said; null for nothing */
    public void accepted(int fd, byte[] address, int listenIndex, ProxiedEnds ends) {
        StreamSession session = spareCount > 0 ? spare[--spareCount] : new StreamSession(this);
        ctx.counters.add(CounterId.CONNECTIONS_ACCEPTED, 1);
        if (!session.open(new Socket(fd), address, listenIndex, ++serial,
                plans[listenIndex])) {
            keepSpare(session);
            return;
        }
        if (openCount == open.length) {
            open = Arrays.copyOf(open, openCount * 2);
        }
        session.openIndex = openCount;
        open[openCount++] = session;
        ctx.counters.add(CounterId.CONNECTIONS_ACTIVE, 1);
        ctx.counters.add(CounterId.STREAM_SESSIONS, 1);
        ctx.counters.add(CounterId.STREAM_SESSIONS_ACTIVE, 1);
        loadListener.run();
        if (ends != null) {
            session.client.proxied(ends);
        }
        session.begin();
    }

    void closed(StreamSession session) {
        StreamSession last = open[--openCount];
        open[openCount] = null;
        if (last != session) {
            open[session.openIndex] = last;
            last.openIndex = session.openIndex;
        }
        ctx.counters.add(CounterId.CONNECTIONS_ACTIVE, -1);
        ctx.counters.add(CounterId.CONNECTIONS_CLOSED, 1);
        ctx.counters.add(CounterId.STREAM_SESSIONS_ACTIVE, -1);
        keepSpare(session);
        loadListener.run();
        finishIfEmpty();
    }

    private void keepSpare(StreamSession session) {
        if (spareCount == SPARE_MAX) {
            return;
        }
        if (spareCount == spare.length) {
            spare = Arrays.copyOf(spare, spareCount * 2);
        }
        spare[spareCount++] = session;
    }

    public int openCount() {
        return openCount + (datagrams == null ? 0 : datagrams.openCount());
    }

    /** All open sessions, for an operator. */
    public List<WatchedList<?>> rows() {
        return datagrams == null ? List.of(new SessionRows(this))
                : List.of(new SessionRows(this), new DatagramRows(datagrams));
    }

    int sessionCount() {
        return openCount;
    }

    StreamSession session(int index) {
        return open[index];
    }

    /** Datagrams have come to an address of theirs. */
    public void receive(int fd, int listenIndex) {
        if (datagrams == null) {
            datagrams = new Datagrams(this, plans.length);
        }
        datagrams.receive(fd, listenIndex, plans[listenIndex]);
    }

    void datagramsEnded() {
        finishIfEmpty();
    }

    /** Null where nobody wants any. */
    PipePool pipes() {
        return pipes;
    }

    /** Pipes that have bytes in them. */
    public int pipesLent() {
        return pipes == null ? 0 : pipes.lentCount();
    }

    /**
     * Waits for the sessions, and cuts those that are left at the end of the time. A second call
     * sets another time.
     *
     * @param timeoutMs 0 waits for ever
     * @param done run on the loop when none is left
     */
    public void drain(long timeoutMs, Runnable done) {
        whenDrained = done;
        if (datagrams != null) {
            datagrams.drain();
        }
        if (timeoutMs > 0) {
            ctx.timers.set(this, ctx.clock.nowNs() + timeoutMs * NS_PER_MS);
        }
        finishIfEmpty();
    }

    private void finishIfEmpty() {
        if (openCount() == 0 && whenDrained != null) {
            Runnable done = whenDrained;
            whenDrained = null;
            ctx.timers.clear(this);
            done.run();
        }
    }

    @Override
    protected void onDeadline(long nowNs) {
        for (int i = openCount - 1; i >= 0; i--) {
            open[i].close();
        }
        if (datagrams != null) {
            datagrams.cutAll();
        }
    }

    /** @param upstream null when there is none yet */
    void log(Level level, StreamSession session, String what, String upstream) {
        if (!ctx.log.enabled(level)) {
            return;
        }
        sink.reset(text, 0, TEXT_BYTES_MAX);
        session.client.remoteAddress(sink);
        line.start(what).during(session.state().phrase())
                .client(new String(text.array(), 0, sink.position(), StandardCharsets.US_ASCII))
                .server(session.plan.config.name());
        ctx.log.log(level, line.upstream(upstream).toString());
    }
}
