package dev.sluice.worker.downstream;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.HeaderTable;
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

    /** The most that an interim answer with these fields can take; null for none. */
    static int bytesMax(HeaderTable fields) {
        int bytes = 64;
        for (int i = 0; fields != null && i < fields.count(); i++) {
            bytes += fields.dropped(i) ? 0 : fields.nameLength(i) + fields.valueLength(i) + 12;
        }
        return bytes;
    }

    /** A status, with fields or null. */
    void interim(ByteSink out, int stream, int status, HeaderTable fields, boolean first) {
        int head = out.skip(Frame.HEAD_BYTES);
        if (first) {
            HpackEncoder.noTable(out);
        }
        HpackEncoder.status(out, status);
        if (fields != null) {
            HpackEncoder.fields(out, fields);
        }
        FrameWriter.head(out.buffer(), head, out.position() - head - Frame.HEAD_BYTES,
                FrameType.HEADERS, FrameType.END_HEADERS, stream);
    }

    /** What ends the stream behind the body: trailers, or an empty frame. */
    void end(ByteSink out, Http2Stream stream) {
        if (!stream.hasTrailers()) {
            FrameWriter.head(out, 0, FrameType.DATA, FrameType.END_STREAM, stream.id);
            return;
        }
        int head = out.skip(Frame.HEAD_BYTES);
        HpackEncoder.lines(out, stream.trailerLines(), 0, stream.trailersLength());
        int end = FrameWriter.block(out.buffer(), head,
                out.position() - head - Frame.HEAD_BYTES, FrameType.END_STREAM, stream.id);
        out.reset(out.buffer(), end, out.limit());
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
        int end = FrameWriter.block(
                b, head, length, stream.endSent ? FrameType.END_STREAM : 0, stream.id);
        out.reset(b, end, out.limit());
    }
}
