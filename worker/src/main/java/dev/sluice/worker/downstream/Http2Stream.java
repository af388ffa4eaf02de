package dev.sluice.worker.downstream;

import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.Status;
import java.nio.ByteBuffer;

/**
 * One stream of an HTTP/2 connection: a request and its answer, in a slab of its own, laid out as
 * that of HTTP/1. The head of the answer stays there as lines, for the rules that change it and for
 * the access log, and is sent as a header block.
 *
 * <p>Owner: event loop.
 */
final class Http2Stream extends SocketStream {

    /** {@link #resetCode}: the stream is not to be reset. */
    static final int NO_RESET = -1;

    final Http2Body body = new Http2Body();
    Http2Session session;
    int id;
    /** DATA that may still be sent; below zero after the client has made its window smaller. */
    int sendWindow;
    /** The head of the answer waits to be sent. */
    boolean headPending;
    /** END_STREAM has been written. */
    boolean endSent;
    /** There is output, and no window of the client lets it go. */
    boolean blocked;
    int resetCode;
    /**
     * The answer has been sent whole and the exchange has ended; what the client still sends is
     * dropped until then. {@link Pace#NEVER} before.
     */
    long lingerNs;
    /** Fields of the request and their bytes; its trailers count on. */
    int fieldCount;
    int listBytes;
    /** Links of the queue of streams with something to send; the output's. */
    Http2Stream nextReady;
    boolean ready;
    /** Place in the session's table; written by it. */
    int index;
    private Slab slab;

    Http2Stream(Downstreams shared) {
        super(shared);
    }

    void attach(Http2Session to, int number, Slab memory) {
        session = to;
        connection = to.connection;
        id = number;
        slab = memory;
        out.attach(memory);
        firstByteNs = shared.ctx.clock.nowNs();
        headPending = false;
        endSent = false;
        blocked = false;
        resetCode = NO_RESET;
        lingerNs = Pace.NEVER;
        nextReady = null;
        ready = false;
    }

    Slab slab() {
        return slab;
    }

    /** The head of the request is there, or so bad that it is answered as it stands. */
    void beginExchange() {
        beginAnswer();
        exchange.requestBytes = head.headLength;
    }

    Slab detach() {
        Slab old = slab;
        slab = null;
        session = null;
        connection = null;
        out.detach();
        return old;
    }

    @Override
    protected void outputChanged() {
        session.output.ready(this);
    }

    @Override
    protected void giveUp() {
        session.exchanges.giveUp(this);
    }

    @Override
    public boolean endHead(long contentLength) {
        boolean bodiless = contentLength == NO_BODY || Status.isBodiless(exchange.status);
        suppressBody = head.method == Method.HEAD || bodiless;
        if (!writer.end(exchange, bodiless ? NO_BODY : contentLength, false, false, false)) {
            exchange.status = 0;
            return false;
        }
        headWritten(false);
        out.skipHead();
        headPending = true;
        return true;
    }

    @Override
    public void interim(int status) {
        if (!headSent()) {
            session.output.interim(this, status);
        }
    }

    @Override
    public boolean bodyPending() {
        return !body.isDone();
    }

    @Override
    public int readBody(ByteBuffer into, long address, int from, int limit) {
        return body.read(this, into, from, limit);
    }

    /** Nobody reads the request body any more. */
    void stopReadingBody() {
        reading.stopWaiting(shared.ctx.clock.nowNs());
        body.drop(this);
    }

    @Override
    public void discardBody() {
        stopReadingBody();
    }

    /** Starts over for an answer that replaces a broken exchange's; nothing was sent of it. */
    void restartAnswer() {
        exchange.state = ExchangeState.SENDING_RESPONSE;
        stopReadingBody();
    }

    /** Whether all that was given has been put into frames. */
    boolean isDrained() {
        return !headPending && out.isEmpty() && !out.isHeldBack();
    }

    @Override
    public boolean pipelined() {
        return false;
    }
}
