package dev.sluice.worker.downstream;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.exchange.BodyPeek;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http.Status;
import java.nio.ByteBuffer;

/**
 * The busy side of an HTTP/1 connection: a slab, a parser, an exchange and the output queue.
 * Borrowed by a connection when the first byte of a request arrives, given back when it goes
 * idle, so that an idle connection holds none of it.
 *
 * <p>Owner: event loop.
 */
final class Http1Stream extends SocketStream {

    private static final long DISCARD_MAX = 64 * 1024;
    /** What a tunnel may send from memory of its own; longer pieces are lent. */
    private static final int TUNNEL_ROOM = 1024;
    private static final int TUNNEL_BYTES_MAX = 16 * 1024;

    final StreamInput in;
    boolean pipelined;
    /** Bytes of a file sent in this turn of the loop; the writer's. */
    long fileBytesThisTurn;
    /** The turn of the loop, by its time, and the requests begun in it; the reader's. */
    long turnNs;
    int turnRequests;
    /** Whether the connection serves another request; decided when the answer's head is written. */
    boolean keepAlive;
    final RequestBody body = new RequestBody();

    Http1Stream(Downstreams shared) {
        super(shared);
        this.in = new StreamInput(shared.parseLimits);
    }

    void attach(DownstreamConnection to, Slab slab) {
        connection = to;
        in.attach(slab);
        out.attach(slab, StreamInput.LIMIT);
        head.reset(slab.bytes);
        firstByteNs = shared.ctx.clock.nowNs();
        pipelined = false;
    }

    Slab detach() {
        connection = null;
        out.detach();
        return in.detach();
    }

    /** The head is complete, or so bad that it is answered as it stands. */
    void beginExchange(int headEnd) {
        beginAnswer();
        keepAlive = head.keepAlive;
        body.reset();
        if (headEnd > 0) {
            exchange.requestBytes = head.headLength;
            in.startBody(head, headEnd);
        } else {
            keepAlive = false;
        }
    }

    @Override
    protected void outputChanged() {
        connection.gather();
    }

    @Override
    protected ByteSink openHead() {
        return out.openHead();
    }

    @Override
    protected boolean grow(int bytes) {
        return false;
    }

    @Override
    protected void giveUp() {
        connection.abortExchange();
    }

    @Override
    public boolean endHead(long contentLength) {
        boolean bodiless = contentLength == NO_BODY || Status.isBodiless(exchange.status);
        long length = writer.endFields(exchange, bodiless ? NO_BODY : contentLength);
        boolean http11 = head.version > RequestHead.HTTP_1_0;
        boolean chunked = false;
        if (length == LENGTH_UNKNOWN) {
            chunked = http11;
            keepAlive &= http11;
        }
        decideKeepAlive();
        suppressBody = head.method == Method.HEAD || bodiless;
        if (!writer.end(length, chunked, !keepAlive, !http11)) {
            exchange.status = 0;
            return false;
        }
        out.closeHead(chunked && !suppressBody);
        headWritten(writer.headStart());
        return true;
    }

    @Override
    protected void keepHeadBack(int start) {
        out.holdHead(start);
    }

    @Override
    protected void letHeadGo() {
        out.releaseHead();
    }

    @Override
    protected void dropHead(int start) {
        out.forgetHead(start);
    }

    @Override
    public boolean endHeadOfTunnel() {
        keepAlive = false;
        suppressBody = false;
        if (!writer.endOfTunnel(exchange, exchange.status != 200)) {
            exchange.status = 0;
            return false;
        }
        out.closeHead(false);
        headWritten(writer.headStart());
        in.startTunnel();
        shared.tunnelBegins(this);
        return true;
    }

    /**
     * A tunnel lives long and needs the memory of its heads only: they move to a part of a slab.
     *
     * @return the slab they were in; null when they stay
     */
    Slab shrink() {
        Slab whole = in.slab();
        if (whole.size() < Slab.BYTES || !in.isEmptyTunnel() || !out.isOwnMemory()) {
            return null;
        }
        int headTo = head.methodOffset + head.headLength;
        int end = headTo + exchange.sentHeadLength;
        int wanted = end + out.ownBytes() + TUNNEL_ROOM;
        Slab part = wanted > TUNNEL_BYTES_MAX ? null : shared.ctx.slabs.borrow(wanted);
        if (part == null) {
            return null;
        }
        part.bytes.put(0, whole.bytes, 0, headTo);
        part.bytes.put(headTo, exchange.sentHead, exchange.sentHeadOffset,
                exchange.sentHeadLength);
        exchange.headsMoved(part.bytes, headTo);
        in.moveTo(part);
        out.moveTo(part, end);
        return whole;
    }

    /** RFC 9112 §9.6: a connection whose request body stays unread cannot go on. */
    private void decideKeepAlive() {
        if (!keepAlive) {
            return;
        }
        if (!connection.mayKeepAlive(settings())) {
            keepAlive = false;
        } else if (!in.bodyDone() && !body.wanted()) {
            boolean waitsForContinue = head.expectContinue && !body.continueSent()
                    && in.buffered() == 0;
            keepAlive = !waitsForContinue && (in.chunked() || in.lengthLeft() <= DISCARD_MAX);
        }
    }

    @Override
    public void interim(int status) {
        if (head.version == RequestHead.HTTP_1_0 || headSent()) {
            return;
        }
        ByteSink sink = out.openHead();
        writer.interim(sink, status);
        if (!sink.overflowed()) {
            out.closeInterim();
            connection.gather();
        }
    }

    @Override
    public void earlyHints(HeaderTable fields) {
        if (head.version == RequestHead.HTTP_1_0 || headSent()) {
            return;
        }
        ByteSink sink = out.openHead();
        writer.earlyHints(sink, fields);
        // The answer needs its room.
        if (!sink.overflowed() && sink.limit() - sink.position() >= StreamOutput.HEAD_ROOM) {
            out.closeInterim();
            connection.gather();
        }
    }

    @Override
    public boolean bodyPending() {
        return !in.bodyDone();
    }

    @Override
    public int readBody(ByteBuffer into, long address, int from, int limit) {
        return body.read(this, connection, into, address, from, limit);
    }

    @Override
    public void wantTrailers() {
        if (in.chunked() && trailersIn.get() == null) {
            Slab room = trailersIn.room(shared.ctx.slabs, shared.parseLimits.trailerBytesMax());
            if (room != null) {
                in.keepTrailers(trailersIn.table(), room);
            }
        }
    }

    @Override
    public void peekBody(BodyPeek peek, int bytesMax) {
        body.peek(this, connection, peek, bytesMax);
    }

    @Override
    public void endPeek() {
        stopReadingBody();
    }

    /** Nobody reads the request body any more. */
    void stopReadingBody() {
        body.notWanted();
        reading.stopWaiting(shared.ctx.clock.nowNs());
    }

    @Override
    public void discardBody() {
        stopReadingBody();
    }

    /** Starts over for an answer that replaces a broken exchange's; nothing was sent of it. */
    void restartAnswer() {
        exchange.state = ExchangeState.SENDING_RESPONSE;
        body.notWanted();
        keepAlive = false;
    }

    @Override
    public boolean pipelined() {
        return pipelined;
    }
}
