package dev.sluice.worker.downstream;

import dev.sluice.common.config.ClientConfig;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.exchange.BodyPeek;
import dev.sluice.worker.exchange.ClientStream;
import java.nio.ByteBuffer;

/**
 * Reads the body of the current request for whoever answers it: buffered bytes first, then the
 * socket; a body of known length goes straight into the reader's memory.
 *
 * <p>Owner: event loop.
 */
final class RequestBody {

    private boolean wanted;
    private boolean continueSent;
    private int failedStatus;

    void reset() {
        wanted = false;
        continueSent = false;
        failedStatus = 0;
    }

    /** Whether somebody reads the body and is told when there is more. */
    boolean wanted() {
        return wanted;
    }

    void notWanted() {
        wanted = false;
    }

    boolean continueSent() {
        return continueSent;
    }

    /** The status to answer a broken body with; 0 while it is fine. */
    int failedStatus() {
        return failedStatus;
    }

    void clearFailure() {
        failedStatus = 0;
    }

    /** {@link ClientStream#readBody}. */
    int read(Http1Stream stream, DownstreamConnection connection, ByteBuffer into, long address,
            int from, int limit) {
        assert from < limit;
        StreamInput in = stream.in;
        if (in.bodyDone()) {
            return ClientStream.BODY_END;
        }
        if (failedStatus != 0) {
            return ClientStream.BODY_ERROR;
        }
        wanted = true;
        int count = in.take(into, from, limit);
        while (count == 0 && !in.bodyDone() && connection.canRead()) {
            if (in.chunked()) {
                count = connection.fill();
                if (count == 0) {
                    break;
                }
                count = count > 0 ? in.take(into, from, limit) : count;
            } else {
                int most = from + (int) Math.min(limit - from, in.lengthLeft());
                count = connection.readBodyDirect(into, address, from, most);
            }
        }
        if (connection.hasHungUp()) {
            // What is behind the body is looked at when the turn ends.
            connection.gather();
        }
        return answer(stream, connection, count == 0 && !in.bodyDone()
                && connection.hasInputEnded() ? ClientSocket.INPUT_ENDED : count);
    }

    /**
     * {@link ClientStream#peekBody}. A body in chunks would have to be decoded, and one that the
     * client holds back until it is asked for is not there: neither is looked at.
     */
    void peek(Http1Stream stream, DownstreamConnection connection, BodyPeek peek, int bytesMax) {
        StreamInput in = stream.in;
        peek.nothing();
        if (in.bodyDone() || in.chunked() || in.isTunnel() || failedStatus != 0
                || stream.head.expectContinue && in.buffered() == 0) {
            return;
        }
        int count = 1;
        while (count > 0 && in.bodyBuffered() < bytesMax && in.room() > 0
                && connection.canRead()) {
            count = connection.fill();
        }
        peek.bytes = in.slab().bytes;
        peek.from = in.start();
        peek.to = in.start() + in.bodyBuffered();
        // An end that came too early is found by whoever reads.
        peek.mayGrow = count >= 0 && in.room() > 0
                && in.bodyBuffered() < Math.min(bytesMax, in.lengthLeft());
        if (peek.mayGrow) {
            wanted = true;
            ClientConfig settings = stream.settings();
            stream.reading.waitFrom(connection.nowNs(), settings.bodyTimeoutMs(),
                    settings.minRateBytesPerSecond());
            connection.updateDeadline();
        }
    }

    private int answer(Http1Stream stream, DownstreamConnection connection, int count) {
        if (stream.in.isTunnel()) {
            return answerOfTunnel(stream, connection, count);
        }
        long nowNs = connection.nowNs();
        stream.reading.stopWaiting(nowNs);
        ClientConfig settings = stream.settings();
        if (count > 0) {
            stream.exchange.requestBytes += count;
            stream.reading.moved(count);
            long bodyBytes = stream.exchange.requestBytes - stream.head.headLength;
            if (settings.maxBodyBytes() > 0 && bodyBytes > settings.maxBodyBytes()) {
                return failed(stream, connection, 413, Termination.CLIENT_BODY_TOO_LARGE);
            }
            return count;
        }
        if (count == StreamInput.BAD) {
            return failed(stream, connection, 400, Termination.CLIENT_BODY_MALFORMED);
        }
        if (count < 0) {
            return failed(stream, connection, 400, Termination.CLIENT_CLOSED);
        }
        if (stream.in.bodyDone()) {
            return ClientStream.BODY_END;
        }
        sendContinue(stream);
        stream.reading.waitFrom(nowNs, settings.bodyTimeoutMs(),
                settings.minRateBytesPerSecond());
        connection.updateDeadline();
        return 0;
    }

    /** Whoever relays a tunnel keeps its time; it has no length to be limited. */
    private int answerOfTunnel(Http1Stream stream, DownstreamConnection connection, int count) {
        if (count > 0) {
            stream.exchange.requestBytes += count;
        } else if (count == ClientSocket.INPUT_ENDED) {
            stream.in.endTunnel();
            return ClientStream.BODY_END;
        } else if (count < 0) {
            return failed(stream, connection, 400, Termination.CLIENT_RESET);
        }
        return count;
    }

    private int failed(Http1Stream stream, DownstreamConnection connection, int status,
            Termination reason) {
        stream.exchange.terminate(reason);
        failedStatus = status;
        stream.keepAlive = false;
        connection.gather();
        return ClientStream.BODY_ERROR;
    }

    /** RFC 9110 §10.1.1: once, and not when the body is on its way already. */
    private void sendContinue(Http1Stream stream) {
        if (stream.head.expectContinue && !continueSent && !stream.headSent()) {
            continueSent = true;
            if (stream.exchange.requestBytes == stream.head.headLength) {
                stream.interim(100);
            }
        }
    }
}
