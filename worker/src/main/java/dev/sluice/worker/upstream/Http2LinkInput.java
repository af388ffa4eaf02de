package dev.sluice.worker.upstream;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.http.Framing;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.http.ResponseHead;
import dev.sluice.worker.http2.ErrorCode;
import dev.sluice.worker.http2.Flood;
import dev.sluice.worker.http2.Frame;
import dev.sluice.worker.http2.FrameType;
import dev.sluice.worker.http2.FrameWriter;
import dev.sluice.worker.http2.HeaderBlock;
import dev.sluice.worker.http2.HpackDecoder;
import dev.sluice.worker.http2.ResponseFields;
import dev.sluice.worker.http2.Settings;
import dev.sluice.worker.loop.SocketHandle;
import java.nio.ByteBuffer;

/**
 * What a peer sends on a connection of HTTP/2: whole frames, one after the other, each where it
 * lies. A peer is no more trusted than a client is.
 *
 * <p>Owner: event loop.
 */
final class Http2LinkInput {

    private static final int BYTES_PER_TURN = 512 * 1024;
    /**
     * The window of the connection. What comes is acknowledged at once, so that a slow client holds
     * up its own stream and no other: the streams' own windows bound what waits.
     */
    static final int WINDOW = 1024 * 1024;

    /** Status of the errors that say that there is too much of something. */
    private static final int TOO_LARGE = 431;

    private final Http2Link link;
    private final Http2Memory memory;
    private final HpackDecoder decoder;
    private final HeaderBlock block;
    private final Frame frame = new Frame();
    private Slab slab;
    private int at;
    private int end;
    private boolean greeted;
    private int receiveWindow;
    private int unacknowledged;
    /** A call of this object is under way: users may lead back to it. */
    private boolean advancing;

    Http2LinkInput(Http2Link link, Http2Memory memory) {
        this.link = link;
        this.memory = memory;
        decoder = new HpackDecoder(memory.scratch);
        block = new HeaderBlock(memory.ctx.slabs);
    }

    void begin() {
        receiveWindow = WINDOW;
    }

    void release() {
        block.release();
        giveBack();
    }

    private void giveBack() {
        if (slab != null) {
            memory.ctx.slabs.giveBack(slab);
            slab = null;
        }
        at = 0;
        end = 0;
    }

    /** Reads and looks at frames as far as socket, turn and output allow. */
    void advance() {
        if (advancing || !link.isOpen()) {
            return;
        }
        advancing = true;
        int budget = BYTES_PER_TURN;
        while (link.isOpen() && link.connection.canRead() && link.output.hasControlRoom()) {
            if (budget <= 0) {
                memory.ctx.loop.atNextTurn(link);
                break;
            }
            int count = fill();
            if (count <= 0) {
                break;
            }
            budget -= count;
            frames();
        }
        advancing = false;
        if (link.isOpen() && at == end) {
            giveBack();
        }
    }

    private int fill() {
        if (slab == null) {
            slab = memory.ctx.slabs.borrow();
            if (slab == null) {
                link.lost(Termination.WORKER_OVERLOAD, null);
                return 0;
            }
        }
        if (at > 0) {
            slab.bytes.put(0, slab.bytes, at, end - at);
            end -= at;
            at = 0;
        }
        int count = link.connection.read(slab, end, Slab.BYTES);
        if (count > 0) {
            end += count;
            link.heard();
        } else if (count != SocketHandle.WOULD_BLOCK) {
            link.lost(count == SocketHandle.END ? Termination.UPSTREAM_CLOSED_BEFORE_HEAD
                    : Termination.UPSTREAM_RESET_BEFORE_HEAD, null);
        }
        return count;
    }

    private void frames() {
        while (link.isOpen()) {
            int next = frame.next(slab.bytes, at, end);
            if (next == Frame.NEED_MORE) {
                return;
            }
            if (next == Frame.BAD) {
                link.broken(frame.error, frame.what);
                return;
            }
            // A frame that is looked at may lead to reading the next one: it must be behind then.
            at = next;
            frame(frame);
        }
    }

    private void frame(Frame f) {
        if (!greeted && (f.type != FrameType.SETTINGS || f.has(FrameType.ACK))) {
            link.broken(ErrorCode.PROTOCOL_ERROR, "the first frame is not SETTINGS");
            return;
        }
        greeted = true;
        if (block.isOpen() && f.type != FrameType.CONTINUATION) {
            link.broken(ErrorCode.PROTOCOL_ERROR, "a header block is not continued");
            return;
        }
        switch (f.type) {
            case FrameType.DATA -> data(f);
            case FrameType.HEADERS, FrameType.CONTINUATION -> headers(f);
            case FrameType.RST_STREAM -> reset(f);
            case FrameType.SETTINGS -> settings(f);
            case FrameType.PING -> ping(f);
            case FrameType.GOAWAY -> link.goAway(
                    f.number(slab.bytes) & Integer.MAX_VALUE);
            case FrameType.WINDOW_UPDATE -> windowUpdate(f);
            case FrameType.PUSH_PROMISE ->
                    link.broken(ErrorCode.PROTOCOL_ERROR, "a push was not allowed");
            // PRIORITY and what is not known say nothing (RFC 9113 §5.5).
            default -> count();
        }
    }

    private void count() {
        if (link.guard.isTooMuch(Flood.CONTROL_FRAMES, memory.ctx.clock.nowNs())) {
            link.broken(ErrorCode.ENHANCE_YOUR_CALM, "too many control frames in a minute");
        }
    }

    /** Whether a frame came for a stream that was never opened (RFC 9113 §5.1). */
    private boolean isIdle(int id) {
        if (link.wasOpened(id)) {
            return false;
        }
        link.broken(ErrorCode.PROTOCOL_ERROR, "a frame for a stream that is not open");
        return true;
    }

    /** The peer has broken a rule of one stream, whose user is told. */
    private void streamBroken(Http2PeerStream stream, Termination why, int code, String what) {
        link.output.resetStream(stream.id, code);
        stream.fail(why, what);
        stream.user.onPeerReady(stream);
    }

    // ---- DATA

    private void data(Frame f) {
        receiveWindow -= f.payloadBytes;
        unacknowledged += f.payloadBytes;
        if (receiveWindow < 0) {
            link.broken(ErrorCode.FLOW_CONTROL_ERROR, "more DATA than the window allows");
            return;
        }
        if (unacknowledged >= WINDOW / 2 && link.output.windowUpdate(0, unacknowledged)) {
            receiveWindow += unacknowledged;
            unacknowledged = 0;
        }
        Http2PeerStream stream = link.streams.find(f.stream);
        if (stream == null || stream.failure() != null) {
            // Sent before the peer knew that the stream is closed.
            if (!isIdle(f.stream)) {
                count();
            }
            return;
        }
        int length = f.to - f.from;
        boolean ends = f.has(FrameType.END_STREAM);
        if (stream.isRemoteEnded() || !stream.headCame()) {
            streamBroken(stream, Termination.UPSTREAM_PROTOCOL_ERROR, ErrorCode.PROTOCOL_ERROR,
                    "DATA where none may be");
        } else if (stream.received(f.payloadBytes, f.payloadBytes - length)) {
            streamBroken(stream, Termination.UPSTREAM_PROTOCOL_ERROR,
                    ErrorCode.FLOW_CONTROL_ERROR, "more DATA than the stream's window allows");
        } else if (!stream.offer(slab.bytes, f.from, f.to, ends)) {
            boolean tooShort = stream.isShort();
            streamBroken(stream, tooShort ? Termination.UPSTREAM_CUT_BODY
                    : Termination.UPSTREAM_BAD_BODY, ErrorCode.PROTOCOL_ERROR,
                    ParseError.LENGTH_UNLIKE_BODY.sentence());
        } else if (length == 0 && !ends) {
            count();
        } else {
            stream.user.onPeerReady(stream);
            if (link.streams.find(f.stream) == stream && !stream.endFrame()) {
                streamBroken(stream, Termination.WORKER_OVERLOAD, ErrorCode.CANCEL, null);
            }
        }
    }

    // ---- HEADERS

    private void headers(Frame f) {
        switch (block.take(f, slab.bytes)) {
            case HeaderBlock.WHOLE -> {
                complete();
                block.release();
            }
            case HeaderBlock.MISPLACED -> link.broken(
                    ErrorCode.PROTOCOL_ERROR, "a header block that was not begun");
            case HeaderBlock.TOO_LONG -> link.broken(
                    ErrorCode.ENHANCE_YOUR_CALM, "a header block without end");
            case HeaderBlock.NO_MEMORY -> link.lost(Termination.WORKER_OVERLOAD, null);
            default -> { }
        }
    }

    private void complete() {
        Http2PeerStream stream = link.streams.find(block.stream());
        ResponseFields fields = memory.fields;
        if (stream == null || stream.failure() != null) {
            fields.beginDropped();
            if (decode(fields) && !isIdle(block.stream())) {
                count();
            }
            return;
        }
        ByteBuffer lines = memory.lines;
        if (stream.headCame()) {
            fields.beginTrailers(lines, 0, lines.capacity(), stream.taker.headBytesMax());
            if (decode(fields)) {
                trailers(stream, fields.end(0, true));
            }
            return;
        }
        ResponseHead head = stream.taker.headToFill();
        fields.begin(head, lines, 0, lines.capacity(), stream.taker.headBytesMax());
        if (!decode(fields)) {
            return;
        }
        boolean ends = block.endsStream();
        ParseError error = fields.end(stream.taker.method(), ends);
        if (error != null) {
            boolean tooLarge = error.status() == TOO_LARGE;
            streamBroken(stream, tooLarge ? Termination.UPSTREAM_HEAD_TOO_LARGE
                    : Termination.UPSTREAM_BAD_HEAD, ErrorCode.PROTOCOL_ERROR, error.sentence());
        } else {
            // Below zero where it is not known; nothing follows the head of an answer to HEAD.
            long length = head.framing == Framing.NONE ? 0 : head.contentLength;
            stream.headCame(head.isInterim(), ends, length);
            stream.user.onPeerReady(stream);
        }
    }

    private void trailers(Http2PeerStream stream, ParseError error) {
        if (stream.isRemoteEnded() || !block.endsStream() || error != null) {
            streamBroken(stream, Termination.UPSTREAM_PROTOCOL_ERROR, ErrorCode.PROTOCOL_ERROR,
                    error == null ? "trailers where none may be" : error.sentence());
        } else if (stream.isShort()) {
            streamBroken(stream, Termination.UPSTREAM_CUT_BODY, ErrorCode.PROTOCOL_ERROR,
                    ParseError.LENGTH_UNLIKE_BODY.sentence());
        } else if (!stream.trailersCame(memory.lines, memory.fields.storedTo())) {
            streamBroken(stream, Termination.WORKER_OVERLOAD, ErrorCode.CANCEL, null);
        } else {
            stream.user.onPeerReady(stream);
        }
    }

    private boolean decode(ResponseFields fields) {
        if (decoder.decode(block.buffer(), block.from(), block.to(), fields)) {
            return true;
        }
        link.broken(ErrorCode.COMPRESSION_ERROR, "a header block is malformed");
        return false;
    }

    // ---- control frames

    private void reset(Frame f) {
        Http2PeerStream stream = link.streams.find(f.stream);
        if (stream == null || stream.failure() != null) {
            if (!isIdle(f.stream)) {
                count();
            }
            return;
        }
        int code = f.number(slab.bytes);
        if (!stream.isRemoteEnded()) {
            stream.fail(code == ErrorCode.REFUSED_STREAM ? Termination.UPSTREAM_REFUSED_STREAM
                    : Termination.UPSTREAM_STREAM_RESET, ErrorCode.name(code));
        } else {
            // The response is whole, the rest of the request is not wanted (RFC 9113 §8.1).
            stream.requestUnwanted();
        }
        stream.user.onPeerReady(stream);
    }

    private void settings(Frame f) {
        count();
        if (!link.isOpen() || f.has(FrameType.ACK)) {
            return;
        }
        Settings settings = link.settings;
        int before = settings.initialWindow;
        int error = settings.apply(slab.bytes, f.from, f.to, false);
        if (error == ErrorCode.NO_ERROR
                && !link.streams.moveWindows(settings.initialWindow - before)) {
            error = ErrorCode.FLOW_CONTROL_ERROR;
        }
        ByteSink out = link.output.control(Frame.HEAD_BYTES);
        if (error != ErrorCode.NO_ERROR) {
            link.broken(error, "a setting has a value that it cannot have");
        } else if (out == null) {
            link.noRoom();
        } else {
            FrameWriter.settingsAck(out);
            link.output.controlDone();
            link.wake();
        }
    }

    private void ping(Frame f) {
        count();
        if (!link.isOpen() || f.has(FrameType.ACK)) {
            return;
        }
        ByteSink out = link.output.control(FrameWriter.PING_BYTES);
        if (out == null) {
            link.noRoom();
        } else {
            FrameWriter.pingAck(out, slab.bytes, f.from);
            link.output.controlDone();
        }
    }

    private void windowUpdate(Frame f) {
        if (link.guard.isUpdateTooMuch(memory.ctx.clock.nowNs())) {
            link.broken(ErrorCode.ENHANCE_YOUR_CALM, "too many window updates in a minute");
            return;
        }
        int increment = f.number(slab.bytes) & Integer.MAX_VALUE;
        if (f.stream == 0) {
            if (increment == 0 || link.output.widen(increment)) {
                link.broken(increment == 0 ? ErrorCode.PROTOCOL_ERROR
                        : ErrorCode.FLOW_CONTROL_ERROR, "a window update that cannot be");
            } else {
                link.wake();
            }
            return;
        }
        Http2PeerStream stream = link.streams.find(f.stream);
        if (stream == null || stream.failure() != null) {
            isIdle(f.stream);
        } else if (increment == 0 || stream.sendWindow > Integer.MAX_VALUE - increment) {
            streamBroken(stream, Termination.UPSTREAM_PROTOCOL_ERROR,
                    ErrorCode.FLOW_CONTROL_ERROR, "a window update that cannot be");
        } else {
            stream.sendWindow += increment;
            link.wake(stream);
        }
    }
}
