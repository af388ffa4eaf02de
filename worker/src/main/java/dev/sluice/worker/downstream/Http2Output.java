package dev.sluice.worker.downstream;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http2.Frame;
import dev.sluice.worker.http2.FrameType;
import dev.sluice.worker.http2.FrameWriter;
import dev.sluice.worker.http2.Settings;
import dev.sluice.worker.linux.Libc;

/**
 * What a connection of HTTP/2 sends: frames of all its streams in one slab, put together when the
 * turn of the loop ends and given to the kernel at once. Streams take turns, a frame each.
 *
 * <pre>
 *   0        sent            end                      FILL_MAX            Slab.BYTES
 *   | taken  | to be sent    | free                   | control frames only |
 * </pre>
 *
 * <p>Owner: event loop. The slab is held only while something is to be sent.
 */
final class Http2Output {

    /** {@link #turn}: everything that may be sent now has been sent. */
    static final int DRAINED = 0;
    /** The socket takes no more now. */
    static final int STUCK = 1;
    /** There is more, but others wait for their turn. */
    static final int YIELD = 2;
    static final int BROKEN = 3;

    /** Control frames find room behind this, however much there is to send. */
    private static final int FILL_MAX = Slab.BYTES - 8 * 1024;
    /** When less is free, nothing more is read from the client: it could ask for an answer. */
    private static final int CONTROL_ROOM_MIN = 1024;
    /** A header block is longer than the lines it is made of by no more than this. */
    private static final int BLOCK_GROWTH = 16;
    private static final long BYTES_PER_TURN = 1024 * 1024;
    /** A shorter frame is not worth its head while others can wait for more room. */
    private static final int DATA_MIN = 512;

    private final Http2Session session;
    private final Downstreams shared;
    private final ByteSink sink = new ByteSink();
    private final Http2Heads writer = new Http2Heads();
    private Slab slab;
    private int sent;
    private int end;
    /** DATA that may still be sent on the connection. */
    private int window;
    private boolean anyBlocked;
    private int acknowledged;
    private boolean firstBlock;
    private final Http2Queue queue = new Http2Queue();

    Http2Output(Http2Session session, Downstreams shared) {
        this.session = session;
        this.shared = shared;
    }

    void begin() {
        assert slab == null && queue.isEmpty();
        sent = 0;
        end = 0;
        window = Settings.WINDOW_DEFAULT;
        anyBlocked = false;
        acknowledged = 0;
        firstBlock = true;
    }

    /** Nothing more is sent. */
    void release() {
        queue.clear();
        giveBack();
    }

    private void giveBack() {
        if (slab != null) {
            shared.ctx.slabs.giveBack(slab);
            slab = null;
        }
        sent = 0;
        end = 0;
    }

    boolean isEmpty() {
        return sent == end;
    }

    /** Whether frames of the client may be answered now. */
    boolean hasControlRoom() {
        return Slab.BYTES - end + sent >= CONTROL_ROOM_MIN;
    }

    // ---- control frames

    /**
     * A sink with room for a control frame; null when there is none, which is a client's fault
     * that asks for answers and reads none, or the end of memory.
     */
    ByteSink control(int bytes) {
        if (slab == null) {
            slab = shared.ctx.slabs.borrow();
        }
        if (slab == null || Slab.BYTES - end + sent < bytes) {
            return null;
        }
        if (Slab.BYTES - end < bytes) {
            slab.bytes.put(0, slab.bytes, sent, end - sent);
            end -= sent;
            sent = 0;
        }
        session.connection.gather();
        return sink.reset(slab.bytes, end, Slab.BYTES);
    }

    /** What was written to the sink is to be sent. */
    void controlDone() {
        assert !sink.overflowed();
        end = sink.position();
    }

    /** An interim answer, with fields or null; it is left out when there is no room. */
    void interim(Http2Stream stream, int status, HeaderTable fields) {
        int bytes = Http2Heads.bytesMax(fields);
        ByteSink out = bytes > Frame.PAYLOAD_MAX ? null : control(bytes);
        if (out != null) {
            writer.interim(out, stream.id, status, fields, beginsBlocks());
            controlDone();
        }
    }

    /** Whether the next header block is the first of the connection. */
    private boolean beginsBlocks() {
        boolean begins = firstBlock;
        firstBlock = false;
        return begins;
    }

    /** Bytes of bodies were read: the client may send as many more on the connection. */
    void acknowledgeConnection(int bytes) {
        acknowledged += bytes;
        if (acknowledged >= session.front.connectionWindow / 2) {
            session.connection.gather();
        }
    }

    /** The same of one stream. */
    void acknowledge(Http2Stream stream) {
        if (stream.body.unacknowledged >= session.front.streamWindow / 2) {
            ready(stream);
        }
    }

    // ---- the queue

    /** The stream has something to send, or to tell of. */
    void ready(Http2Stream stream) {
        queue.add(stream);
        session.connection.gather();
    }

    /** The stream is gone. */
    void forget(Http2Stream stream) {
        queue.remove(stream);
    }

    /** @return whether the window has become larger than the protocol allows */
    boolean widen(int increment) {
        if (window > Integer.MAX_VALUE - increment) {
            return true;
        }
        window += increment;
        if (anyBlocked) {
            anyBlocked = false;
            session.wakeBlocked();
        }
        return false;
    }

    // ---- sending

    /** Puts frames together and sends them, as far as the client allows. */
    int turn() {
        long budget = BYTES_PER_TURN;
        while (true) {
            fill();
            if (!session.isOpen()) {
                return BROKEN;
            }
            if (isEmpty()) {
                if (!session.connection.outputClear()) {
                    return STUCK;
                }
                giveBack();
                return DRAINED;
            }
            int count = session.connection.give(slab, sent, end);
            if (count < 0) {
                return BROKEN;
            }
            sent += count;
            budget -= count;
            if (count > 0) {
                session.sending.moved(count);
            }
            if (!isEmpty()) {
                return STUCK;
            }
            sent = 0;
            end = 0;
            if (!queue.isEmpty() && budget <= 0) {
                return YIELD;
            }
        }
    }

    private void fill() {
        if (acknowledged >= session.front.connectionWindow / 2) {
            ByteSink out = control(FrameWriter.NUMBER_BYTES);
            if (out != null) {
                FrameWriter.windowUpdate(out, 0, acknowledged);
                controlDone();
                session.widenReceive(acknowledged);
                acknowledged = 0;
            }
        }
        if (!queue.isEmpty() && slab == null) {
            slab = shared.ctx.slabs.borrow();
            if (slab == null) {
                session.noMemory();
                return;
            }
        }
        // Each step puts a frame, or makes a handler give more, or takes a stream off.
        while (!queue.isEmpty() && mayStep(queue.first())) {
            step(queue.poll());
        }
    }

    private boolean mayStep(Http2Stream stream) {
        int wanted = stream.headPending
                ? stream.exchange.sentHeadLength + BLOCK_GROWTH + 3 * Frame.HEAD_BYTES
                : Frame.HEAD_BYTES + Math.max(DATA_MIN,
                        stream.trailersLength() + BLOCK_GROWTH + 3 * Frame.HEAD_BYTES);
        return FILL_MAX - end >= wanted;
    }

    private void step(Http2Stream stream) {
        sink.reset(slab.bytes, end, Slab.BYTES);
        if (stream.body.failedStatus() != 0) {
            session.exchanges.answerBadBody(stream);
            return;
        }
        if (stream.resetCode != Http2Stream.NO_RESET) {
            session.told(stream.id, "RST_STREAM sent", stream.resetCode);
            FrameWriter.resetStream(sink, stream.id, stream.resetCode);
            controlDone();
            session.remove(stream);
            return;
        }
        acknowledgeNow(stream);
        if (stream.headPending) {
            stream.headPending = false;
            stream.endSent = stream.responseEnded() && stream.isDrained()
                    && !stream.hasTrailers();
            writer.head(sink, stream, beginsBlocks());
        }
        boolean more = stream.headSent() && !stream.endSent && writeData(stream);
        controlDone();
        if (stream.endSent) {
            session.exchanges.finish(stream);
        } else if (more) {
            ready(stream);
        } else if (stream.drainWanted() && stream.isDrained()) {
            stream.drained();
            stream.exchange.client.tellWritable(stream.exchange);
        }
    }

    private void acknowledgeNow(Http2Stream stream) {
        int bytes = stream.body.unacknowledged;
        if (bytes >= session.front.streamWindow / 2 && !stream.body.isRemoteEnded()) {
            FrameWriter.windowUpdate(sink, stream.id, bytes);
            stream.body.unacknowledged = 0;
            stream.body.window += bytes;
        }
    }

    /** One frame of DATA if there is some. @return whether there is more that may be sent */
    private boolean writeData(Http2Stream stream) {
        StreamOutput out = stream.out;
        Bandwidth bandwidth = stream.bandwidth;
        long allowed = Long.MAX_VALUE;
        if (bandwidth.isOn()) {
            allowed = bandwidth.allowance(shared.ctx.clock.nowNs());
            out.allow(allowed);
        }
        boolean more = false;
        if (!out.isEmpty()) {
            int room = FILL_MAX - sink.position() - Frame.HEAD_BYTES;
            int length = Math.min(Math.min(stream.sendWindow, window),
                    Math.min(Frame.PAYLOAD_MAX, room));
            if (room < DATA_MIN) {
                return true;
            }
            if (length <= 0) {
                blocked(stream);
                return false;
            }
            more = frame(stream, out, length);
        } else if (!out.isHeldBack() && stream.responseEnded()) {
            writer.end(sink, stream);
            stream.endSent = true;
        }
        if (bandwidth.isOn()) {
            bandwidth.sent(allowed - out.quota());
            if (out.isHeldBack()) {
                bandwidth.pause(shared.ctx.clock.nowNs());
                session.wakeBy(bandwidth.resumeNs());
                return false;
            }
        }
        return more;
    }

    /** @param most bytes that the frame may carry */
    private boolean frame(Http2Stream stream, StreamOutput out, int most) {
        int head = sink.skip(Frame.HEAD_BYTES);
        int from = sink.position();
        int own = Math.min(out.ownBytes(), most);
        sink.put(out.slab().bytes, out.sentTo(), own);
        int lent = Math.min(out.lentBytes(), most - own);
        if (lent > 0) {
            sink.put(out.lentBuffer(), out.lentAt(), lent);
        }
        out.took(own + lent);
        long wanted = Math.min(out.fileLeft(), most - own - lent);
        if (wanted > 0 && out.ownBytes() == 0) {
            int count = (int) Libc.pread(out.fileFd(), slab.address + sink.position(),
                    (int) wanted, out.fileOffset());
            if (count <= 0) {
                sink.position(head);
                session.exchanges.fileBroken(stream, count);
                return false;
            }
            sink.skip(count);
            stream.sentOfFile(count);
        }
        int length = sink.position() - from;
        window -= length;
        stream.sendWindow -= length;
        boolean drained = out.isEmpty() && !out.isHeldBack();
        boolean last = drained && stream.responseEnded();
        boolean ends = last && !stream.hasTrailers();
        FrameWriter.head(slab.bytes, head, length, FrameType.DATA,
                ends ? FrameType.END_STREAM : 0, stream.id);
        stream.endSent = ends;
        stream.sending.stopWaiting(shared.ctx.clock.nowNs());
        stream.sending.moved(length);
        session.guard.dataSent();
        return !drained || last && !ends;
    }

    /** The client's windows let nothing go: it has so long to open one. */
    private void blocked(Http2Stream stream) {
        anyBlocked |= window <= 0;
        session.exchanges.rest(stream);
        if (stream.sending.deadlineNs() == Pace.NEVER) {
            stream.sending.waitFrom(shared.ctx.clock.nowNs(), stream.settings().sendTimeoutMs(),
                    stream.settings().minRateBytesPerSecond());
            session.wakeBy(stream.sending.deadlineNs());
        }
    }

    /** The stream ends by RST_STREAM, now or when there is room. */
    void reset(Http2Stream stream, int code) {
        stream.resetCode = code;
        ready(stream);
    }

    /** RST_STREAM on a stream that has no exchange. */
    void resetNow(int stream, int code) {
        ByteSink out = control(FrameWriter.NUMBER_BYTES);
        if (out != null) {
            session.told(stream, "RST_STREAM sent", code);
            FrameWriter.resetStream(out, stream, code);
            controlDone();
        }
    }

    void goAway(int lastStream, int code) {
        ByteSink out = control(FrameWriter.GOAWAY_BYTES);
        if (out != null) {
            FrameWriter.goAway(out, lastStream, code);
            controlDone();
        }
    }
}
