package dev.sluice.worker.downstream;

import dev.sluice.common.counters.CounterId;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.exchange.ClientAddress;
import dev.sluice.worker.exchange.ProxiedEnds;
import dev.sluice.worker.exchange.TlsFacts;
import dev.sluice.worker.tls.TlsLink;
import dev.sluice.worker.tls.TransportSocket;
import java.nio.ByteBuffer;

/**
 * The wire of a client's connection: bytes of its protocol in and out, counted, and both ends'
 * addresses.
 *
 * <p>Owner: event loop.
 */
abstract class ClientSocket extends TransportSocket {

    /** {@link #readBodyDirect}, {@link #fill}: the client has finished sending. */
    static final int INPUT_ENDED = -4;
    private static final int UNKNOWN = -1;

    private final Downstreams shared;
    /** Null between requests. */
    protected Http1Stream stream;
    private TlsFacts tlsFacts;
    private ProxiedEnds proxied;
    /** The client has finished sending; it may still read. */
    protected boolean inputEnded;
    private byte family;
    private char port;
    /** Asked of the kernel when it is first wanted: caches want it with each request. */
    private int localPort;
    private long addressHigh;
    private long addressLow;
    /** Of its protocol: inside TLS, where there is any. */
    private long bytesIn;
    private long bytesOut;

    ClientSocket(Downstreams shared) {
        super(shared.ctx);
        this.shared = shared;
    }

    /** @param address what accept(2) said: Netty's form, length first */
    protected final void beginSocket(byte[] address) {
        inputEnded = false;
        proxied = null;
        bytesIn = 0;
        bytesOut = 0;
        family = (byte) ClientAddress.family(address);
        addressHigh = ClientAddress.high(address);
        addressLow = ClientAddress.low(address);
        port = ClientAddress.port(address);
        localPort = UNKNOWN;
    }

    final Http1Stream stream() {
        return stream;
    }

    final long nowNs() {
        return ctx.clock.nowNs();
    }

    // ---- input

    final boolean hasInputEnded() {
        return inputEnded;
    }

    /**
     * Reads into the stream's input.
     *
     * @return bytes read, 0 for nothing now, INPUT_ENDED or BROKEN
     */
    final int fill() {
        StreamInput in = stream.in;
        if (in.room() == 0 || !canRead()) {
            return 0;
        }
        int count = receive(in.slab(), in.end(), in.end() + in.room());
        if (count > 0) {
            in.received(count);
        }
        return count;
    }

    /** The same into other memory. */
    final int receive(Slab into, int from, int limit) {
        int count = readPlain(into, from, limit);
        if (count > 0) {
            bytesIn += count;
            ctx.counters.add(CounterId.BYTES_RECEIVED, count);
            return count;
        }
        return count == WOULD_BLOCK ? 0 : ended(count);
    }

    /** Reads body bytes straight into somebody's memory. */
    final int readBodyDirect(ByteBuffer into, long address, int from, int limit) {
        int count = readPlain(into, address, from, limit);
        if (count > 0) {
            bytesIn += count;
            stream.in.tookDirect(count);
            ctx.counters.add(CounterId.BYTES_RECEIVED, count);
            return count;
        }
        return count == WOULD_BLOCK ? 0 : ended(count);
    }

    private int ended(int count) {
        inputEnded = true;
        return count == END ? INPUT_ENDED : BROKEN;
    }

    // ---- output

    /** Whether the kernel may take some, be it only of records that wait. */
    final boolean isWritable() {
        return writable;
    }

    /** Whether there is output, and the kernel may take some. */
    final boolean mayFlush() {
        return writable && (stream != null && !stream.out.isEmpty()
                || tls != null && tls.hasStuckOutput());
    }

    final long sendOwnAndLent() {
        StreamOutput out = stream.out;
        if (out.lentBytes() == 0) {
            return send(out.slab().address, out.sentTo(), out.end());
        }
        if (out.ownBytes() == 0) {
            return send(out.lentFrom(), 0, out.lentBytes());
        }
        shared.vec.clear();
        shared.vec.add(out.slab().address + out.sentTo(), out.ownBytes());
        shared.vec.add(out.lentFrom(), out.lentBytes());
        return writev(shared.vec);
    }

    /** Sends from other memory. @return bytes taken, 0 when nothing is taken now; or BROKEN */
    final int give(Slab from, int at, int end) {
        int count = tls == null && !writable ? 0 : writePlain(from, at, end);
        if (count > 0) {
            bytesOut += count;
            ctx.counters.add(CounterId.BYTES_SENT, count);
        }
        return count;
    }

    /** Whether nothing that was given waits to be sent. */
    final boolean outputClear() {
        return tls == null || !tls.hasStuckOutput() || tls.flush();
    }

    final void writeStuck() {
        writable = false;
    }

    final void outputWaits() {
        armWritable();
    }

    final void outputRests() {
        disarmWritable();
    }

    final void countSent(long count) {
        bytesOut += count;
        ctx.counters.add(CounterId.BYTES_SENT, count);
        stream.sending.moved(count);
    }

    final long bytesIn() {
        return bytesIn;
    }

    final long bytesOut() {
        return bytesOut;
    }

    // ---- TLS

    /** Null on a plain connection. */
    final TlsLink tls() {
        return tls;
    }

    final TlsFacts tlsFacts() {
        return tlsFacts;
    }

    final void encrypted(TlsLink link, TlsFacts facts) {
        tls = link;
        tlsFacts = facts;
    }

    @Override
    protected final void endTls(boolean orderly) {
        super.endTls(orderly);
        tlsFacts = null;
    }

    /** Whether a part of a TLS record has come and waits for the rest. */
    final boolean holdsRecord() {
        return tls != null && tls.isHolding();
    }

    // ---- ends of the connection

    /** What the PROXY header said; null when there was none, or it named nobody. */
    final ProxiedEnds proxied() {
        return proxied;
    }

    final void proxied(ProxiedEnds ends) {
        proxied = ends;
    }

    final int remotePort() {
        return port;
    }

    final void printRemoteAddress(ByteSink out) {
        ClientAddress.print(family, addressHigh, addressLow, out);
    }

    final void printLocalAddress(ByteSink out) {
        ConnectionAddress.printLocal(family, socket(), out);
    }

    final int localPort() {
        if (localPort == UNKNOWN) {
            localPort = ConnectionAddress.localPort(family, socket());
        }
        return localPort;
    }
}
