package dev.sluice.worker.downstream;

import dev.sluice.common.config.Http2Config;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.http2.Frame;
import dev.sluice.worker.http2.HpackScratch;
import dev.sluice.worker.http2.RequestFields;
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

    final int streamsMax;
    final int streamWindow;
    final int connectionWindow;
    final int resetsMax;
    final int controlFramesMax;
    /** For one frame, one block at a time. */
    final Frame frame = new Frame();
    final HpackScratch scratch = new HpackScratch();
    final RequestFields fields;
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

    /** A stream with memory; null when there is none now. */
    Http2Stream stream(Http2Session session, int id) {
        // Upstream connections need slabs too, or nobody would ever finish.
        Slab slab = shared.ctx.slabs.available() > shared.ctx.slabs.slabsMax() / 4
                ? shared.ctx.slabs.borrow() : null;
        if (slab == null) {
            return null;
        }
        Http2Stream stream =
                streamCount > 0 ? streams[--streamCount] : new Http2Stream(shared);
        stream.attach(session, id, slab);
        return stream;
    }

    void giveBack(Http2Stream stream) {
        shared.ctx.slabs.giveBack(stream.detach());
        if (streamCount == streams.length) {
            streams = Arrays.copyOf(streams, streamCount * 2);
        }
        streams[streamCount++] = stream;
    }
}
