package dev.sluice.worker.upstream;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.http2.ErrorCode;
import dev.sluice.worker.http2.OpenStreams;
import dev.sluice.worker.loop.SocketHandle;
import dev.sluice.worker.loop.Timed;
import java.nio.ByteBuffer;

/**
 * One stream of a connection of HTTP/2 to a peer: one exchange. What the peer sends of a body is
 * the business of {@link Http2PeerBody}.
 *
 * <p>Owner: event loop. Reused.
 */
final class Http2PeerStream extends Timed implements PeerStream, OpenStreams.Member {

    private final Http2Memory memory;
    private final Http2PeerBody body = new Http2PeerBody();
    private UpstreamState state = UpstreamState.CLOSED;
    /** Null while the stream is not in use. */
    Http2Link link;
    ConnectionUser user;
    HeadTaker taker;
    /** 0 until the head of the request is sent. */
    int id;
    private int place;
    /** DATA that may still be sent. */
    int sendWindow;
    /** The user could send more if it were let. */
    boolean stuck;
    private boolean reused;
    private boolean endWanted;
    private boolean localEnded;
    private boolean remoteEnded;
    private boolean headCame;
    private boolean headTaken;
    /** What ends the request, until it is sent; null without. */
    private Slab requestTrailers;
    private int requestTrailersLength;
    private Slab trailers;
    private int trailersLength;
    private Termination failure;
    private String detail;

    Http2PeerStream(Http2Memory memory) {
        this.memory = memory;
    }

    /** @param alone whether the connection has served others and carries nobody now */
    void begin(Http2Link on, ConnectionUser by, boolean alone) {
        assert trailers == null && requestTrailers == null;
        link = on;
        user = by;
        taker = null;
        state = UpstreamState.CONNECTING;
        id = 0;
        stuck = false;
        reused = alone;
        endWanted = false;
        localEnded = false;
        remoteEnded = false;
        headCame = false;
        headTaken = true;
        body.begin();
        trailersLength = 0;
        failure = null;
        detail = null;
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

    /** A stream without a number takes the window that holds when it gets one. */
    @Override
    public boolean moveWindow(int difference) {
        long moved = id == 0 ? 0 : (long) sendWindow + difference;
        if (moved > Integer.MAX_VALUE) {
            return false;
        }
        sendWindow = (int) moved;
        return true;
    }

    @Override
    public UpstreamState state() {
        return state;
    }

    @Override
    public void become(UpstreamState next) {
        assert state.mayBecome(next) : state + " to " + next;
        state = next;
    }

    @Override
    public boolean reused() {
        return reused;
    }

    @Override
    public boolean isQuiet() {
        return link.isAlive();
    }

    // ---- the request

    @Override
    public int sendHead(Slab lines, int to, boolean ends, boolean trailersToo, HeadTaker by) {
        if (failure != null) {
            return HEAD_BROKEN;
        }
        int outcome = link.output.head(this, lines.bytes, to, ends, trailersToo);
        stuck = outcome == HEAD_WAITS;
        if (outcome == HEAD_SENT) {
            taker = by;
            localEnded = ends;
        }
        return outcome;
    }

    @Override
    public boolean canWrite() {
        boolean open = failure == null && !localEnded && link.isOpen();
        stuck = open && !link.output.hasRoom(this);
        return open && !stuck;
    }

    @Override
    public int write(Slab source, int from, int limit) {
        if (failure != null || localEnded || !link.isOpen()) {
            return SocketHandle.BROKEN;
        }
        int count = link.output.data(this, source.bytes, from, limit);
        stuck = count < limit - from;
        return count;
    }

    @Override
    public void requestTrailers(ByteBuffer lines, int length) {
        if (failure == null && !localEnded && length > 0) {
            requestTrailers = memory.ctx.slabs.borrow(length);
            if (requestTrailers != null) {
                requestTrailers.bytes.put(0, lines, 0, length);
                requestTrailersLength = length;
            }
        }
    }

    @Override
    public void endRequest() {
        if (failure == null && !localEnded) {
            endWanted = true;
            goOnEnding();
        }
    }

    /** The end of the body goes out when there is room for it. */
    void goOnEnding() {
        if (endWanted && !localEnded && link.isOpen()) {
            localEnded = requestTrailers == null ? link.output.end(this)
                    : link.output.trailers(this, requestTrailers.bytes, requestTrailersLength);
        }
    }

    @Override
    public void allWritten() {
        stuck = false;
    }

    @Override
    public void endOutput() {
        throw new IllegalStateException("a stream of HTTP/2 is no tunnel");
    }

    @Override
    public void lookForLastWords() {
        assert failure != null || localEnded || !link.isOpen();
    }

    // ---- the response

    boolean isRemoteEnded() {
        return remoteEnded;
    }

    boolean headCame() {
        return headCame;
    }

    /** A head is in the taker's hands. @param contentLength below zero when it is not known */
    void headCame(boolean interim, boolean ends, long contentLength) {
        headCame = !interim;
        headTaken = false;
        remoteEnded = ends;
        body.announce(interim ? Http2PeerBody.UNKNOWN : contentLength);
    }

    @Override
    public boolean takeHead() {
        boolean came = !headTaken;
        headTaken = true;
        return came;
    }

    /** DATA counts, with its padding. @return whether it is more than the window allows */
    boolean received(int payloadBytes, int padding) {
        return body.received(payloadBytes, padding);
    }

    /** The contents of a frame, lent until {@link #endFrame}. @return whether they may be so */
    boolean offer(ByteBuffer b, int from, int to, boolean ends) {
        remoteEnded = ends;
        return body.offer(b, from, to, ends);
    }

    /** The frame's memory is used for other things: the rest waits. @return false: no memory */
    boolean endFrame() {
        return body.endFrame(memory.ctx.slabs);
    }

    /** Trailers have come, as lines. @return false: no memory */
    boolean trailersCame(ByteBuffer lines, int length) {
        remoteEnded = true;
        if (length > 0) {
            trailers = memory.ctx.slabs.borrow(length);
            if (trailers == null) {
                return false;
            }
            trailers.bytes.put(0, lines, 0, length);
            trailersLength = length;
        }
        return true;
    }

    /** The peer wants no more of the request. */
    void requestUnwanted() {
        localEnded = true;
    }

    /** Whether less has come than was announced. */
    boolean isShort() {
        return body.isShort();
    }

    @Override
    public boolean canRead() {
        return body.hasData() || failure != null || remoteEnded || !headTaken;
    }

    @Override
    public int read(Slab into, int from, int limit) {
        int count = body.take(memory.ctx.slabs, into, from, limit);
        if (count > 0) {
            acknowledge();
            return count;
        }
        return failure != null ? SocketHandle.BROKEN
                : remoteEnded ? SocketHandle.END : SocketHandle.WOULD_BLOCK;
    }

    private void acknowledge() {
        int bytes = body.toAcknowledge();
        if (bytes > 0 && !remoteEnded && failure == null && link.output.windowUpdate(id, bytes)) {
            body.acknowledged(bytes);
        }
    }

    @Override
    public ByteBuffer trailers() {
        return trailers == null ? null : trailers.bytes;
    }

    @Override
    public int trailersLength() {
        return trailersLength;
    }

    // ---- ends

    @Override
    public Termination failure() {
        return failure;
    }

    @Override
    public String detail() {
        return detail;
    }

    /** Whether a peer that has served the streams up to this one has not seen it. */
    boolean isAbove(int lastStream) {
        return failure == null && (id == 0 || id > lastStream);
    }

    /** Nothing more comes or goes; what has come before can be read still. */
    void fail(Termination why, String more) {
        if (failure == null) {
            failure = why;
            detail = more;
        }
    }

    @Override
    public void deadline(long atNs) {
        memory.ctx.timers.set(this, atNs);
    }

    @Override
    public void noDeadline() {
        memory.ctx.timers.pause(this);
    }

    @Override
    protected void onDeadline(long nowNs) {
        switch (state) {
            case SENDING -> user.onPeerTimeout(this, Termination.UPSTREAM_SEND_TIMEOUT);
            case READING_HEAD, STREAMING ->
                    user.onPeerTimeout(this, Termination.UPSTREAM_READ_TIMEOUT);
            case CONNECTING, IDLE, CLOSED -> { }
        }
    }

    @Override
    public void keep() {
        discard();
    }

    @Override
    public void discard() {
        Http2Link on = link;
        // RFC 9113 §8.1: the request is not wanted any more, or the response is not.
        if (id != 0 && failure == null && !(localEnded && remoteEnded) && on.isOpen()) {
            on.output.resetStream(id, remoteEnded ? ErrorCode.NO_ERROR : ErrorCode.CANCEL);
        }
        free();
        on.left(this);
    }

    /** Lets go of everything; the connection has forgotten it, or is about to. */
    void free() {
        body.clear(memory.ctx.slabs);
        if (requestTrailers != null) {
            memory.ctx.slabs.giveBack(requestTrailers);
            requestTrailers = null;
        }
        if (trailers != null) {
            memory.ctx.slabs.giveBack(trailers);
            trailers = null;
        }
        memory.ctx.timers.clear(this);
        state = UpstreamState.CLOSED;
        user = null;
        taker = null;
        link = null;
    }
}
