package dev.sluice.worker.downstream;

import dev.sluice.common.config.ClientConfig;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.http2.ErrorCode;

/**
 * How the exchanges of a connection of HTTP/2 end, each once.
 *
 * <p>Owner: event loop.
 */
final class Http2Exchanges {

    private static final long NS_PER_MS = 1_000_000L;

    private final Http2Session session;
    private final Downstreams shared;

    Http2Exchanges(Http2Session session, Downstreams shared) {
        this.session = session;
        this.shared = shared;
    }

    /** The client's windows let nothing of the answer go. */
    void rest(Http2Stream stream) {
        stream.blocked = true;
        if (!stream.rests && !stream.body.isTunnel()
                && stream.exchange.state != ExchangeState.ENDED) {
            stream.rests = true;
            shared.turnstile.rests(stream);
        }
    }

    /** @return whether it has waited until now */
    boolean goOn(Http2Stream stream) {
        boolean waited = stream.blocked;
        stream.blocked = false;
        if (stream.rests) {
            stream.rests = false;
            shared.turnstile.goesOn(stream);
        }
        return waited;
    }

    private void endExchange(Http2Stream stream) {
        goOn(stream);
        stream.exchange.end();
        shared.exchangeEnds(stream, stream.body.isTunnel());
    }

    /** The whole answer is in frames. */
    void finish(Http2Stream stream) {
        if (stream.lingerNs != Pace.NEVER) {
            return;
        }
        ClientConfig settings = stream.settings();
        boolean refused = stream.exchange.termination == Termination.CLIENT_BAD_REQUEST;
        endExchange(stream);
        if (stream.body.isRemoteEnded()) {
            session.remove(stream);
        } else if (refused || !stream.body.mayEndByItself()) {
            cutRequest(stream);
        } else {
            stream.stopReadingBody();
            stream.lingerNs =
                    session.connection.nowNs() + settings.lingeringTimeoutMs() * NS_PER_MS;
            session.wakeBy(stream.lingerNs);
        }
        if (!session.connection.mayStay(settings)) {
            session.leave();
        }
    }

    /**
     * The rest of the request is not wanted (RFC 9113 §8.1). Old clients take that for a failure
     * (curl 7.88), so one that can end its body soon gets the time to do so.
     */
    void cutRequest(Http2Stream stream) {
        session.output.resetNow(stream.id, ErrorCode.NO_ERROR);
        session.remove(stream);
    }

    /** The client has said RST_STREAM. */
    void resetByClient(Http2Stream stream) {
        drop(stream, Termination.CLIENT_RESET);
        session.remove(stream);
    }

    /** The client has broken a rule of the stream. */
    void mistake(Http2Stream stream, int code) {
        drop(stream, Termination.CLIENT_PROTOCOL_ERROR);
        session.output.resetNow(stream.id, code);
        session.remove(stream);
    }

    /** The exchange ends before its answer does: whoever answers is told. */
    void drop(Http2Stream stream, Termination reason) {
        Exchange x = stream.exchange;
        if (x.state == ExchangeState.ENDED) {
            return;
        }
        x.terminate(reason);
        Responder responder = x.responder;
        x.responder = Responder.NONE;
        responder.onClientGone(x);
        endExchange(stream);
    }

    /** A handler gives up in the middle: the client can tell from RST_STREAM. */
    void giveUp(Http2Stream stream) {
        if (stream.resetCode == Http2Stream.NO_RESET) {
            int code = giveUpCode(stream);
            endExchange(stream);
            session.output.reset(stream, code);
        }
    }

    /** What stands for a reset of TCP: RFC 8441 §5, RFC 9113 §8.5. */
    private static int giveUpCode(Http2Stream stream) {
        return !stream.body.isTunnel() ? ErrorCode.INTERNAL_ERROR
                : stream.head.upgrade ? ErrorCode.CANCEL : ErrorCode.CONNECT_ERROR;
    }

    void fileBroken(Http2Stream stream, int result) {
        Http2Log.fileBroken(shared, session.connection, stream.exchange, result);
        drop(stream, result == 0 ? Termination.FILE_SHRANK : Termination.FILE_ERROR);
        session.output.reset(stream, ErrorCode.INTERNAL_ERROR);
    }

    /** The request's body does not come as it should: whoever reads it is told. */
    void refuseBody(Http2Stream stream, int status, Termination reason) {
        Exchange x = stream.exchange;
        Responder responder = x.responder;
        x.responder = Responder.NONE;
        stream.body.fail(stream, status, reason);
        responder.onClientGone(x);
    }

    /** The body is broken, and whoever read it knows. */
    void answerBadBody(Http2Stream stream) {
        int status = stream.body.failedStatus();
        stream.body.clearFailure();
        Exchange x = stream.exchange;
        x.responder = Responder.NONE;
        if (stream.headSent()) {
            giveUp(stream);
        } else {
            stream.restartAnswer();
            shared.router.onBadRequest(x, status);
        }
    }
}
