package dev.sluice.worker.downstream;

import dev.sluice.common.config.ClientConfig;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.Termination;
import dev.sluice.common.log.Level;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http1.RequestParser;
import dev.sluice.worker.loop.SocketHandle;
import dev.sluice.worker.loop.TurnEnd;
import io.netty.channel.epoll.LinuxSocket;
import java.net.InetSocketAddress;

/**
 * A client's connection: accepts bytes, finds requests in them, keeps alive, lingers, closes. What
 * happens between a complete head and the end of its exchange is the {@link ExchangeDriver}'s. Its
 * states and their arrows stand in {@link DownstreamState}. Idle, it holds no memory but itself.
 *
 * <p>Owner: event loop.
 */
final class DownstreamConnection extends SocketHandle implements TurnEnd {

    /** {@link #readBodyDirect}: nothing there now. */
    static final int BODY_WAIT = -3;
    /** {@link #readBodyDirect}, {@link #fill}: the client has finished sending. */
    static final int INPUT_ENDED = -4;
    private static final long NS_PER_MS = 1_000_000L;

    private final Downstreams shared;
    private DownstreamState state = DownstreamState.CLOSED;
    private Http1Stream stream;
    private boolean queued;
    /** The client has finished sending; it may still read. */
    private boolean inputEnded;
    private boolean waitingForStream;
    /** Place in the list of open connections; written by it. */
    int openIndex;
    private int listenIndex;
    private int requestCount;
    private byte family;
    private char port;
    private long addressHigh;
    private long addressLow;
    private long serial;
    private long acceptedNs;

    DownstreamConnection(Downstreams shared) {
        super(shared.ctx);
        this.shared = shared;
    }

    /** @return false when the loop refused the socket, which is closed then */
    boolean open(LinuxSocket socket, byte[] address, int listener, long number) {
        assert state == DownstreamState.CLOSED;
        listenIndex = listener;
        serial = number;
        requestCount = 0;
        inputEnded = false;
        waitingForStream = false;
        acceptedNs = ctx.clock.nowNs();
        keepAddress(address);
        if (!attach(socket, false)) {
            return false;
        }
        state = DownstreamState.IDLE;
        ctx.timers.set(this, acceptedNs + shared.http.clientHeaderTimeoutMs() * NS_PER_MS);
        return true;
    }

    private void keepAddress(byte[] address) {
        int length = address[0];
        if (length == 8) {
            family = ClientAddress.IPV4;
            addressHigh = 0;
            addressLow = ClientAddress.bytesToLong(address, 1, 4);
            port = (char) ClientAddress.bytesToLong(address, 5, 4);
        } else if (length == 24) {
            family = ClientAddress.IPV6;
            addressHigh = ClientAddress.bytesToLong(address, 1, 8);
            addressLow = ClientAddress.bytesToLong(address, 9, 8);
            port = (char) ClientAddress.bytesToLong(address, 21, 4);
        } else {
            family = ClientAddress.UNIX;
            port = 0;
        }
    }

    DownstreamState state() {
        return state;
    }

    void become(DownstreamState next) {
        assert state.mayBecome(next) : state + " to " + next;
        state = next;
    }

    @Override
    protected void onReady() {
        switch (state) {
            case IDLE, READING_HEAD -> {
                if (readable) {
                    readHead();
                }
            }
            case IN_EXCHANGE -> shared.driver.ready(this);
            case DISCARDING -> gather();
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
                if (readable) {
                    readHead();
                }
            }
            case READING_HEAD -> {
                if (shared.driver.flush(this)) {
                    parseBuffered();
                    waitOrRest();
                }
            }
            case IN_EXCHANGE -> shared.driver.turnEnd(this);
            case DISCARDING -> {
                if (shared.driver.flush(this)) {
                    discard();
                }
            }
            case LINGERING -> linger();
            case CLOSED -> { }
        }
    }

    // ---- reading requests

    private boolean atHead() {
        return state == DownstreamState.IDLE || state == DownstreamState.READING_HEAD;
    }

    private void readHead() {
        if (stream == null && !borrowStream()) {
            return;
        }
        while (readable && atHead()) {
            int count = fill();
            if (count == BROKEN) {
                inputBroken(Termination.CLIENT_RESET);
                return;
            }
            if (count <= 0) {
                break;
            }
            if (state == DownstreamState.IDLE) {
                become(DownstreamState.READING_HEAD);
                stream.firstByteNs = ctx.clock.nowNs();
            }
            parseBuffered();
        }
        if (state == DownstreamState.READING_HEAD) {
            if (inputEnded || !stream.out.isEmpty()) {
                gather();
            } else {
                waitForHead();
            }
        } else if (state == DownstreamState.IDLE) {
            if (inputEnded) {
                closeNow();
            } else {
                releaseStream();
            }
        }
    }

    private boolean borrowStream() {
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

    /**
     * Reads into the stream's input.
     *
     * @return bytes read, 0 for nothing now, INPUT_ENDED or BROKEN
     */
    int fill() {
        StreamInput in = stream.in;
        if (in.room() == 0 || !readable) {
            return 0;
        }
        int count = recv(in.slab().address, in.end(), in.end() + in.room());
        if (count > 0) {
            in.received(count);
            ctx.counters.add(CounterId.BYTES_RECEIVED, count);
            return count;
        }
        return count == WOULD_BLOCK ? 0 : ended(count);
    }

    private int ended(int count) {
        inputEnded = true;
        return count == END ? INPUT_ENDED : BROKEN;
    }

    /** Parses what is buffered, one request after the other, as long as answers are immediate. */
    private void parseBuffered() {
        while (state == DownstreamState.READING_HEAD) {
            if (stream.out.headRoom() < StreamOutput.HEAD_ROOM) {
                gather();
                return;
            }
            int end = stream.in.parse(stream.head);
            if (end > 0) {
                shared.driver.begin(this, end);
                shared.router.onRequest(stream.exchange);
                shared.driver.afterHandler(this);
            } else if (end == RequestParser.BAD) {
                badRequest(stream.head.error.status());
            } else if (stream.in.room() > 0 && stream.in.headMayFit()) {
                return;
            } else if (!stream.in.compact(stream.head)) {
                badRequest(431);
            }
        }
    }

    private void badRequest(int status) {
        shared.driver.begin(this, 0);
        ctx.counters.add(CounterId.BAD_REQUESTS, 1);
        if (ctx.log.enabled(Level.INFO) && stream.head.error != null) {
            ctx.log.log(Level.INFO, "client sent a bad request: "
                    + stream.head.error.sentence() + ", client: "
                    + ConnectionAddress.text(this));
        }
        stream.exchange.terminate(status == 408
                ? Termination.CLIENT_HEAD_TIMEOUT : Termination.CLIENT_BAD_REQUEST);
        shared.router.onBadRequest(stream.exchange, status);
        shared.driver.afterHandler(this);
    }

    private void waitForHead() {
        ctx.timers.set(this, stream.firstByteNs
                + shared.http.clientHeaderTimeoutMs() * NS_PER_MS);
    }

    /** The last exchange has ended and this one's body has been read to its end. */
    void nextRequest() {
        stream.in.startNext(stream.head);
        stream.pipelined = stream.in.buffered() > 0;
        stream.firstByteNs = ctx.clock.nowNs();
        become(DownstreamState.READING_HEAD);
        gather();
    }

    /** All that was buffered has been parsed and sent: wait for more, or be idle. */
    private void waitOrRest() {
        if (state != DownstreamState.READING_HEAD || !stream.out.isEmpty()) {
            return;
        }
        if (stream.in.buffered() > 0) {
            if (inputEnded) {
                inputBroken(Termination.CLIENT_CLOSED);
            } else if (readable) {
                readHead();
            } else {
                waitForHead();
            }
            return;
        }
        if (inputEnded) {
            closeNow();
            return;
        }
        ctx.timers.set(this,
                ctx.clock.nowNs() + stream.settings().keepaliveTimeoutMs() * NS_PER_MS);
        become(DownstreamState.IDLE);
        if (readable) {
            readHead();
        } else {
            releaseStream();
        }
    }

    /** The client's end came in the middle of a head: counted as an exchange of its own. */
    private void inputBroken(Termination reason) {
        if (state == DownstreamState.READING_HEAD && stream.in.buffered() > 0) {
            shared.driver.begin(this, 0);
            shared.driver.clientGone(this, reason);
        } else {
            closeNow();
        }
    }

    boolean mayKeepAlive(ClientConfig settings) {
        return (!inputEnded || stream.in.buffered() > 0) && !shared.draining()
                && requestCount < settings.keepaliveRequests()
                && settings.keepaliveTimeoutMs() > 0
                && ctx.clock.nowNs() - acceptedNs < shared.http.keepaliveTimeMs() * NS_PER_MS;
    }

    // ---- input and output of the driver and the stream

    Http1Stream stream() {
        return stream;
    }

    boolean canRead() {
        return readable;
    }

    boolean canWrite() {
        return writable;
    }

    boolean hasHungUp() {
        return hungUp;
    }

    /** Reads body bytes straight into somebody's memory. */
    int readBodyDirect(long address, int from, int limit) {
        int count = recv(address, from, limit);
        if (count > 0) {
            stream.in.tookDirect(count);
            ctx.counters.add(CounterId.BYTES_RECEIVED, count);
            return count;
        }
        return count == WOULD_BLOCK ? BODY_WAIT : ended(count);
    }

    void updateDeadline() {
        shared.driver.updateDeadline(this);
    }

    void abortExchange() {
        shared.driver.abort(this);
    }

    long sendOwnAndLent() {
        StreamOutput out = stream.out;
        if (out.lentBytes() == 0) {
            return send(out.slab().address, out.sentTo(), out.end());
        }
        if (out.ownBytes() == 0) {
            return send(out.lentFrom(), 0, out.lentBytes());
        }
        shared.vec.clear();
        shared.vec.add(out.slab().address + out.sentTo(), out.ownBytes());
        shared.vec.add(out.lentFrom(), out.lentBytes());
        return writev(shared.vec);
    }

    void writeStuck() {
        writable = false;
    }

    void outputWaits() {
        armWritable();
    }

    void outputRests() {
        disarmWritable();
    }

    int socketFd() {
        return fdNumber();
    }

    void countSent(long count) {
        ctx.counters.add(CounterId.BYTES_SENT, count);
        stream.sending.moved(count);
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
        become(DownstreamState.LINGERING);
        ctx.timers.set(this,
                ctx.clock.nowNs() + stream.settings().lingeringTimeoutMs() * NS_PER_MS);
        shutdownOutput();
        linger();
    }

    private void discard() {
        if (!stream.keepAlive) {
            closeOrLinger();
            return;
        }
        while (stream.bodyPending()) {
            int count = fill();
            if (count < 0 || !stream.in.drop()) {
                closeNow();
                return;
            }
            if (count == 0) {
                return;
            }
        }
        nextRequest();
    }

    private void linger() {
        for (int rounds = 0; rounds < 16 && readable; rounds++) {
            if (recv(stream.in.slab().address, 0, StreamInput.LIMIT) < 0) {
                closeNow();
                return;
            }
        }
        if (readable) {
            ctx.loop.atNextTurn(this);
        }
    }

    @Override
    protected void onDeadline(long nowNs) {
        switch (state) {
            case READING_HEAD -> badRequest(408);
            case IN_EXCHANGE -> shared.driver.deadline(this, nowNs);
            case IDLE, LINGERING, DISCARDING, CLOSED -> closeNow();
        }
    }

    /** Closes a connection that has nothing under way. @return false when it is busy */
    boolean closeIfIdle() {
        if (state != DownstreamState.IDLE || readable) {
            return false;
        }
        closeNow();
        return true;
    }

    /** The worker has no more time. */
    void cut() {
        if (state == DownstreamState.IN_EXCHANGE) {
            shared.driver.clientGone(this, Termination.WORKER_SHUTDOWN);
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
        state = DownstreamState.CLOSED;
        closeSocket();
        releaseStream();
        shared.closed(this);
    }

    private void releaseStream() {
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

    // ---- facts

    int remotePort() {
        return port;
    }

    void printRemoteAddress(ByteSink out) {
        ClientAddress.print(family, addressHigh, addressLow, out);
    }

    void printLocalAddress(ByteSink out) {
        ConnectionAddress.printLocal(family, socket(), out);
    }

    int localPort() {
        InetSocketAddress local = ConnectionAddress.local(family, socket());
        return local == null ? 0 : local.getPort();
    }

    int listenIndex() {
        return listenIndex;
    }

    long serial() {
        return serial;
    }

    int requestCount() {
        return requestCount;
    }
}
