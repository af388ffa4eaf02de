package dev.sluice.worker.downstream;

import dev.sluice.common.config.ClientConfig;
import dev.sluice.common.counters.Termination;
import dev.sluice.common.log.Level;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.Responder;

/**
 * Drives a connection from a complete head to the end of its exchange: sends what handlers give,
 * tells them of room and of the client's end, keeps the client to its pace, and ends the exchange
 * once. One for all connections; the connection it works on is an argument.
 *
 * <p>Owner: event loop.
 */
final class ExchangeDriver {

    private static final long NS_PER_MS = 1_000_000L;

    private final Downstreams shared;

    ExchangeDriver(Downstreams shared) {
        this.shared = shared;
    }

    /** The head is complete ({@code headEnd} &gt; 0) or is answered as it stands. */
    void begin(DownstreamConnection c, int headEnd) {
        c.become(DownstreamState.IN_EXCHANGE);
        shared.ctx.timers.pause(c);
        c.countRequest();
        c.stream().beginExchange(headEnd);
        shared.turnstile.begins(c.stream());
        if (c.hasHungUp()) {
            // Its end has come with the request: no event will tell.
            c.gather();
        }
    }

    /** A handler has returned: an answer that is all in memory is complete. */
    void afterHandler(DownstreamConnection c) {
        if (c.state() == DownstreamState.IN_EXCHANGE && c.stream().responseEnded()
                && c.stream().out.isOwnMemory() && !c.stream().bandwidth.isOn()) {
            finish(c);
        }
    }

    void ready(DownstreamConnection c) {
        Http1Stream stream = c.stream();
        if (c.mayFlush()) {
            c.gather();
        }
        if (!c.canRead()) {
            return;
        }
        if (stream.body.wanted() && stream.bodyPending()) {
            stream.exchange.responder.onRequestBodyReadable(stream.exchange);
            afterHandler(c);
        } else if (c.hasHungUp()) {
            c.gather();
        }
    }

    /** The client hung up: bytes before the end are kept, a reset ends the exchange. */
    private void lookForEnd(DownstreamConnection c) {
        while (c.canRead() && c.stream().in.room() > 0) {
            int count = c.fill();
            if (count == DownstreamConnection.BROKEN) {
                clientGone(c, Termination.CLIENT_RESET);
                return;
            }
            if (count <= 0) {
                break;
            }
        }
        Http1Stream stream = c.stream();
        if (stream.exchange.state.waitsForOthers() && !stream.settings().ignoresAbort()) {
            left(c);
        }
    }

    /** The client has closed its side, which says that it leaves. */
    private void left(DownstreamConnection c) {
        dropResponder(c, Termination.CLIENT_CLOSED);
        Http1Stream stream = c.stream();
        if (stream.headSent()) {
            endExchange(c);
            c.cutSocket();
        } else {
            // Answers to requests before this one may still be on their way.
            stream.keepAlive = false;
            finish(c);
        }
    }

    /** Whether it is time to ask: the answer is not complete, and nobody reads the request. */
    private static boolean mayHaveLeft(DownstreamConnection c) {
        Http1Stream stream = c.stream();
        return c.hasHungUp() && !stream.responseEnded() && !stream.in.isTunnel()
                && !(stream.body.wanted() && stream.bodyPending());
    }

    void turnEnd(DownstreamConnection c) {
        Http1Stream stream = c.stream();
        if (stream.body.failedStatus() != 0) {
            answerBadBody(c);
            if (c.state() != DownstreamState.IN_EXCHANGE) {
                return;
            }
        }
        boolean clear = flush(c);
        if (c.state() == DownstreamState.IN_EXCHANGE && mayHaveLeft(c)) {
            lookForEnd(c);
        }
        if (!clear || c.state() != DownstreamState.IN_EXCHANGE) {
            return;
        }
        if (stream.responseEnded()) {
            finish(c);
            return;
        }
        if (stream.in.isTunnel()) {
            shared.gaveBack(stream.shrink());
        }
        if (stream.drainWanted()) {
            stream.drained();
            stream.exchange.client.tellWritable(stream.exchange);
        }
    }

    private void answerBadBody(DownstreamConnection c) {
        Http1Stream stream = c.stream();
        int status = stream.body.failedStatus();
        stream.body.clearFailure();
        stream.exchange.responder = Responder.NONE;
        if (stream.headSent()) {
            abort(c);
        } else {
            stream.restartAnswer();
            shared.router.onBadRequest(stream.exchange, status);
        }
    }

    /** @return true when nothing is left to send and the connection is still open */
    boolean flush(DownstreamConnection c) {
        Http1Stream stream = c.stream();
        boolean limited = stream.bandwidth.isOn();
        switch (limited ? flushSome(c) : DownstreamWriter.flush(c, stream)) {
            case DownstreamWriter.DRAINED -> {
                if (limited && stream.out.isHeldBack()) {
                    holdBack(c);
                    return false;
                }
                stream.sending.stopWaiting(shared.ctx.clock.nowNs());
                c.outputRests();
                return true;
            }
            case DownstreamWriter.STUCK -> {
                ClientConfig settings = stream.settings();
                stream.sending.waitFrom(shared.ctx.clock.nowNs(), settings.sendTimeoutMs(),
                        settings.minRateBytesPerSecond());
                updateDeadline(c);
                c.outputWaits();
            }
            case DownstreamWriter.YIELD -> shared.ctx.loop.atNextTurn(c);
            case DownstreamWriter.FILE_SHRANK -> fileShrank(c);
            default -> clientGone(c, Termination.CLIENT_RESET);
        }
        return false;
    }

    /** Sends as much as the bandwidth allows. @return as the writer */
    private int flushSome(DownstreamConnection c) {
        Http1Stream stream = c.stream();
        long allowed = stream.bandwidth.allowance(c.nowNs());
        stream.out.allow(allowed);
        int result = DownstreamWriter.flush(c, stream);
        stream.bandwidth.sent(allowed - stream.out.quota());
        return result;
    }

    /** It is not the client's turn, nor its fault, until there is bandwidth again. */
    private void holdBack(DownstreamConnection c) {
        Http1Stream stream = c.stream();
        stream.sending.stopWaiting(c.nowNs());
        c.outputRests();
        stream.bandwidth.pause(c.nowNs());
        updateDeadline(c);
    }

    private void fileShrank(DownstreamConnection c) {
        Exchange x = c.stream().exchange;
        int requestLineBytes =
                x.request.targetOffset + x.request.targetLength - x.request.methodOffset;
        shared.ctx.log.log(Level.ERROR,
                shared.line.start("file became shorter than it was announced")
                        .during(ExchangeState.SENDING_RESPONSE.phrase())
                        .client(ConnectionAddress.text(c))
                        .server(x.server == null ? null : x.server.name())
                        .request(x.request.buffer(), x.request.methodOffset, requestLineBytes)
                        .toString());
        clientGone(c, Termination.FILE_SHRANK);
    }

    /** Sets the nearest of the times: patience with the client ends, or sending goes on. */
    void updateDeadline(DownstreamConnection c) {
        Http1Stream stream = c.stream();
        long deadline = Math.min(stream.bandwidth.resumeNs(),
                Math.min(stream.reading.deadlineNs(), stream.sending.deadlineNs()));
        if (deadline != Pace.NEVER) {
            shared.ctx.timers.set(c, deadline);
        }
    }

    private void finish(DownstreamConnection c) {
        Http1Stream stream = c.stream();
        stream.stopReadingBody();
        shared.ctx.timers.pause(c);
        endExchange(c);
        stream.out.endExchange();
        boolean bodyLeft = !stream.in.drop() || stream.bodyPending();
        if (!stream.keepAlive) {
            // From here on the client's end is no event of the exchange any more.
            c.become(DownstreamState.DISCARDING);
            if (flush(c)) {
                c.closeOrLinger();
            }
        } else if (bodyLeft) {
            c.become(DownstreamState.DISCARDING);
            shared.ctx.timers.set(c, shared.ctx.clock.nowNs()
                    + stream.settings().lingeringTimeoutMs() * NS_PER_MS);
            c.gather();
        } else {
            shared.reader.nextRequest(c);
        }
    }

    /** The answer has been sent and the rest of the request's body is still to come. */
    void discard(DownstreamConnection c) {
        Http1Stream stream = c.stream();
        if (!stream.keepAlive) {
            c.closeOrLinger();
            return;
        }
        while (stream.bodyPending()) {
            int count = c.fill();
            if (count < 0 || !stream.in.drop()) {
                c.closeNow();
                return;
            }
            if (count == 0) {
                return;
            }
        }
        shared.reader.nextRequest(c);
    }

    /** A handler gives up in the middle: the client must be able to tell. */
    void abort(DownstreamConnection c) {
        if (c.state() != DownstreamState.IN_EXCHANGE) {
            return;
        }
        // What there is of the answer is sent, then the connection is reset: an answer that ends
        // with the connection could otherwise pass for complete.
        DownstreamWriter.flush(c, c.stream());
        endExchange(c);
        c.cutSocket();
    }

    private void endExchange(DownstreamConnection c) {
        c.stream().exchange.end();
        c.stream().trailersIn.drop(shared.ctx.slabs);
        shared.exchangeEnds(c.stream(), c.stream().in.isTunnel());
    }

    /** The client has gone, or is given up. */
    void clientGone(DownstreamConnection c, Termination reason) {
        if (c.state() == DownstreamState.IN_EXCHANGE) {
            dropResponder(c, reason);
            endExchange(c);
        }
        if (reason == Termination.CLIENT_RESET || reason == Termination.CLIENT_CLOSED) {
            c.closeNow();
        } else {
            c.cutSocket();
        }
    }

    private void dropResponder(DownstreamConnection c, Termination reason) {
        Exchange x = c.stream().exchange;
        x.terminate(reason);
        Responder responder = x.responder;
        x.responder = Responder.NONE;
        responder.onClientGone(x);
    }

    void deadline(DownstreamConnection c, long nowNs) {
        Pace sending = c.stream().sending;
        Pace reading = c.stream().reading;
        if (c.stream().bandwidth.resumes(nowNs)) {
            c.gather();
        }
        if (sending.deadlineNs() != Pace.NEVER && nowNs - sending.deadlineNs() >= 0) {
            clientGone(c, Termination.CLIENT_SEND_TIMEOUT);
        } else if (reading.deadlineNs() != Pace.NEVER && nowNs - reading.deadlineNs() >= 0) {
            bodyTimeout(c);
        } else {
            updateDeadline(c);
        }
    }

    private void bodyTimeout(DownstreamConnection c) {
        Http1Stream stream = c.stream();
        stream.stopReadingBody();
        dropResponder(c, Termination.CLIENT_BODY_TIMEOUT);
        if (stream.headSent()) {
            abort(c);
        } else {
            stream.restartAnswer();
            shared.router.onBadRequest(stream.exchange, 408);
            c.gather();
        }
    }
}
