package dev.sluice.worker.module;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.BodyPeek;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.ProxiedEnds;
import dev.sluice.worker.exchange.TlsFacts;
import java.nio.ByteBuffer;

/**
 * A client in front of another one, which gets everything that is not about bodies.
 *
 * <p>Owner: event loop.
 */
abstract class ClientInFront extends ClientStream {

    final ClientStream inner;

    ClientInFront(ClientStream inner) {
        this.inner = inner;
        claim.copy(inner.claim);
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
    public final boolean headSent() {
        return inner.headSent();
    }

    @Override
    public final void wantDrain() {
        inner.wantDrain();
    }

    @Override
    public final void trailers(ByteBuffer lines, int length) {
        inner.trailers(lines, length);
    }

    @Override
    public final void abort(Termination reason) {
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
