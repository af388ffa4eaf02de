package dev.sluice.worker.downstream;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.http2.ErrorCode;
import dev.sluice.worker.http2.Flood;
import dev.sluice.worker.http2.Frame;
import dev.sluice.worker.http2.FrameType;
import dev.sluice.worker.http2.Preface;

/**
 * What a client sends on a connection of HTTP/2: whole frames, one after the other, each where it
 * lies. Header blocks are the business of {@link Http2Blocks}, what has no content that of
 * {@link Http2Control}.
 *
 * <pre>
 *   0       at                        end             Slab.BYTES
 *   | done  | frames not looked at    | free          |        null while nothing waits
 * </pre>
 *
 * <p>Owner: event loop.
 */
final class Http2Input {

    private static final long NS_PER_MS = 1_000_000L;
    private static final int BYTES_PER_TURN = 256 * 1024;
    /** Where a frame says its type. */
    private static final int TYPE_AT = 3;

    private final Http2Session session;
    private final Downstreams shared;
    private final Http2Blocks blocks;
    private final Http2Control control;
    private Slab slab;
    private int at;
    private int end;
    /** When what is there of a frame, or of a header block, has to be whole. */
    private long deadlineNs;
    private long turnNs;
    private int turnBytes;
    /** A call of this object is under way: handlers may lead back to it. */
    private boolean advancing;

    Http2Input(Http2Session session, Downstreams shared) {
        this.session = session;
        this.shared = shared;
        this.blocks = new Http2Blocks(session, shared);
        this.control = new Http2Control(session, this);
    }

    /** @param first what was read already, copied; null for nothing. @return whether it fits */
    boolean begin(StreamInput first) {
        at = 0;
        end = 0;
        turnBytes = 0;
        deadlineNs = Pace.NEVER;
        advancing = false;
        blocks.begin();
        if (first != null) {
            slab = shared.ctx.slabs.borrow();
            if (slab == null) {
                return false;
            }
            end = first.takeAll(slab.bytes);
        }
        return true;
    }

    void release() {
        blocks.release();
        giveBack();
    }

    private void giveBack() {
        if (slab != null) {
            shared.ctx.slabs.giveBack(slab);
            slab = null;
        }
        at = 0;
        end = 0;
    }

    long deadlineNs() {
        return deadlineNs;
    }

    /** Reads and looks at frames as far as socket, turn and output allow. */
    void advance() {
        if (advancing || !session.isOpen()) {
            return;
        }
        advancing = true;
        boolean more = true;
        while (more) {
            more = frames() && fill();
        }
        advancing = false;
        if (session.isOpen()) {
            rest();
        }
    }

    /** @return whether there is something new to look at */
    private boolean fill() {
        if (!session.connection.canRead() || !session.output.hasControlRoom()) {
            return false;
        }
        if (isTurnSpent()) {
            shared.ctx.loop.atNextTurn(session.connection);
            return false;
        }
        if (slab == null) {
            slab = shared.ctx.slabs.borrow();
            if (slab == null) {
                session.noMemory();
                return false;
            }
        }
        if (at > 0) {
            slab.bytes.put(0, slab.bytes, at, end - at);
            end -= at;
            at = 0;
        }
        int count = session.connection.receive(slab, end, Slab.BYTES);
        if (count < 0) {
            ended(count);
            return false;
        }
        if (count > 0 && end - at > TYPE_AT && slab.bytes.get(at + TYPE_AT) == FrameType.DATA) {
            // A long frame may take its time, as long as something comes.
            deadlineNs = Pace.NEVER;
        }
        end += count;
        turnBytes += count;
        return count > 0;
    }

    private boolean isTurnSpent() {
        long nowNs = session.connection.nowNs();
        if (nowNs != turnNs) {
            turnNs = nowNs;
            turnBytes = 0;
            blocks.newTurn();
        }
        return turnBytes >= BYTES_PER_TURN || blocks.isTurnSpent();
    }

    private void ended(int how) {
        session.lost(how == ClientSocket.INPUT_ENDED
                ? Termination.CLIENT_CLOSED : Termination.CLIENT_RESET);
    }

    /** Nothing more can be done now: an idle connection holds no slab. */
    private void rest() {
        if (at == end) {
            giveBack();
        }
        if (slab == null && !blocks.isOpen()) {
            deadlineNs = Pace.NEVER;
        } else if (deadlineNs == Pace.NEVER) {
            deadlineNs = session.connection.nowNs()
                    + shared.http.clientHeaderTimeoutMs() * NS_PER_MS;
            session.wakeBy(deadlineNs);
        }
    }

    /** @return whether more may be read: nothing is wrong and all whole frames are done */
    private boolean frames() {
        if (slab == null) {
            return true;
        }
        if (session.state() == Http2State.GREETING && !blocks.prefaceDone()) {
            int length = Preface.match(slab.bytes, at, end);
            if (length == Preface.OTHER) {
                session.broken(ErrorCode.PROTOCOL_ERROR, "the client sent no HTTP/2 preface");
                return false;
            }
            if (length == Preface.NEED_MORE) {
                return true;
            }
            at += length;
            blocks.setPrefaceDone();
        }
        Frame frame = session.front.frame;
        while (session.output.hasControlRoom() && !isTurnSpent()) {
            int next = frame.next(slab.bytes, at, end);
            if (next == Frame.NEED_MORE) {
                return true;
            }
            // Whoever sends whole frames is not slow.
            deadlineNs = Pace.NEVER;
            int frameEnd = next;
            if (next == Frame.BAD) {
                if (!frame.streamOnly) {
                    session.broken(frame.error, frame.what);
                    return false;
                }
                frameEnd = frame.to;
                streamMistake(frame.stream, frame.error);
            } else {
                frame(frame);
            }
            if (!session.isOpen()) {
                return false;
            }
            at = frameEnd;
        }
        if (session.output.hasControlRoom()) {
            shared.ctx.loop.atNextTurn(session.connection);
        }
        return false;
    }

    private void frame(Frame f) {
        if (session.state() == Http2State.GREETING) {
            if (f.type != FrameType.SETTINGS || f.has(FrameType.ACK)) {
                session.broken(ErrorCode.PROTOCOL_ERROR, "the first frame is not SETTINGS");
                return;
            }
            session.greeted();
        }
        if (blocks.isOpen() && f.type != FrameType.CONTINUATION) {
            session.broken(ErrorCode.PROTOCOL_ERROR, "a header block is not continued");
            return;
        }
        switch (f.type) {
            case FrameType.DATA -> data(f);
            case FrameType.HEADERS, FrameType.CONTINUATION -> blocks.take(f, slab.bytes);
            default -> control.take(f, slab.bytes);
        }
    }

    /** The client has broken a rule of one stream. */
    void streamMistake(int id, int code) {
        if (session.guard.isTooMuch(Flood.MISTAKES, session.connection.nowNs())) {
            session.flood(Flood.MISTAKES);
            return;
        }
        Http2Stream stream = session.streams.find(id);
        if (stream != null) {
            session.exchanges.mistake(stream, code);
        } else {
            session.output.resetNow(id, code);
        }
    }

    // ---- DATA

    private void data(Frame f) {
        Http2Stream stream = session.streams.find(f.stream);
        if (stream == null && control.isIdle(f.stream)) {
            return;
        }
        if (session.received(f.payloadBytes)) {
            session.broken(ErrorCode.FLOW_CONTROL_ERROR, "more DATA than the window allows");
            return;
        }
        int length = f.to - f.from;
        boolean ends = f.has(FrameType.END_STREAM);
        if (stream == null) {
            // Sent before the client knew that the stream is closed.
            session.consumed(f.payloadBytes);
            control.count();
            return;
        }
        if (stream.body.isRemoteEnded()) {
            session.consumed(f.payloadBytes);
            streamMistake(f.stream, ErrorCode.STREAM_CLOSED);
            return;
        }
        stream.body.window -= f.payloadBytes;
        if (stream.body.window < 0) {
            session.consumed(f.payloadBytes);
            streamMistake(f.stream, ErrorCode.FLOW_CONTROL_ERROR);
            return;
        }
        if (f.payloadBytes > length) {
            session.consumed(f.payloadBytes - length);
            stream.body.unacknowledged += f.payloadBytes - length;
        }
        if (length == 0 && !ends) {
            control.count();
            if (!session.isOpen()) {
                return;
            }
        }
        if (stream.body.offer(slab.bytes, f.from, f.to, ends) != null) {
            session.consumed(length);
            streamMistake(f.stream, ErrorCode.PROTOCOL_ERROR);
            return;
        }
        tellReader(stream);
    }

    /** The body has got longer, or has ended. */
    void tellReader(Http2Stream stream) {
        int id = stream.id;
        if (stream.body.wakesReader()) {
            stream.exchange.responder.onRequestBodyReadable(stream.exchange);
        }
        if (session.isOpen() && session.streams.find(id) == stream) {
            stream.body.endFrame(stream);
            if (stream.lingerNs != Pace.NEVER && stream.body.isRemoteEnded()) {
                session.remove(stream);
            }
        }
    }
}
