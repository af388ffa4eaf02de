package dev.sluice.worker.downstream;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http2.Frame;
import dev.sluice.worker.http2.FrameType;
import dev.sluice.worker.http2.FrameWriter;
import dev.sluice.worker.http2.HpackEncoder;
import java.nio.ByteBuffer;

/**
 * Heads of answers as header blocks: the lines of HTTP/1 that a stream has written are translated.
 *
 * <p>Owner: event loop.
 */
final class Http2Heads {

    private final ByteSink block = new ByteSink();

    /** A status without fields. */
    void interim(ByteSink out, int stream, int status, boolean first) {
        int head = out.skip(Frame.HEAD_BYTES);
        if (first) {
            HpackEncoder.noTable(out);
        }
        HpackEncoder.status(out, status);
        FrameWriter.head(out.buffer(), head, out.position() - head - Frame.HEAD_BYTES,
                FrameType.HEADERS, FrameType.END_HEADERS, stream);
    }

    /**
     * One header block, in CONTINUATIONs where it is longer than a frame may be.
     *
     * @param first whether it is the first of its connection
     */
    void head(ByteSink out, Http2Stream stream, boolean first) {
        ByteBuffer b = out.buffer();
        ByteBuffer lines = stream.exchange.sentHead;
        int from = stream.exchange.sentHeadOffset;
        int head = out.skip(Frame.HEAD_BYTES);
        block.reset(b, out.position(), out.limit());
        if (first) {
            HpackEncoder.noTable(block);
        }
        HpackEncoder.status(block, stream.exchange.status);
        HpackEncoder.lines(block, lines, HpackEncoder.behindFirstLine(lines, from),
                from + stream.exchange.sentHeadLength - 2);
        assert !block.overflowed();
        int length = block.position() - head - Frame.HEAD_BYTES;
        int flags = stream.endSent ? FrameType.END_STREAM : 0;
        int type = FrameType.HEADERS;
        while (length > Frame.PAYLOAD_MAX) {
            FrameWriter.head(b, head, Frame.PAYLOAD_MAX, type, flags, stream.id);
            int next = head + Frame.HEAD_BYTES + Frame.PAYLOAD_MAX;
            length -= Frame.PAYLOAD_MAX;
            b.put(next + Frame.HEAD_BYTES, b, next, length);
            head = next;
            type = FrameType.CONTINUATION;
            flags = 0;
        }
        FrameWriter.head(b, head, length, type, flags | FrameType.END_HEADERS, stream.id);
        out.reset(b, head + Frame.HEAD_BYTES + length, out.limit());
    }
}
