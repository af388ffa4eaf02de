package dev.sluice.worker.downstream;

import dev.sluice.common.config.ClientConfig;
import dev.sluice.common.config.HttpConfig;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.log.LogLine;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.exchange.ProxiedEnds;
import dev.sluice.worker.exchange.RequestHandler;
import dev.sluice.worker.http1.ParseLimits;
import dev.sluice.worker.loop.IoVec;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.proxyprotocol.ProxyFront;
import dev.sluice.worker.tls.TlsFront;
import dev.sluice.worker.watch.DebugClients;
import dev.sluice.worker.watch.WatchedList;
import io.netty.channel.unix.Socket;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * All client connections of a worker and what they share. Connections and streams are pooled:
 * opening, closing and reusing one takes constant time.
 *
 * <p>Owner: event loop.
 */
public final class Downstreams {

    /** Told when a connection has come or gone, or a request: who accepts may pause or go on. */
    public interface LoadListener {
        void loadChanged(int connections, int activeRequests);
    }

    final LoopContext ctx;
    final HttpConfig http;
    final ClientConfig defaults;
    final ParseLimits parseLimits;
    final RequestHandler router;
    final DateHeader date;
    final IoVec vec = new IoVec();
    final LogLine line = new LogLine();
    final ExchangeDriver driver = new ExchangeDriver(this);
    final RequestReader reader = new RequestReader(this);
    final Turnstile turnstile;
    final Opening opening;
    /** Null when no server speaks HTTP/2. */
    final Http2Front http2;
    /** By place of the listening address: whether HTTP/2 may come there without TLS. */
    private final boolean[] http2InClear;
    /** Null without debug_connection. */
    private ConnectionSteps steps;
    private final LoadListener load;
    private final ArrayDeque<DownstreamConnection> waiting = new ArrayDeque<>();
    private DownstreamConnection[] open = new DownstreamConnection[256];
    private int openCount;
    private DownstreamConnection[] spare = new DownstreamConnection[64];
    private int spareCount;
    private Http1Stream[] idleStreams = new Http1Stream[64];
    private int idleStreamCount;
    private int busyStreamCount;
    private long serial;
    private final DrainPlan drain;

    /**
     * @param defaults client settings where no location applies
     * @param tls null when no address speaks TLS
     * @param proxies null when no address expects PROXY headers
     * @param http2InClear by place of the listening address: whether clients may begin with
     *     HTTP/2 there without TLS; null when no server speaks it at all
     * @param free the same: whether requests there are served however many others are; null for
     *     none
     * @param router where requests go
     */
    public Downstreams(LoopContext ctx, HttpConfig http, ClientConfig defaults, TlsFront tls,
            ProxyFront proxies, boolean[] http2InClear, boolean[] free,
            RequestHandler router, LoadListener load) {
        this.ctx = ctx;
        this.http = http;
        this.defaults = defaults;
        this.router = router;
        this.load = load;
        this.opening = new Opening(this, tls, proxies);
        this.parseLimits = ParseLimits.of(http.requestLineBytesMax(),
                Math.min(http.largeHeaderBufferBytes(), StreamInput.LIMIT - 8 * 1024),
                http.maxHeaders(), http.underscoresInHeaders());
        this.date = new DateHeader(ctx.clock, "sluice");
        this.drain = new DrainPlan(this);
        this.turnstile = new Turnstile(this, http.maxActiveRequests(), free);
        this.http2InClear = http2InClear;
        this.http2 = http2InClear == null ? null : new Http2Front(this, http.http2());
    }

    /** @param debug whose connections are told of; null for nobody's */
    public void watch(DebugClients debug) {
        steps = debug == null ? null : new ConnectionSteps(ctx, debug);
    }

    /** Null without debug_connection. */
    ConnectionSteps steps() {
        return steps;
    }

    /**
     * Takes an accepted socket over.
     *
     * @param address what accept(2) said: Netty's form, length first; ignored for unix sockets
     */
    public void accepted(int fd, byte[] address, int listenIndex) {
        accepted(fd, address, listenIndex, false, null);
    }

    /**
     * The same, of a connection whose first bytes have been looked at.
     *
     * @param plain whether HTTP is the first thing on it, whatever the address has else
     * @param ends what a PROXY header that was taken off has said; null for nothing
     */
    public void accepted(int fd, byte[] address, int listenIndex, boolean plain,
            ProxiedEnds ends) {
        DownstreamConnection connection =
                spareCount > 0 ? spare[--spareCount] : new DownstreamConnection(this);
        ctx.counters.add(CounterId.CONNECTIONS_ACCEPTED, 1);
        if (!connection.open(
                new Socket(fd), address, listenIndex, ++serial, plain, ends)) {
            keepSpare(connection);
            return;
        }
        if (openCount == open.length) {
            open = Arrays.copyOf(open, openCount * 2);
        }
        connection.openIndex = openCount;
        open[openCount++] = connection;
        ctx.counters.add(CounterId.CONNECTIONS_ACTIVE, 1);
        if (steps != null) {
            steps.accepted(connection);
        }
        tellLoad();
    }

    void closed(DownstreamConnection connection) {
        DownstreamConnection last = open[--openCount];
        open[openCount] = null;
        if (last != connection) {
            open[connection.openIndex] = last;
            last.openIndex = connection.openIndex;
        }
        ctx.counters.add(CounterId.CONNECTIONS_ACTIVE, -1);
        ctx.counters.add(CounterId.CONNECTIONS_CLOSED, 1);
        keepSpare(connection);
        tellLoad();
        drain.connectionClosed();
    }

    private void keepSpare(DownstreamConnection connection) {
        if (spareCount == spare.length) {
            if (spareCount >= http.maxActiveRequests()) {
                return;
            }
            spare = Arrays.copyOf(spare, spareCount * 2);
        }
        spare[spareCount++] = connection;
    }

    /**
     * A stream for a connection on which a request begins; null when there is no memory for one
     * now, and then {@link DownstreamConnection#streamAvailable} is called when there is.
     */
    Http1Stream acquire(DownstreamConnection forWhom) {
        // Upstream connections need slabs too, or nobody would ever finish.
        Slab slab = ctx.slabs.available() > ctx.slabs.slabsMax() / 4 ? ctx.slabs.borrow() : null;
        if (slab == null) {
            waiting.add(forWhom);
            return null;
        }
        Http1Stream stream =
                idleStreamCount > 0 ? idleStreams[--idleStreamCount] : new Http1Stream(this);
        stream.attach(forWhom, slab);
        busyStreamCount++;
        return stream;
    }

    void release(Http1Stream stream) {
        Slab slab = stream.detach();
        busyStreamCount--;
        if (idleStreamCount == idleStreams.length) {
            idleStreams = Arrays.copyOf(idleStreams, idleStreamCount * 2);
        }
        idleStreams[idleStreamCount++] = stream;
        gaveBack(slab);
    }

    /** Takes memory back, for whoever waits for some. @param slab null for none */
    void gaveBack(Slab slab) {
        if (slab == null) {
            return;
        }
        ctx.slabs.giveBack(slab);
        DownstreamConnection next = waiting.poll();
        if (next != null) {
            next.streamAvailable();
        }
    }

    void tellLoad() {
        load.loadChanged(openCount, turnstile.load());
    }

    /** A request that lasts as long as its client likes is no load. */
    void tunnelBegins(SocketStream stream) {
        turnstile.ends(stream);
        ctx.counters.add(CounterId.TUNNELS, 1);
        ctx.counters.add(CounterId.TUNNELS_ACTIVE, 1);
    }

    /** Whether the first bytes of a connection may be those of HTTP/2. */
    boolean mayBeHttp2(int listenIndex) {
        return http2InClear != null && http2InClear[listenIndex];
    }

    /** The exchange has ended. */
    void exchangeEnds(SocketStream stream, boolean tunnel) {
        if (tunnel) {
            ctx.counters.add(CounterId.TUNNELS_ACTIVE, -1);
        } else {
            turnstile.ends(stream);
        }
    }

    /** Connections that are open, idle ones included. */
    public int openCount() {
        return openCount;
    }

    /** Connections that wait for a request and hold no memory but themselves. */
    public int idleCount() {
        return openCount - busyStreamCount;
    }

    /** Requests that are served, or wait until they are. */
    public int load() {
        return turnstile.load();
    }

    /** All open connections, for an operator. */
    public WatchedList<?> rows() {
        return new ConnectionRows(this);
    }

    DownstreamConnection open(int index) {
        return open[index];
    }

    boolean draining() {
        return drain.isStarted();
    }

    /**
     * Stops keeping connections alive: the next answer on each says so, and idle ones are closed
     * one by one as late as the time allows, so that a request that is under way to one of them
     * finds it open. What is left at the end of the time is cut. A second call sets another time.
     *
     * @param timeoutMs 0 waits for ever
     * @param soon whether idle connections are closed at once: nobody follows this worker
     * @param done run on the loop when no connection is left
     */
    public void drain(long timeoutMs, boolean soon, Runnable done) {
        drain.start(timeoutMs, soon, done);
    }
}
