package dev.sluice.worker.downstream;

import dev.sluice.common.config.ClientConfig;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.exchange.ProxiedEnds;
import dev.sluice.worker.loop.TurnEnd;
import dev.sluice.worker.tls.TlsOpening;
import io.netty.channel.unix.Socket;

/**
 * A client's connection: its state from accept to close; it discards, lingers and closes. What
 * is read is the {@link RequestReader}'s business until a head is complete, the
 * {@link ExchangeDriver}'s until its exchange has ended. States and their arrows stand in
 * {@link DownstreamState}. Idle, a connection holds no memory but itself.
 *
 * <p>Owner: event loop.
 */
final class DownstreamConnection extends ClientSocket implements TurnEnd {

    private static final long NS_PER_MS = 1_000_000L;

    private final Downstreams shared;
    private DownstreamState state = DownstreamState.CLOSED;
    /** What comes before HTTP, while it does. */
    TlsOpening before;
    /** Null unless the client is one of those of debug_connection. */
    ConnectionSteps steps;
    /** Plain HTTP came where TLS was expected. */
    boolean mistaken;
    /** The first bytes may be those of HTTP/2. */
    boolean mayBeHttp2;
    /** Null but in the state HTTP2. */
    private Http2Session http2;
    private boolean queued;
    private boolean waitingForStream;
    /** Place in the list of open connections; written by it. */
    int openIndex;
    private int listenIndex;
    private int requestCount;
    private long serial;
    private long acceptedNs;
    private long stateSinceNs;

    DownstreamConnection(Downstreams shared) {
        super(shared);
        this.shared = shared;
    }

    /** @return false when the loop refused the socket, which is closed then */
    boolean open(Socket socket, byte[] address, int listener, long number, boolean plain,
            ProxiedEnds ends) {
        assert state == DownstreamState.CLOSED;
        listenIndex = listener;
        serial = number;
        requestCount = 0;
        waitingForStream = false;
        mistaken = false;
        mayBeHttp2 = shared.mayBeHttp2(listener);
        acceptedNs = ctx.clock.nowNs();
        stateSinceNs = acceptedNs;
        beginSocket(address);
        proxied(ends);
        if (!attach(socket, false)) {
            return false;
        }
        if (!plain && shared.opening.isNeeded(listener)) {
            state = DownstreamState.OPENING;
            shared.opening.begin(this);
        } else {
            state = DownstreamState.IDLE;
            waitForFirstRequest();
        }
        return true;
    }

    private void waitForFirstRequest() {
        ctx.timers.set(this, nowNs() + shared.http.clientHeaderTimeoutMs() * NS_PER_MS);
    }

    /** What comes before HTTP is done. */
    void opened() {
        become(DownstreamState.IDLE);
        waitForFirstRequest();
        if (canRead()) {
            shared.reader.readHead(this);
        }
    }

    /**
     * The client speaks HTTP/2.
     *
     * @param first what has been read already, its preface first; null for nothing
     */
    void becomeHttp2(StreamInput first) {
        become(DownstreamState.HTTP2);
        mayBeHttp2 = false;
        http2 = shared.http2.session();
        http2.begin(this, first);
        releaseStream();
        if (state == DownstreamState.HTTP2) {
            http2.ready();
        }
    }

    DownstreamState state() {
        return state;
    }

    void become(DownstreamState next) {
        assert state.mayBecome(next) : state + " to " + next;
        state = next;
        stateSinceNs = ctx.clock.nowNs();
    }

    @Override
    protected void onReady() {
        switch (state) {
            case OPENING -> shared.opening.advance(this);
            case IDLE -> {
                flushRecords();
                if (canRead()) {
                    shared.reader.readHead(this);
                }
            }
            case READING_HEAD -> {
                if (canRead()) {
                    shared.reader.readHead(this);
                } else if (mayFlush()) {
                    // Answers to requests before this one.
                    gather();
                }
            }
            case IN_EXCHANGE -> shared.driver.ready(this);
            case DISCARDING -> gather();
            case HTTP2 -> http2.ready();
            case LINGERING -> linger();
            case CLOSED -> { }
        }
    }

    @Override
    public boolean markQueued() {
        boolean first = !queued;
        queued = true;
        return first;
    }

    @Override
    public void clearQueued() {
        queued = false;
    }

    /** Something was put into the output: send it when the turn ends. */
    void gather() {
        ctx.loop.atEndOfTurn(this);
    }

    @Override
    public void endOfTurn() {
        switch (state) {
            case IDLE -> {
                if (canRead()) {
                    shared.reader.readHead(this);
                }
            }
            case READING_HEAD -> {
                if (shared.driver.flush(this)) {
                    shared.reader.continueReading(this);
                }
            }
            case IN_EXCHANGE -> shared.driver.turnEnd(this);
            case DISCARDING -> {
                if (shared.driver.flush(this)) {
                    shared.driver.discard(this);
                }
            }
            case HTTP2 -> http2.endOfTurn();
            case LINGERING -> linger();
            case OPENING, CLOSED -> { }
        }
    }

    // ---- input and output, used by the reader, the driver and the stream

    /** @return false when there is no memory for a stream now: the turn comes later */
    boolean borrowStream() {
        if (!waitingForStream) {
            stream = shared.acquire(this);
            waitingForStream = stream == null;
        }
        return stream != null;
    }

    /** A slab has become free for a connection that had to wait. */
    void streamAvailable() {
        waitingForStream = false;
        if (state == DownstreamState.IDLE) {
            gather();
        }
    }

    boolean mayKeepAlive(ClientConfig settings) {
        return (!inputEnded || stream.in.buffered() > 0) && !shared.draining()
                && mayStay(settings);
    }

    /** Whether it is neither too old nor has carried too many requests. */
    boolean mayStay(ClientConfig settings) {
        return requestCount < settings.keepaliveRequests()
                && settings.keepaliveTimeoutMs() > 0
                && ctx.clock.nowNs() - acceptedNs < shared.http.keepaliveTimeMs() * NS_PER_MS;
    }

    void updateDeadline() {
        shared.driver.updateDeadline(this);
    }

    void abortExchange() {
        shared.driver.abort(this);
    }

    void countRequest() {
        requestCount++;
    }

    // ---- ending

    /** Closing with bytes unread would send RST, which can destroy the answer on its way. */
    void closeOrLinger() {
        boolean unread = readable || stream.bodyPending() || stream.in.buffered() > 0;
        if (inputEnded || !unread) {
            closeNow();
            return;
        }
        beginLingering(stream.settings());
    }

    private void beginLingering(ClientConfig settings) {
        become(DownstreamState.LINGERING);
        ctx.timers.set(this, ctx.clock.nowNs() + settings.lingeringTimeoutMs() * NS_PER_MS);
        if (tls != null) {
            tls.closeNotify();
        }
        shutdownOutput();
        linger();
    }

    /** All of HTTP/2 has been said, and the last of it is to be read. */
    void lingerAfter() {
        releaseHttp2();
        if (inputEnded) {
            closeNow();
        } else {
            beginLingering(shared.defaults);
        }
    }

    private void releaseHttp2() {
        Http2Session ending = http2;
        if (ending != null) {
            http2 = null;
            ending.release();
        }
    }

    private void linger() {
        Slab scrap = ctx.slabs.borrow();
        if (scrap == null) {
            closeNow();
            return;
        }
        int count = 0;
        for (int rounds = 0; rounds < 16 && readable && count >= 0; rounds++) {
            count = recv(scrap.address, 0, Slab.BYTES);
        }
        ctx.slabs.giveBack(scrap);
        if (count < 0) {
            closeNow();
        } else if (readable) {
            ctx.loop.atNextTurn(this);
        }
    }

    @Override
    protected void onDeadline(long nowNs) {
        switch (state) {
            case OPENING -> shared.opening.timedOut(this);
            case READING_HEAD -> shared.reader.headTimeout(this);
            case IN_EXCHANGE -> shared.driver.deadline(this, nowNs);
            case IDLE -> closeIfIdle();
            case HTTP2 -> http2.deadline(nowNs);
            case LINGERING, DISCARDING, CLOSED -> closeNow();
        }
    }

    /** Closes it unless it is busy or a last look finds a request. @return whether it is closed */
    boolean closeIfIdle() {
        if (state == DownstreamState.HTTP2) {
            return http2.closeIfIdle();
        }
        if (state == DownstreamState.IDLE && !waitingForStream) {
            readable = true;
            shared.reader.readHead(this);
            if (state == DownstreamState.IDLE && !waitingForStream) {
                closeNow();
            }
        }
        return state == DownstreamState.CLOSED;
    }

    /** The worker takes no new connections: a client that can be told is told. */
    void drainBegins() {
        if (http2 != null) {
            http2.leave();
        }
    }

    /** The worker has no more time. */
    void cut() {
        if (state == DownstreamState.IN_EXCHANGE) {
            shared.driver.clientGone(this, Termination.WORKER_SHUTDOWN);
        } else if (state == DownstreamState.HTTP2) {
            http2.lost(Termination.WORKER_SHUTDOWN);
        } else {
            closeNow();
        }
    }

    /** Ends with RST: the client must not take what it got for complete. */
    void cutSocket() {
        if (state != DownstreamState.CLOSED) {
            resetSocket();
            closeNow();
        }
    }

    void closeNow() {
        if (state == DownstreamState.CLOSED) {
            return;
        }
        if (steps != null) {
            steps.closed(this);
        }
        // An exchange that is still there has been given up: its answer must not pass for whole.
        endTls(state != DownstreamState.IN_EXCHANGE);
        state = DownstreamState.CLOSED;
        releaseHttp2();
        if (before != null) {
            before.release();
            before = null;
        }
        closeSocket();
        releaseStream();
        shared.closed(this);
    }

    void releaseStream() {
        if (stream != null) {
            Http1Stream old = stream;
            stream = null;
            shared.release(old);
        }
    }

    @Override
    public void close() {
        cut();
    }

    int listenIndex() {
        return listenIndex;
    }

    long serial() {
        return serial;
    }

    long acceptedNs() {
        return acceptedNs;
    }

    long stateSinceNs() {
        return stateSinceNs;
    }

    /** Null but in the state HTTP2. */
    Http2Session http2() {
        return http2;
    }

    int requestCount() {
        return requestCount;
    }
}
