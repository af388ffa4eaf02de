package dev.sluice.worker.downstream;

import dev.sluice.common.config.ClientConfig;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.exchange.ProxiedEnds;
import dev.sluice.worker.exchange.TlsFacts;
import dev.sluice.worker.http.Framing;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http.Status;
import java.nio.ByteBuffer;

/**
 * One exchange on a client's connection, as far as all versions of HTTP have it in common: the
 * head of the answer, always written as lines of HTTP/1 into the stream's own slab, and the body
 * behind it. How that is framed is the business of the version.
 *
 * <p>Owner: event loop.
 */
abstract class SocketStream extends ClientStream {

    final StreamOutput out = new StreamOutput();
    final RequestHead head;
    final Exchange exchange;
    final Pace reading = new Pace();
    final Pace sending = new Pace();
    final Bandwidth bandwidth = new Bandwidth();
    final KeptTrailers trailersIn;
    protected final Downstreams shared;
    protected final HeadWriter writer;
    /** Null while the stream is not in use. */
    protected DownstreamConnection connection;
    /** Whether it counts among the requests that are served at once; the turnstile's, as are */
    boolean counted;
    /** its neighbours there while it waits. */
    SocketStream ahead;
    SocketStream behind;
    /** When the first byte of this request was there. */
    long firstByteNs;
    /** Nothing of the body is sent: the answer to HEAD, or one that has none. */
    protected boolean suppressBody;
    private boolean headSent;
    /** The head is not sent before somebody says so. */
    protected boolean headHeld;
    private boolean responseEnded;
    /** Somebody waits for {@code onClientWritable}. */
    private boolean drainWanted;

    SocketStream(Downstreams shared) {
        this.shared = shared;
        this.head = new RequestHead(shared.parseLimits.headersMax());
        this.exchange = new Exchange(shared.ctx, head, this, shared.router);
        this.writer = new HeadWriter(shared.date);
        this.trailersIn = new KeptTrailers(shared.parseLimits.headersMax());
    }

    /** A request begins; everything of the one before is forgotten. */
    protected final void beginAnswer() {
        long nowNs = shared.ctx.clock.nowNs();
        exchange.begin(firstByteNs, shared.ctx.clock.nowMs() - (nowNs - firstByteNs) / 1_000_000);
        headSent = false;
        headHeld = false;
        responseEnded = false;
        suppressBody = false;
        drainWanted = false;
        claim.reset();
        reading.reset();
        sending.reset();
        bandwidth.off();
        out.allow(Long.MAX_VALUE);
    }

    /** There is something to send, or the answer has ended: look at it when the turn ends. */
    protected abstract void outputChanged();

    /** Where the head of the answer is to be written. */
    protected abstract ByteSink openHead();

    /** More body is copied than there is room for. @return whether there is more room now */
    protected abstract boolean grow(int bytes);

    /** The handler has given the exchange up. */
    protected abstract void giveUp();

    final ClientConfig settings() {
        return exchange.location == null
                ? shared.defaults : exchange.location.config.client();
    }

    final boolean responseEnded() {
        return responseEnded;
    }

    final boolean drainWanted() {
        return drainWanted;
    }

    final void drained() {
        drainWanted = false;
    }

    // ---- head

    @Override
    public final void beginHead(int status) {
        assert !headSent : "the head has been sent";
        headHeld = false;
        int onWire = Status.onWire(status);
        if (onWire / 100 == 2 && status != Status.CONNECTED && head.asksForTunnel()) {
            // There is no tunnel, whatever else there is to say.
            onWire = 501;
        }
        exchange.status = onWire;
        writer.begin(openHead(), status == Status.CONNECTED ? status : onWire, exchange.dateS);
    }

    @Override
    public final void header(byte[] name, byte[] value) {
        writer.header(name, value);
    }

    @Override
    public final void header(byte[] name, ByteBuffer value, int offset, int length) {
        writer.header(name, value, offset, length);
    }

    @Override
    public final void header(ByteBuffer name, int nameOffset, int nameLength,
            ByteBuffer value, int valueOffset, int valueLength) {
        writer.header(name, nameOffset, nameLength, value, valueOffset, valueLength);
    }

    @Override
    public final void headerLines(ByteBuffer lines, int from, int length) {
        writer.lines(lines, from, length);
    }

    @Override
    public final void headerDecimal(byte[] name, long value) {
        writer.headerDecimal(name, value);
    }

    @Override
    public final ByteSink beginHeader(byte[] name) {
        return writer.beginHeader(name);
    }

    @Override
    public final void endHeader() {
        writer.endHeader();
    }

    /** The head was written, fits, and begins there in the stream's own memory. */
    protected final void headWritten(int start) {
        headSent = true;
        exchange.sentHead = out.slab().bytes;
        exchange.sentHeadOffset = start;
        exchange.sentHeadLength = out.written() - start;
        if (headHeld) {
            keepHeadBack(start);
        } else {
            exchange.bytesSent += exchange.sentHeadLength;
        }
        Location location = exchange.location;
        if (location != null && location.sendRate() != null) {
            bandwidth.begin(location.sendRate().of(exchange),
                    location.sendRateAfter().of(exchange), shared.ctx.clock.nowNs());
        }
        outputChanged();
    }

    @Override
    public final boolean headSent() {
        return headSent;
    }

    @Override
    public final boolean holdHead() {
        headHeld = true;
        return true;
    }

    /** The head that has just been written stays there for a while. */
    protected abstract void keepHeadBack(int start);

    /** It goes on its way. */
    protected abstract void letHeadGo();

    /** It is forgotten, with all that came with it. */
    protected abstract void dropHead(int start);

    @Override
    public final void releaseHead() {
        assert headHeld && headSent;
        headHeld = false;
        exchange.bytesSent += exchange.sentHeadLength;
        letHeadGo();
        outputChanged();
    }

    @Override
    public final void takeBackHead() {
        assert headHeld && headSent && !responseEnded;
        headHeld = false;
        headSent = false;
        suppressBody = false;
        dropHead(exchange.sentHeadOffset);
        exchange.status = 0;
        exchange.sentHead = null;
        exchange.sentHeadLength = 0;
        bandwidth.off();
        out.allow(Long.MAX_VALUE);
    }

    // ---- body

    @Override
    public final int room() {
        return suppressBody ? Integer.MAX_VALUE : out.room();
    }

    @Override
    public final void wantDrain() {
        drainWanted = true;
        outputChanged();
    }

    @Override
    public final int writeCopy(ByteBuffer source, int offset, int length) {
        assert headSent && !headHeld && !responseEnded;
        if (suppressBody) {
            return length;
        }
        int count = out.copy(source, offset, length);
        if (count < length && grow(length)) {
            count += out.copy(source, offset + count, length - count);
        }
        countBody(count);
        if (count < length) {
            drainWanted = true;
        }
        outputChanged();
        return count;
    }

    @Override
    public final void writeLent(ByteBuffer memory, long address, int offset, int length) {
        assert headSent && !responseEnded;
        drainWanted = true;
        if (!suppressBody) {
            out.lend(memory, address, offset, length);
            countBody(length);
        }
        outputChanged();
    }

    @Override
    public final void writeFile(int fd, long offset, long length) {
        assert headSent && !responseEnded;
        drainWanted = true;
        if (!suppressBody) {
            out.file(fd, offset, length);
        }
        outputChanged();
    }

    private void countBody(long count) {
        exchange.bodyBytesSent += count;
        exchange.bytesSent += count;
    }

    /** A part of the file has been sent. */
    final void sentOfFile(long count) {
        out.tookOfFile(count);
        countBody(count);
    }

    @Override
    public final void endResponse() {
        assert headSent && !headHeld && !responseEnded;
        out.lastChunk();
        responseEnded = true;
        outputChanged();
    }

    @Override
    public final void abort(Termination reason) {
        exchange.terminate(reason);
        if (headHeld && headSent) {
            takeBackHead();
        }
        giveUp();
    }

    @Override
    public final long requestContentLength() {
        return head.framing == Framing.CHUNKED ? -1 : head.contentLength;
    }

    @Override
    public final HeaderTable requestTrailers() {
        return trailersIn.get();
    }

    // ---- the connection

    @Override
    public final void probeWhenIdle(int seconds) {
        connection.probeWhenIdle(seconds);
    }

    @Override
    public final void socketAddress(ByteSink sink) {
        connection.printRemoteAddress(sink);
    }

    @Override
    public final int socketPort() {
        return connection.remotePort();
    }

    @Override
    public final void localAddress(ByteSink sink) {
        connection.printLocalAddress(sink);
    }

    @Override
    public final int localPort() {
        return connection.localPort();
    }

    @Override
    public final ProxiedEnds proxied() {
        return connection.proxied();
    }

    @Override
    public final boolean secure() {
        return connection.tls() != null;
    }

    @Override
    public final TlsFacts tls() {
        return connection.tlsFacts();
    }

    @Override
    public final int listenIndex() {
        return connection.listenIndex();
    }

    @Override
    public final long connectionSerial() {
        return connection.serial();
    }

    @Override
    public final int connectionRequests() {
        return connection.requestCount();
    }
}
