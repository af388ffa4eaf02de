package dev.sluice.worker.downstream;

import dev.sluice.common.config.Http2Config;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.http2.Frame;
import dev.sluice.worker.http2.HpackScratch;
import dev.sluice.worker.http2.RequestFields;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What all connections of HTTP/2 share: their limits, the memory that a block of fields is read
 * with, and the sessions and streams that are not in use.
 *
 * <p>Owner: event loop.
 */
final class Http2Front {

    /** A session that is kept has a table of 4 KiB. */
    private static final int SPARE_SESSIONS_MAX = 1024;
    private static final int REQUEST_HEAD_BYTES = 40 * 1024;
    private static final int ANSWER_HEAD_BYTES = 24 * 1024;
    /** Room for the head of most answers, and for some body, besides the request's. */
    private static final int USUAL_ANSWER_BYTES = 1024;

    final int streamsMax;
    final int streamWindow;
    final int connectionWindow;
    final int resetsMax;
    final int controlFramesMax;
    /** For one frame, one block at a time. */
    final Frame frame = new Frame();
    final HpackScratch scratch = new HpackScratch();
    final RequestFields fields;
    /** The request whose block is read, until it is known how much memory it needs. */
    final ByteBuffer requestHead = memory(REQUEST_HEAD_BYTES);
    private final ByteBuffer answerHead = memory(ANSWER_HEAD_BYTES);
    private final ByteSink headSink = new ByteSink();
    private final Downstreams shared;
    private Http2Session[] sessions = new Http2Session[16];
    private int sessionCount;
    private Http2Stream[] streams = new Http2Stream[64];
    private int streamCount;

    Http2Front(Downstreams shared, Http2Config config) {
        this.shared = shared;
        streamsMax = config.streamsMax();
        streamWindow = config.streamWindowBytes();
        connectionWindow = config.connectionWindowBytes();
        resetsMax = config.resetsPerMinuteMax();
        controlFramesMax = config.controlFramesPerMinuteMax();
        fields = new RequestFields(shared.parseLimits);
    }

    private static ByteBuffer memory(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    Http2Session session() {
        return sessionCount > 0 ? sessions[--sessionCount] : new Http2Session(shared, this);
    }

    void keep(Http2Session session) {
        if (sessionCount == SPARE_SESSIONS_MAX) {
            return;
        }
        if (sessionCount == sessions.length) {
            sessions = Arrays.copyOf(sessions, sessionCount * 2);
        }
        sessions[sessionCount++] = session;
    }

    /** A stream without memory. */
    Http2Stream stream() {
        return streamCount > 0 ? streams[--streamCount] : new Http2Stream(shared);
    }

    /** The head of the stream's request is in {@link #requestHead}. @return false: no memory */
    boolean attach(Http2Stream stream, Http2Session session, int id, int headBytes) {
        // Upstream connections need slabs too, or nobody would ever finish.
        Slab memory = shared.ctx.slabs.available() > shared.ctx.slabs.slabsMax() / 4
                ? shared.ctx.slabs.borrow(headBytes + USUAL_ANSWER_BYTES) : null;
        if (memory == null) {
            return false;
        }
        memory.bytes.put(0, requestHead, 0, headBytes);
        stream.attach(session, id, memory, headBytes);
        return true;
    }

    /** A sink for the head of an answer, which is written from its beginning to its end at once. */
    ByteSink openHead() {
        return headSink.reset(answerHead, 0, ANSWER_HEAD_BYTES);
    }

    ByteSink headSink() {
        return headSink;
    }

    void giveBack(Http2Stream stream) {
        stream.detach();
        keep(stream);
    }

    /** The stream has got no memory. */
    void keep(Http2Stream stream) {
        if (streamCount == streams.length) {
            streams = Arrays.copyOf(streams, streamCount * 2);
        }
        streams[streamCount++] = stream;
    }
}
