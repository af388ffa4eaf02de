package dev.sluice.worker.subrequest;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.answer.TargetTemplate;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ProxiedEnds;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.exchange.TlsFacts;
import dev.sluice.worker.http.Framing;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http.Status;
import dev.sluice.worker.loop.TurnEnd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

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
public final class SubRequest extends ClientStream implements TurnEnd {

    /** Told once of the end; status and head may be asked until it returns. */
    public interface Listener {
        void answered(SubRequest sub);
    }

    /** The longest head that is taken. */
    private static final int HEAD_BYTES_MAX = 8 * 1024;
    private static final long NS_PER_MS = 1_000_000;

    private final SubRequests pool;
    private final Exchange exchange;
    private final RequestHead head;
    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(HEAD_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteSink sink = new ByteSink();
    private Exchange parent;
    /** Null while it is free. */
    private Listener listener;
    private boolean headSent;
    private boolean queued;
    private int headerFrom;
    private int valueFrom;

    SubRequest(SubRequests pool, Exchange first, int headersMax) {
        this.pool = pool;
        head = new RequestHead(headersMax);
        exchange = new Exchange(first.ctx, head, this, first.router);
    }

    /** @return why the path is refused, null when it is on its way */
    ParseError begin(Exchange of, TargetTemplate target, Listener toTell) {
        assert listener == null;
        parent = of;
        headSent = false;
        head.copy(of.request);
        head.method = Method.GET;
        head.framing = Framing.NONE;
        head.contentLength = 0;
        head.expectContinue = false;
        head.upgrade = false;
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

    // ---- the head of the answer

    @Override
    public void beginHead(int status) {
        assert !headSent;
        exchange.status = status;
        sink.reset(memory, 0, HEAD_BYTES_MAX).put(Status.line(status));
    }

    @Override
    public void header(byte[] name, byte[] value) {
        sink.put(name).put(':').put(' ').put(value).put('\r').put('\n');
    }

    @Override
    public void header(byte[] name, ByteBuffer value, int offset, int length) {
        sink.put(name).put(':').put(' ').put(value, offset, length).put('\r').put('\n');
    }

    @Override
    public void header(ByteBuffer name, int nameOffset, int nameLength, ByteBuffer value,
            int valueOffset, int valueLength) {
        sink.put(name, nameOffset, nameLength).put(':').put(' ');
        sink.put(value, valueOffset, valueLength).put('\r').put('\n');
    }

    @Override
    public void headerDecimal(byte[] name, long value) {
        sink.put(name).put(':').put(' ').putDecimal(value).put('\r').put('\n');
    }

    @Override
    public ByteSink beginHeader(byte[] name) {
        headerFrom = sink.position();
        sink.put(name).put(':').put(' ');
        valueFrom = sink.position();
        return sink;
    }

    @Override
    public void endHeader() {
        if (sink.position() == valueFrom) {
            sink.position(headerFrom);
        } else {
            sink.put('\r').put('\n');
        }
    }

    @Override
    public boolean endHead(long contentLength) {
        if (sink.overflowed()) {
            exchange.status = 0;
            return false;
        }
        headSent = true;
        exchange.sentHead = memory;
        exchange.sentHeadOffset = 0;
        exchange.sentHeadLength = sink.position();
        endsWithTurn();
        return true;
    }

    @Override
    public void interim(int status) {
        // Nobody waits for it.
    }

    @Override
    public boolean headSent() {
        return headSent;
    }

    // ---- the body of the answer, which goes nowhere

    @Override
    public int room() {
        return Integer.MAX_VALUE;
    }

    @Override
    public int writeCopy(ByteBuffer source, int offset, int length) {
        return length;
    }

    @Override
    public void writeLent(ByteBuffer lent, long address, int offset, int length) {
        assert headSent;
    }

    @Override
    public void writeFile(int fd, long offset, long length) {
        assert headSent;
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

    // ---- the request has no body

    @Override
    public boolean bodyPending() {
        return false;
    }

    @Override
    public long requestContentLength() {
        return 0;
    }

    @Override
    public int readBody(ByteBuffer into, long address, int from, int limit) {
        return BODY_END;
    }

    @Override
    public void discardBody() {
        // There is none.
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
