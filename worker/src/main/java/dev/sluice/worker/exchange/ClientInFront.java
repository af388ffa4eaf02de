package dev.sluice.worker.exchange;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;

/**
 * A client in front of another one, which gets everything that is not about bodies. A gate puts it
 * into the exchange, whose end takes it away. Where there are several, what was put in first is
 * next to the client itself.
 *
 * <p>Owner: event loop.
 */
public abstract class ClientInFront extends ClientStream {

    /** The next one towards the client; null while this one is in nobody's way. */
    protected ClientStream inner;

    /** Stands in front of all that stand there already. */
    protected final void standFirst(Exchange x) {
        standBefore(x.client);
        x.client = this;
    }

    /** Stands next to the client itself, behind all that stand there already. */
    protected final void standLast(Exchange x) {
        ClientInFront last = null;
        ClientStream at = x.client;
        while (at instanceof ClientInFront front) {
            last = front;
            at = front.inner;
        }
        standBefore(at);
        if (last == null) {
            x.client = this;
        } else {
            last.inner = this;
        }
    }

    /** Whether it is still in the way of this exchange. */
    protected final boolean standsIn(Exchange x) {
        ClientStream at = x.client;
        while (at != this && at instanceof ClientInFront front) {
            at = front.inner;
        }
        return at == this;
    }

    /** The next one towards the client; null behind the client itself. */
    protected static ClientStream behind(ClientStream client) {
        return client instanceof ClientInFront front ? front.inner : null;
    }

    private void standBefore(ClientStream next) {
        inner = next;
        claim.copy(next.claim);
    }

    @Override
    public void probeWhenIdle(int seconds) {
        inner.probeWhenIdle(seconds);
    }

    @Override
    public void leaveLocation() {
        inner.leaveLocation();
    }

    @Override
    public void sameBody(long bodySerial) {
        inner.sameBody(bodySerial);
    }

    @Override
    public final void header(byte[] name, byte[] value) {
        inner.header(name, value);
    }

    @Override
    public final void header(byte[] name, ByteBuffer value, int offset, int length) {
        inner.header(name, value, offset, length);
    }

    @Override
    public final void header(ByteBuffer name, int nameOffset, int nameLength, ByteBuffer value,
            int valueOffset, int valueLength) {
        inner.header(name, nameOffset, nameLength, value, valueOffset, valueLength);
    }

    @Override
    public final void headerLines(ByteBuffer lines, int from, int length) {
        inner.headerLines(lines, from, length);
    }

    @Override
    public final void headerDecimal(byte[] name, long value) {
        inner.headerDecimal(name, value);
    }

    @Override
    public final ByteSink beginHeader(byte[] name) {
        return inner.beginHeader(name);
    }

    @Override
    public final void endHeader() {
        inner.endHeader();
    }

    @Override
    public final void interim(int status) {
        inner.interim(status);
    }

    @Override
    public final void earlyHints(HeaderTable fields) {
        inner.earlyHints(fields);
    }

    @Override
    public final boolean headSent() {
        return inner.headSent();
    }

    @Override
    public boolean wantsPlainBody() {
        return inner.wantsPlainBody();
    }

    @Override
    public final boolean holdHead() {
        return inner.holdHead();
    }

    @Override
    public final void releaseHead() {
        inner.releaseHead();
    }

    @Override
    public final void takeBackHead() {
        inner.takeBackHead();
    }

    @Override
    public void wantDrain() {
        inner.wantDrain();
    }

    @Override
    public void tellWritable(Exchange x) {
        if (settle(x)) {
            x.responder.onClientWritable(x);
        }
    }

    @Override
    public boolean settle(Exchange x) {
        return inner.settle(x);
    }

    @Override
    public final void trailers(ByteBuffer lines, int length) {
        inner.trailers(lines, length);
    }

    @Override
    public final void wantTrailers() {
        inner.wantTrailers();
    }

    @Override
    public final HeaderTable requestTrailers() {
        return inner.requestTrailers();
    }

    @Override
    public void abort(Termination reason) {
        inner.abort(reason);
    }

    @Override
    public final void peekBody(BodyPeek peek, int bytesMax) {
        inner.peekBody(peek, bytesMax);
    }

    @Override
    public final void endPeek() {
        inner.endPeek();
    }

    @Override
    public long requestContentLength() {
        return inner.requestContentLength();
    }

    @Override
    public boolean bodyPending() {
        return inner.bodyPending();
    }

    @Override
    public int readBody(ByteBuffer into, long address, int from, int limit) {
        return inner.readBody(into, address, from, limit);
    }

    @Override
    public void discardBody() {
        inner.discardBody();
    }

    @Override
    public final void socketAddress(ByteSink out) {
        inner.socketAddress(out);
    }

    @Override
    public final int socketPort() {
        return inner.socketPort();
    }

    @Override
    public final void localAddress(ByteSink out) {
        inner.localAddress(out);
    }

    @Override
    public final int localPort() {
        return inner.localPort();
    }

    @Override
    public final ProxiedEnds proxied() {
        return inner.proxied();
    }

    @Override
    public final boolean secure() {
        return inner.secure();
    }

    @Override
    public final TlsFacts tls() {
        return inner.tls();
    }

    @Override
    public final int listenIndex() {
        return inner.listenIndex();
    }

    @Override
    public final long connectionSerial() {
        return inner.connectionSerial();
    }

    @Override
    public final int connectionRequests() {
        return inner.connectionRequests();
    }

    @Override
    public final boolean pipelined() {
        return inner.pipelined();
    }
}
