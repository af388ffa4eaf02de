package dev.sluice.worker.downstream;

import dev.sluice.common.config.ClientConfig;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.SlabRing;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.http.ParseError;
import java.nio.ByteBuffer;

/**
 * The body of a request on a stream of HTTP/2. DATA goes from the connection's input straight to
 * whoever reads it; what nobody has read when the frame has been looked at waits in memory of its
 * own, which has room for all that the stream's window lets a client send. Only what has been read
 * is acknowledged: that is the back-pressure.
 *
 * <p>Owner: event loop.
 */
final class Http2Body {

    private static final long UNKNOWN = -1;

    private final SlabRing waiting = new SlabRing();
    /** The frame that is looked at now. */
    private ByteBuffer frame;
    private int frameAt;
    private int frameEnd;
    private boolean remoteEnded;
    /** Somebody has found nothing and is told when there is more. */
    private boolean wanted;
    private boolean dropped;
    private boolean continueSent;
    /** It is no body, but what goes through a tunnel. */
    private boolean tunnel;
    private int failedStatus;
    private long announced;
    private long received;
    /** What the client may still send: below zero it has broken the rules. */
    int window;
    /** Bytes that were read and not acknowledged yet. */
    int unacknowledged;

    /** @param contentLength below zero where it is not known, or a tunnel is asked for */
    void begin(long contentLength, boolean ended, int initialWindow) {
        assert waiting.count() == 0;
        frame = null;
        frameAt = 0;
        frameEnd = 0;
        remoteEnded = ended;
        wanted = false;
        dropped = false;
        continueSent = false;
        tunnel = false;
        failedStatus = 0;
        announced = contentLength;
        received = 0;
        window = initialWindow;
        unacknowledged = 0;
    }

    /** Whether the client has ended its side of the stream. */
    boolean isRemoteEnded() {
        return remoteEnded;
    }

    /** What comes from here on belongs to the other protocol, and has no end of its own. */
    void startTunnel() {
        tunnel = true;
    }

    boolean isTunnel() {
        return tunnel;
    }

    /** Whether the client can end the body with the window that it has. */
    boolean mayEndByItself() {
        return announced != UNKNOWN && announced - received <= window;
    }

    boolean isDone() {
        return remoteEnded && waiting.count() == 0 && frameAt == frameEnd;
    }

    /** The status to answer a broken body with; 0 while it is fine. */
    int failedStatus() {
        return failedStatus;
    }

    void clearFailure() {
        failedStatus = 0;
    }

    /**
     * The contents of a frame of DATA have come, lent until {@link #endFrame}.
     *
     * @return null, or why the body is malformed (RFC 9113 §8.1.1)
     */
    ParseError offer(ByteBuffer b, int from, int to, boolean ended) {
        received += to - from;
        remoteEnded = ended;
        if (announced != UNKNOWN && (received > announced || ended && received < announced)) {
            return ParseError.LENGTH_UNLIKE_BODY;
        }
        frame = b;
        frameAt = from;
        frameEnd = to;
        return null;
    }

    /** Trailers have come: the body ends here. @return as {@link #offer} */
    ParseError end() {
        return offer(null, 0, 0, true);
    }

    /** Whether somebody is to be told that there is more. */
    boolean wakesReader() {
        return wanted && failedStatus == 0;
    }

    /** The frame's memory is used for other things: the rest of it waits here. */
    void endFrame(Http2Stream stream) {
        int rest = frameEnd - frameAt;
        if (rest > 0 && dropped) {
            acknowledge(stream, rest);
        } else if (rest > 0
                // The window is smaller than a slab, so what may be sent always fits.
                && !waiting.put(stream.shared.ctx.slabs, frame, frameAt, rest)) {
            stream.session.exchanges.refuseBody(stream, 503, Termination.WORKER_OVERLOAD);
        }
        frame = null;
        frameAt = 0;
        frameEnd = 0;
    }

    /** {@link ClientStream#readBody}. */
    int read(Http2Stream stream, ByteBuffer into, int from, int limit) {
        assert from < limit;
        if (failedStatus != 0) {
            return ClientStream.BODY_ERROR;
        }
        if (isDone()) {
            return ClientStream.BODY_END;
        }
        int taken = take(stream, into, from, limit);
        wanted = taken == 0;
        if (tunnel) {
            // Whoever relays it keeps its time; it has no length to be limited.
            stream.exchange.requestBytes += taken;
            acknowledge(stream, taken);
            return taken;
        }
        long nowNs = stream.shared.ctx.clock.nowNs();
        ClientConfig settings = stream.settings();
        stream.reading.stopWaiting(nowNs);
        if (taken > 0) {
            stream.exchange.requestBytes += taken;
            stream.reading.moved(taken);
            acknowledge(stream, taken);
            long bodyBytes = stream.exchange.requestBytes - stream.head.headLength;
            if (settings.maxBodyBytes() > 0 && bodyBytes > settings.maxBodyBytes()) {
                fail(stream, 413, Termination.CLIENT_BODY_TOO_LARGE);
                return ClientStream.BODY_ERROR;
            }
            return taken;
        }
        sendContinue(stream);
        stream.reading.waitFrom(nowNs, settings.bodyTimeoutMs(),
                settings.minRateBytesPerSecond());
        stream.session.wakeBy(stream.reading.deadlineNs());
        return 0;
    }

    private int take(Http2Stream stream, ByteBuffer into, int from, int limit) {
        int to = from;
        if (waiting.count() > 0) {
            to += waiting.take(stream.shared.ctx.slabs, into, from, limit);
        }
        int length = Math.min(frameEnd - frameAt, limit - to);
        if (length > 0) {
            into.put(to, frame, frameAt, length);
            frameAt += length;
            to += length;
        }
        return to - from;
    }

    /** RFC 9110 §10.1.1: once, and not when the body is on its way already. */
    private void sendContinue(Http2Stream stream) {
        if (stream.head.expectContinue && !continueSent) {
            continueSent = true;
            if (received == 0) {
                stream.interim(100);
            }
        }
    }

    private void acknowledge(Http2Stream stream, int length) {
        unacknowledged += length;
        stream.session.consumed(length);
        if (!remoteEnded) {
            stream.session.output.acknowledge(stream);
        }
    }

    /** The exchange goes on without what the client says of it. */
    void fail(Http2Stream stream, int status, Termination reason) {
        stream.exchange.terminate(reason);
        failedStatus = status;
        stream.session.output.ready(stream);
    }

    /** Nobody reads it: what comes is dropped. */
    void drop(Http2Stream stream) {
        wanted = false;
        dropped = true;
        int rest = waiting.count() + frameEnd - frameAt;
        waiting.clear(stream.shared.ctx.slabs);
        if (rest > 0) {
            frameAt = frameEnd;
            acknowledge(stream, rest);
        }
    }
}
