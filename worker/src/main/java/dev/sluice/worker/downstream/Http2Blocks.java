package dev.sluice.worker.downstream;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.http2.ErrorCode;
import dev.sluice.worker.http2.Flood;
import dev.sluice.worker.http2.Frame;
import dev.sluice.worker.http2.FrameType;
import dev.sluice.worker.http2.HpackDecoder;
import dev.sluice.worker.http2.RequestFields;
import java.nio.ByteBuffer;

/**
 * The header blocks of a connection: one that comes in several frames is put together first; then
 * it begins a request or ends one with trailers. Every block is decoded, whatever becomes of its
 * stream, since both sides would have different tables otherwise.
 *
 * <p>Owner: event loop.
 */
final class Http2Blocks {

    /** A list within its limit takes no more in any encoding that makes sense. */
    private static final int BLOCK_BYTES_MAX = 48 * 1024;
    /** CONTINUATIONs of one block; an empty one counts like any other (CVE-2024-27316). */
    private static final int CONTINUATIONS_MAX = 16;
    private static final int REQUESTS_PER_TURN = 64;

    private final Http2Session session;
    private final Downstreams shared;
    private final HpackDecoder decoder;
    private boolean prefaceDone;
    /** The block so far, if it comes in several frames; else null. */
    private Slab slab;
    private int length;
    private int continuations;
    /** The stream whose block is to be continued; 0 for none. */
    private int openStream;
    private boolean openEnds;
    private int turnRequests;

    Http2Blocks(Http2Session session, Downstreams shared) {
        this.session = session;
        this.shared = shared;
        this.decoder = new HpackDecoder(session.front.scratch);
    }

    void begin() {
        decoder.reset();
        prefaceDone = false;
        openStream = 0;
        turnRequests = 0;
    }

    void release() {
        if (slab != null) {
            shared.ctx.slabs.giveBack(slab);
            slab = null;
        }
        openStream = 0;
    }

    boolean prefaceDone() {
        return prefaceDone;
    }

    void setPrefaceDone() {
        prefaceDone = true;
    }

    /** Whether a block is not complete: only CONTINUATION may come. */
    boolean isOpen() {
        return openStream != 0;
    }

    void newTurn() {
        turnRequests = 0;
    }

    boolean isTurnSpent() {
        return turnRequests >= REQUESTS_PER_TURN;
    }

    /** A frame of HEADERS or CONTINUATION. */
    void take(Frame f, ByteBuffer b) {
        boolean first = f.type == FrameType.HEADERS;
        if (!first && f.stream != openStream) {
            session.broken(ErrorCode.PROTOCOL_ERROR, "a header block that was not begun");
            return;
        }
        if (first && (f.stream & 1) == 0) {
            session.broken(ErrorCode.PROTOCOL_ERROR, "a client cannot open an even stream");
            return;
        }
        boolean whole = f.has(FrameType.END_HEADERS);
        if (first && whole) {
            complete(f.stream, f.has(FrameType.END_STREAM), b, f.from, f.to);
            return;
        }
        if (first) {
            openStream = f.stream;
            openEnds = f.has(FrameType.END_STREAM);
            length = 0;
            continuations = 0;
        } else if (++continuations > CONTINUATIONS_MAX) {
            tooLong();
            return;
        }
        if (append(b, f.from, f.to) && whole) {
            int stream = openStream;
            openStream = 0;
            Slab block = slab;
            slab = null;
            complete(stream, openEnds, block.bytes, 0, length);
            shared.ctx.slabs.giveBack(block);
        }
    }

    private void tooLong() {
        shared.ctx.counters.add(CounterId.HTTP2_ENDED_HEADERS, 1);
        session.broken(ErrorCode.ENHANCE_YOUR_CALM, "a header block without end");
    }

    private boolean append(ByteBuffer b, int from, int to) {
        if (slab == null) {
            slab = shared.ctx.slabs.borrow();
            if (slab == null) {
                session.noMemory();
                return false;
            }
        }
        if (length + to - from > BLOCK_BYTES_MAX) {
            tooLong();
            return false;
        }
        slab.bytes.put(length, b, from, to - from);
        length += to - from;
        return true;
    }

    private void complete(int id, boolean ends, ByteBuffer b, int from, int to) {
        Http2Stream stream = session.streams.find(id);
        if (stream != null) {
            trailers(stream, ends, b, from, to);
        } else if (id <= session.lastStream()) {
            // A request that this side has ended while its trailers were on their way.
            if (dropped(b, from, to)
                    && session.guard.isTooMuch(Flood.CONTROL_FRAMES, shared.ctx.clock.nowNs())) {
                session.flood(Flood.CONTROL_FRAMES);
            }
        } else {
            request(id, ends, b, from, to);
        }
    }

    /** Decodes a block that nobody needs. @return false when the connection has ended over it */
    private boolean dropped(ByteBuffer b, int from, int to) {
        RequestFields fields = session.front.fields;
        fields.beginDropped();
        return decode(b, from, to, fields);
    }

    private boolean decode(ByteBuffer b, int from, int to, RequestFields fields) {
        if (decoder.decode(b, from, to, fields)) {
            return true;
        }
        session.broken(ErrorCode.COMPRESSION_ERROR, "a header block is malformed");
        return false;
    }

    private void request(int id, boolean ends, ByteBuffer b, int from, int to) {
        session.opened(id);
        if (session.state() == Http2State.LAST) {
            // The client was told that it is not served, and sends it again elsewhere.
            dropped(b, from, to);
            return;
        }
        if (session.streams.count() >= session.front.streamsMax) {
            if (dropped(b, from, to)) {
                refuse(id);
            }
            return;
        }
        Http2Front front = session.front;
        Http2Stream stream = front.stream();
        turnRequests++;
        RequestFields fields = front.fields;
        fields.begin(stream.head, front.requestHead, 0, front.requestHead.capacity());
        if (!decode(b, from, to, fields)) {
            front.keep(stream);
            return;
        }
        ParseError error = fields.end(to - from, !ends);
        if (!front.attach(stream, session, id, fields.storedTo())) {
            front.keep(stream);
            session.output.resetNow(id, ErrorCode.REFUSED_STREAM);
            return;
        }
        stream.body.begin(stream.head.contentLength, ends, front.streamWindow);
        stream.fieldCount = fields.fieldCount();
        stream.listBytes = fields.listBytes();
        session.add(stream);
        stream.beginExchange();
        if (error == null) {
            shared.router.onRequest(stream.exchange);
        } else {
            bad(stream, error);
        }
    }

    /** More streams than were allowed: safe to be sent again (RFC 9113 §5.1.2). */
    private void refuse(int id) {
        if (session.guard.isTooMuch(Flood.MISTAKES, shared.ctx.clock.nowNs())) {
            session.flood(Flood.MISTAKES);
        } else {
            session.output.resetNow(id, ErrorCode.REFUSED_STREAM);
        }
    }

    /** Answered, so that whoever sent it sees why (RFC 9113 §8.1.1). */
    private void bad(Http2Stream stream, ParseError error) {
        shared.ctx.counters.add(CounterId.BAD_REQUESTS, 1);
        stream.exchange.terminate(Termination.CLIENT_BAD_REQUEST);
        stream.body.drop(stream);
        shared.router.onBadRequest(stream.exchange, error.status());
        if (session.guard.isTooMuch(Flood.MISTAKES, shared.ctx.clock.nowNs())) {
            session.flood(Flood.MISTAKES);
        }
    }

    /** RFC 9113 §8.1: they are checked, counted with the request's fields, and dropped. */
    private void trailers(Http2Stream stream, boolean ends, ByteBuffer b, int from, int to) {
        RequestFields fields = session.front.fields;
        fields.beginTrailers(stream.fieldCount, stream.listBytes);
        if (!decode(b, from, to, fields)) {
            return;
        }
        if (stream.body.isRemoteEnded()) {
            session.input.streamMistake(stream.id, ErrorCode.STREAM_CLOSED);
        } else if (!ends || fields.error() != null || stream.body.end() != null) {
            session.input.streamMistake(stream.id, ErrorCode.PROTOCOL_ERROR);
        } else {
            session.input.tellReader(stream);
        }
    }
}
