package dev.sluice.worker.downstream;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.Status;
import dev.sluice.worker.http2.OpenStreams;
import java.nio.ByteBuffer;

/**
 * One stream of an HTTP/2 connection: a request and its answer, in parts of slabs that are as large
 * as they need. The head of the answer stays there as lines, for the rules that change it and for
 * the access log, and is sent as a header block.
 *
 * <p>Owner: event loop.
 */
final class Http2Stream extends SocketStream implements OpenStreams.Member {

    /** {@link #resetCode}: the stream is not to be reset. */
    static final int NO_RESET = -1;

    /** Whole bodies up to this length are copied; of longer ones no more than fits is. */
    private static final int COPY_BYTES_MAX = 12 * 1024;
    /** What a longer body may have in the stream's own memory. */
    private static final int BODY_BYTES_MAX = 16 * 1024;

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
    /** Whether it is counted as one that waits for its client's window. */
    boolean rests;
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
    private int place;
    /** Holds the head of the request and, where there is room, that of the answer. */
    private Slab slab;
    /** For an answer that needs more room; else null. */
    private Slab answerSlab;
    /** Lines behind the body; null without. */
    private Slab trailers;
    private int trailersLength;

    Http2Stream(Downstreams shared) {
        super(shared);
    }

    @Override
    public int streamId() {
        return id;
    }

    @Override
    public int place() {
        return place;
    }

    @Override
    public void place(int now) {
        place = now;
    }

    @Override
    public boolean moveWindow(int difference) {
        long moved = (long) sendWindow + difference;
        if (moved > Integer.MAX_VALUE) {
            return false;
        }
        sendWindow = (int) moved;
        return true;
    }

    /** @param headTo where the head of the request ends in the memory, which is handed over */
    void attach(Http2Session to, int number, Slab memory, int headTo) {
        session = to;
        connection = to.connection;
        id = number;
        slab = memory;
        head.headers.moveTo(memory.bytes);
        out.attach(memory, headTo);
        firstByteNs = shared.ctx.clock.nowNs();
        headPending = false;
        endSent = false;
        blocked = false;
        resetCode = NO_RESET;
        lingerNs = Pace.NEVER;
        nextReady = null;
        ready = false;
    }

    /** The head of the request is there, or so bad that it is answered as it stands. */
    void beginExchange() {
        beginAnswer();
        exchange.requestBytes = head.headLength;
    }

    /** Gives all memory back. */
    void detach() {
        trailersIn.drop(shared.ctx.slabs);
        out.detach();
        shared.ctx.slabs.giveBack(slab);
        slab = null;
        if (answerSlab != null) {
            shared.ctx.slabs.giveBack(answerSlab);
            answerSlab = null;
        }
        dropTrailers();
        session = null;
        connection = null;
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
    protected ByteSink openHead() {
        return session.front.openHead();
    }

    @Override
    public boolean endHead(long contentLength) {
        boolean bodiless = contentLength == NO_BODY || Status.isBodiless(exchange.status);
        suppressBody = head.method == Method.HEAD || bodiless;
        ByteSink written = session.front.headSink();
        long length = writer.endFields(exchange, bodiless ? NO_BODY : contentLength);
        if (!writer.end(length, false, false, false)
                || !makeRoom(written.position(), suppressBody ? 0 : length)) {
            exchange.sentHead = null;
            exchange.status = 0;
            return false;
        }
        headPending = true;
        headWritten(out.keepHead(written.buffer(), 0, written.position()));
        return true;
    }

    @Override
    protected void keepHeadBack(int start) {
        headPending = false;
    }

    @Override
    protected void letHeadGo() {
        headPending = true;
    }

    @Override
    protected void dropHead(int start) {
        out.forgetHead(start);
        dropTrailers();
    }

    @Override
    public boolean endHeadOfTunnel() {
        assert exchange.status == 200;
        suppressBody = false;
        ByteSink written = session.front.headSink();
        if (!writer.endOfTunnel(exchange, false) || !makeRoom(written.position(), 0)) {
            exchange.sentHead = null;
            exchange.status = 0;
            return false;
        }
        headPending = true;
        headWritten(out.keepHead(written.buffer(), 0, written.position()));
        body.startTunnel();
        shared.tunnelBegins(this);
        return true;
    }

    /** Room for the head, and for a body that is short. @return false when there is no memory */
    private boolean makeRoom(int headBytes, long contentLength) {
        long bodyBytes = contentLength > COPY_BYTES_MAX ? 0 : Math.max(0, contentLength);
        int wanted = headBytes + (int) bodyBytes;
        if (wanted <= out.headRoom()) {
            return true;
        }
        if (answerSlab == null) {
            answerSlab = shared.ctx.slabs.borrow(wanted + StreamOutput.TAIL);
        }
        if (answerSlab == null) {
            return headBytes <= out.headRoom();
        }
        out.attach(answerSlab, 0);
        return wanted <= out.headRoom();
    }

    @Override
    protected boolean grow(int bytes) {
        if (answerSlab != null || !out.isOwnMemory()) {
            return false;
        }
        answerSlab = shared.ctx.slabs.borrow(Math.min(bytes, BODY_BYTES_MAX));
        if (answerSlab == null) {
            return false;
        }
        out.moveTo(answerSlab, 0);
        return true;
    }

    @Override
    public void trailers(ByteBuffer lines, int length) {
        assert trailers == null;
        trailers = suppressBody ? null : shared.ctx.slabs.borrow(length);
        if (trailers != null) {
            trailers.bytes.put(0, lines, 0, length);
            trailersLength = length;
        }
    }

    boolean hasTrailers() {
        return trailers != null;
    }

    ByteBuffer trailerLines() {
        return trailers.bytes;
    }

    /** 0 without. */
    int trailersLength() {
        return trailersLength;
    }

    void dropTrailers() {
        if (trailers != null) {
            shared.ctx.slabs.giveBack(trailers);
            trailers = null;
            trailersLength = 0;
        }
    }

    @Override
    public void interim(int status) {
        if (!headSent()) {
            session.output.interim(this, status, null);
        }
    }

    @Override
    public void earlyHints(HeaderTable fields) {
        if (!headSent()) {
            session.output.interim(this, Status.EARLY_HINTS, fields);
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
