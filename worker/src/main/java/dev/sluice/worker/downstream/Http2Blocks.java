package dev.sluice.worker.downstream;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.http2.ErrorCode;
import dev.sluice.worker.http2.Flood;
import dev.sluice.worker.http2.Frame;
import dev.sluice.worker.http2.FrameType;
import dev.sluice.worker.http2.HeaderBlock;
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

    private static final int REQUESTS_PER_TURN = 64;

    private final Http2Session session;
    private final Downstreams shared;
    private final HpackDecoder decoder;
    private boolean prefaceDone;
    private final HeaderBlock block;
    private int turnRequests;

    Http2Blocks(Http2Session session, Downstreams shared) {
        this.session = session;
        this.shared = shared;
        this.decoder = new HpackDecoder(session.front.scratch);
        this.block = new HeaderBlock(shared.ctx.slabs);
    }

    void begin() {
        decoder.reset();
        prefaceDone = false;
        turnRequests = 0;
    }

    void release() {
        block.release();
    }

    boolean prefaceDone() {
        return prefaceDone;
    }

    void setPrefaceDone() {
        prefaceDone = true;
    }

    /** Whether a block is not complete: only CONTINUATION may come. */
    boolean isOpen() {
        return block.isOpen();
    }

    void newTurn() {
        turnRequests = 0;
    }

    boolean isTurnSpent() {
        return turnRequests >= REQUESTS_PER_TURN;
    }

    /** A frame of HEADERS or CONTINUATION. */
    void take(Frame f, ByteBuffer b) {
        if (f.type == FrameType.HEADERS && (f.stream & 1) == 0) {
            session.broken(ErrorCode.PROTOCOL_ERROR, "a client cannot open an even stream");
            return;
        }
        switch (block.take(f, b)) {
            case HeaderBlock.WHOLE -> {
                complete(block.stream(), block.endsStream(), block.buffer(), block.from(),
                        block.to());
                block.release();
            }
            case HeaderBlock.MISPLACED -> session.broken(
                    ErrorCode.PROTOCOL_ERROR, "a header block that was not begun");
            case HeaderBlock.TOO_LONG -> {
                shared.ctx.counters.add(CounterId.HTTP2_ENDED_HEADERS, 1);
                session.broken(ErrorCode.ENHANCE_YOUR_CALM, "a header block without end");
            }
            case HeaderBlock.NO_MEMORY -> session.noMemory();
            default -> { }
        }
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
        stream.body.begin(stream.head.asksForTunnel() ? -1 : stream.head.contentLength, ends,
                front.streamWindow);
        stream.fieldCount = fields.fieldCount();
        stream.listBytes = fields.listBytes();
        session.add(stream);
        stream.beginExchange();
        if (error == null) {
            shared.turnstile.enter(stream);
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

    /** RFC 9113 §8.1: they are checked, and counted with the request's fields. */
    private void trailers(Http2Stream stream, boolean ends, ByteBuffer b, int from, int to) {
        RequestFields fields = session.front.fields;
        ByteBuffer memory = session.front.requestHead;
        fields.beginTrailers(stream.fieldCount, stream.listBytes, stream.trailersIn.table(),
                memory, 0, memory.capacity());
        if (!decode(b, from, to, fields)) {
            return;
        }
        if (stream.body.isRemoteEnded()) {
            session.input.streamMistake(stream.id, ErrorCode.STREAM_CLOSED);
        } else if (!ends || fields.error() != null || stream.head.asksForTunnel()
                || stream.body.end() != null) {
            // RFC 9113 §8.5: a tunnel has DATA and nothing else.
            session.input.streamMistake(stream.id, ErrorCode.PROTOCOL_ERROR);
        } else {
            stream.trailersIn.keep(shared.ctx.slabs, memory, fields.storedTo());
            session.input.tellReader(stream);
        }
    }
}
