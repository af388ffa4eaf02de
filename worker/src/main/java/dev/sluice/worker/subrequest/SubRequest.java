package dev.sluice.worker.subrequest;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.answer.TargetTemplate;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.CollectingClient;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ProxiedEnds;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.exchange.TlsFacts;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.loop.TurnEnd;

/**
 * A GET without a body to another path of the server, with the fields of the request it is made
 * for, whose buffer it uses. Its answer is a head; of a body no more is taken than what came along
 * with the head, and the rest is given up. It passes no gates, so it makes no sub-request itself,
 * and it is in no access log and no counter.
 *
 * <pre>
 *  free ──start──► waits ──end of the turn in which the head came──► answered ──► free
 *                    └──cancel: the client of the request has gone──► free
 * </pre>
 *
 * <p>Owner: event loop. Reused.
 */
public final class SubRequest extends CollectingClient implements TurnEnd {

    /** Told once of the end; status and head may be asked until it returns. */
    public interface Listener {
        void answered(SubRequest sub);
    }

    /** The longest head that is taken. */
    private static final int HEAD_BYTES_MAX = 8 * 1024;
    private static final long NS_PER_MS = 1_000_000;

    private final SubRequests pool;
    private final Exchange exchange;
    private final RequestHead request;
    private Exchange parent;
    /** Null while it is free. */
    private Listener listener;
    private boolean queued;

    SubRequest(SubRequests pool, Exchange first, int headersMax) {
        super(HEAD_BYTES_MAX);
        this.pool = pool;
        request = new RequestHead(headersMax);
        exchange = new Exchange(first.ctx, request, this, first.router);
    }

    /** @return why the path is refused, null when it is on its way */
    ParseError begin(Exchange of, TargetTemplate target, Listener toTell) {
        assert listener == null;
        parent = of;
        beginAnswer();
        request.copyAsGet(of.request);
        long nowNs = of.ctx.clock.nowNs();
        exchange.begin(nowNs, of.startMs + (nowNs - of.startNs) / NS_PER_MS);
        exchange.parent = of;
        exchange.server = of.server;
        exchange.location = of.server.fallback;
        exchange.pathBuffer = of.pathBuffer;
        exchange.pathOffset = of.pathOffset;
        exchange.pathLength = of.pathLength;
        exchange.queryBuffer = of.queryBuffer;
        exchange.queryOffset = of.queryOffset;
        exchange.queryLength = of.queryLength;
        exchange.inherit(of);
        claim.copy(of.client.claim);
        ParseError refused = target.apply(exchange);
        if (refused != null) {
            exchange.end();
            return refused;
        }
        listener = toTell;
        exchange.router.onInternalRedirect(exchange);
        return null;
    }

    /** Status of the answer; 0 when there is none. */
    public int status() {
        return headSent ? exchange.status : 0;
    }

    /** The exchange, ended: its head is what was sent, its upstream is what was asked. */
    @Override
    public Exchange exchange() {
        return exchange;
    }

    /** Nobody wants the answer any more. */
    public void cancel() {
        if (listener != null) {
            drop();
            pool.giveBack(this);
        }
    }

    private void drop() {
        listener = null;
        Responder responder = exchange.responder;
        exchange.responder = Responder.NONE;
        responder.onClientGone(exchange);
        exchange.end();
        if (parent.requestSerial == 0) {
            parent.requestSerial = exchange.requestSerial;
        }
        parent = null;
    }

    private void endsWithTurn() {
        exchange.ctx.loop.atEndOfTurn(this);
    }

    @Override
    public void endOfTurn() {
        Listener toTell = listener;
        if (toTell == null) {
            // Cancelled since.
            return;
        }
        drop();
        toTell.answered(this);
        pool.giveBack(this);
    }

    @Override
    public boolean markQueued() {
        boolean first = !queued;
        queued = true;
        return first;
    }

    @Override
    public void clearQueued() {
        queued = false;
    }

    // ---- the answer

    @Override
    public boolean endHead(long contentLength) {
        if (head.overflowed()) {
            exchange.status = 0;
            return false;
        }
        headSent = true;
        exchange.showHead(head, 0);
        endsWithTurn();
        return true;
    }

    @Override
    public void endResponse() {
        assert headSent;
    }

    @Override
    public void abort(Termination reason) {
        exchange.terminate(reason);
        exchange.responder = Responder.NONE;
        endsWithTurn();
    }

    // ---- the client is the one of the request

    @Override
    public void socketAddress(ByteSink out) {
        parent.client.socketAddress(out);
    }

    @Override
    public int socketPort() {
        return parent.client.socketPort();
    }

    @Override
    public void localAddress(ByteSink out) {
        parent.client.localAddress(out);
    }

    @Override
    public int localPort() {
        return parent.client.localPort();
    }

    @Override
    public ProxiedEnds proxied() {
        return parent.client.proxied();
    }

    @Override
    public boolean secure() {
        return parent.client.secure();
    }

    @Override
    public TlsFacts tls() {
        return parent.client.tls();
    }

    @Override
    public int listenIndex() {
        return parent.client.listenIndex();
    }

    @Override
    public long connectionSerial() {
        return parent.client.connectionSerial();
    }

    @Override
    public int connectionRequests() {
        return parent.client.connectionRequests();
    }

    @Override
    public boolean pipelined() {
        return parent.client.pipelined();
    }
}
