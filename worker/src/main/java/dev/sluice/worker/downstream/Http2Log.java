package dev.sluice.worker.downstream;

import dev.sluice.common.log.Level;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.http2.ErrorCode;

/** Error lines of connections of HTTP/2. Stateless. */
final class Http2Log {

    private Http2Log() {}

    static void ended(Downstreams shared, DownstreamConnection c, Http2State state, int code,
            String why) {
        shared.ctx.log.log(Level.INFO,
                shared.line.start("HTTP/2 connection ended (" + ErrorCode.name(code) + "): " + why)
                        .during(state.phrase())
                        .client(ConnectionAddress.text(c))
                        .toString());
    }

    /** @param result of read(2): 0 at the end of the file, else an error */
    static void fileBroken(Downstreams shared, DownstreamConnection c, Exchange x, int result) {
        int requestLineBytes =
                x.request.targetOffset + x.request.targetLength - x.request.methodOffset;
        shared.ctx.log.log(Level.ERROR,
                shared.line.start(result == 0 ? "file became shorter than it was announced"
                        : "file cannot be read: error " + -result)
                        .during(ExchangeState.SENDING_RESPONSE.phrase())
                        .client(ConnectionAddress.text(c))
                        .server(x.server == null ? null : x.server.name())
                        .request(x.request.buffer(), x.request.methodOffset, requestLineBytes)
                        .toString());
    }
}
