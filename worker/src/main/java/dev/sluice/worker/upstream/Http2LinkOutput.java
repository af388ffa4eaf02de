package dev.sluice.worker.upstream;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.http2.Frame;
import dev.sluice.worker.http2.FrameType;
import dev.sluice.worker.http2.FrameWriter;
import dev.sluice.worker.http2.HpackEncoder;
import dev.sluice.worker.http2.Preface;
import dev.sluice.worker.http2.Settings;
import dev.sluice.worker.loop.SocketHandle;
import java.nio.ByteBuffer;

/**
 * What a connection of HTTP/2 to a peer sends: frames of all its streams in one slab, given to the
 * kernel when the turn of the loop ends.
 *
 * <pre>
 *   0        sent            end                      FILL_MAX            Slab.BYTES
 *   | taken  | to be sent    | free                   | control frames only |
 * </pre>
 *
 * <p>Owner: event loop. The slab is held only while something is to be sent.
 */
final class Http2LinkOutput {

    /** Control frames find room behind this, however much there is to send. */
    private static final int FILL_MAX = Slab.BYTES - 8 * 1024;
    /** When less is free, nothing more is read from the peer: it could ask for an answer. */
    private static final int CONTROL_ROOM_MIN = 1024;
    /** A shorter frame is not worth its head while others can wait for more room. */
    private static final int DATA_MIN = 512;
    private static final int GREETING_BYTES = 128;
    /** What a header block, its frames and its pseudo-headers may need more than its lines. */
    private static final int BLOCK_GROWTH = 128;

    private final Http2Link link;
    private final ByteSink sink = new ByteSink();
    private final ByteSink block = new ByteSink();
    private Slab slab;
    private int sent;
    private int end;
    /** DATA that may still be sent on the connection. */
    private int window;
    private boolean firstBlock;

    Http2LinkOutput(Http2Link link) {
        this.link = link;
    }

    void begin() {
        assert slab == null;
        window = Settings.WINDOW_DEFAULT;
        firstBlock = true;
    }

    void release() {
        if (slab != null) {
            link.memory.ctx.slabs.giveBack(slab);
            slab = null;
        }
        sent = 0;
        end = 0;
    }

    boolean isEmpty() {
        return sent == end;
    }

    boolean hasControlRoom() {
        return Slab.BYTES - end + sent >= CONTROL_ROOM_MIN;
    }

    /** @return whether the window has become larger than the protocol allows */
    boolean widen(int increment) {
        if (window > Integer.MAX_VALUE - increment) {
            return true;
        }
        window += increment;
        return false;
    }

    // ---- putting frames together

    /** A sink with room for so many bytes, of which none lie behind the limit; else null. */
    private ByteSink room(int bytes, int limit) {
        if (slab == null) {
            slab = link.memory.ctx.slabs.borrow();
        }
        if (slab == null || limit - end + sent < bytes) {
            return null;
        }
        if (limit - end < bytes) {
            slab.bytes.put(0, slab.bytes, sent, end - sent);
            end -= sent;
            sent = 0;
        }
        link.gather();
        return sink.reset(slab.bytes, end, Slab.BYTES);
    }

    private void done() {
        assert !sink.overflowed();
        end = sink.position();
    }

    /** A sink for control frames; null when there is no room, which is the peer's fault. */
    ByteSink control(int bytes) {
        return room(bytes, Slab.BYTES);
    }

    /** What was written to it is to be sent. */
    void controlDone() {
        done();
    }

    /** What every connection begins with (RFC 9113 §3.4). @return false when there is no memory */
    boolean greet() {
        ByteSink out = control(GREETING_BYTES);
        if (out == null) {
            return false;
        }
        Preface.write(out);
        FrameWriter.clientSettings(out, Http2PeerBody.WINDOW, Http2Memory.HEAD_BYTES_MAX);
        FrameWriter.windowUpdate(out, 0, Http2LinkInput.WINDOW - Settings.WINDOW_DEFAULT);
        done();
        return true;
    }

    /** A question whether the peer lives. @return false when there is no room for it */
    boolean ping() {
        ByteSink out = control(FrameWriter.PING_BYTES);
        if (out != null) {
            FrameWriter.ping(out);
            done();
        }
        return out != null;
    }

    boolean windowUpdate(int stream, int increment) {
        ByteSink out = control(FrameWriter.NUMBER_BYTES);
        if (out != null) {
            FrameWriter.windowUpdate(out, stream, increment);
            done();
        }
        return out != null;
    }

    void resetStream(int stream, int code) {
        ByteSink out = control(FrameWriter.NUMBER_BYTES);
        if (out != null) {
            FrameWriter.resetStream(out, stream, code);
            done();
        } else {
            // The peer would go on for ever.
            link.noRoom();
        }
    }

    void goAway(int code) {
        ByteSink out = control(FrameWriter.GOAWAY_BYTES);
        if (out != null) {
            FrameWriter.goAway(out, 0, code);
            done();
        }
    }

    /** The head of a request. @return one of {@link PeerStream}'s constants */
    int head(Http2PeerStream stream, ByteBuffer lines, int to, boolean ends, boolean trailers) {
        int wanted = to + BLOCK_GROWTH;
        ByteSink out = room(wanted, FILL_MAX);
        if (out == null) {
            return wanted > FILL_MAX ? PeerStream.HEAD_TOO_LARGE : PeerStream.HEAD_WAITS;
        }
        if (!link.number(stream)) {
            return PeerStream.HEAD_BROKEN;
        }
        ByteBuffer b = out.buffer();
        int head = out.skip(Frame.HEAD_BYTES);
        block.reset(b, out.position(), out.limit());
        if (firstBlock) {
            firstBlock = false;
            HpackEncoder.noTable(block);
        }
        HpackEncoder.request(block, lines, 0, to - 2, link.transport.tls != null, trailers);
        assert !block.overflowed();
        int length = block.position() - head - Frame.HEAD_BYTES;
        end = FrameWriter.block(b, head, length, ends ? FrameType.END_STREAM : 0, stream.id);
        return PeerStream.HEAD_SENT;
    }

    /** Whether some DATA of the stream can be sent now. */
    boolean hasRoom(Http2PeerStream stream) {
        return FILL_MAX - end + sent >= Frame.HEAD_BYTES + DATA_MIN
                && (stream.id == 0 || Math.min(window, stream.sendWindow) > 0);
    }

    /** DATA, as far as windows and room allow. @return bytes taken */
    int data(Http2PeerStream stream, ByteBuffer from, int at, int limit) {
        int next = at;
        while (next < limit) {
            int length = Math.min(Math.min(limit - next, Frame.PAYLOAD_MAX),
                    Math.min(window, stream.sendWindow));
            int free = FILL_MAX - end + sent - Frame.HEAD_BYTES;
            if (length <= 0 || free < Math.min(length, DATA_MIN)) {
                break;
            }
            length = Math.min(length, free);
            ByteSink out = room(length + Frame.HEAD_BYTES, FILL_MAX);
            if (out == null) {
                break;
            }
            FrameWriter.head(out, length, FrameType.DATA, 0, stream.id);
            out.put(from, next, length);
            done();
            next += length;
            window -= length;
            stream.sendWindow -= length;
            link.guard.dataSent();
        }
        return next - at;
    }

    /** Trailers, which end the request. @return false when there is no room for them */
    boolean trailers(Http2PeerStream stream, ByteBuffer lines, int length) {
        ByteSink out = room(length + BLOCK_GROWTH, FILL_MAX);
        if (out == null) {
            return false;
        }
        ByteBuffer b = out.buffer();
        int head = out.skip(Frame.HEAD_BYTES);
        HpackEncoder.lines(out, lines, 0, length);
        assert !out.overflowed();
        end = FrameWriter.block(b, head, out.position() - head - Frame.HEAD_BYTES,
                FrameType.END_STREAM, stream.id);
        return true;
    }

    /** An empty frame that ends the request. @return false when there is no room for it */
    boolean end(Http2PeerStream stream) {
        ByteSink out = control(Frame.HEAD_BYTES);
        if (out == null) {
            return false;
        }
        FrameWriter.head(out, 0, FrameType.DATA, FrameType.END_STREAM, stream.id);
        done();
        return true;
    }

    // ---- sending

    /** Gives the kernel what there is. @return false when the connection is broken */
    boolean flush(UpstreamConnection to) {
        if (isEmpty()) {
            to.allWritten();
            release();
            return true;
        }
        if (!to.canWrite()) {
            return true;
        }
        int count = to.write(slab, sent, end);
        if (count == SocketHandle.BROKEN) {
            return false;
        }
        sent += count;
        if (isEmpty()) {
            to.allWritten();
            release();
        }
        return true;
    }
}
