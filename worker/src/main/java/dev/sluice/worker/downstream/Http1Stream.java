package dev.sluice.worker.downstream;

import dev.sluice.common.config.ClientConfig;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.exchange.ProxiedEnds;
import dev.sluice.worker.exchange.TlsFacts;
import dev.sluice.worker.http.Framing;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http.Status;
import java.nio.ByteBuffer;

/**
 * The busy side of an HTTP/1 connection: a slab, a parser, an exchange and the output queue.
 * Borrowed by a connection when the first byte of a request arrives, given back when it goes
 * idle, so that an idle connection holds none of it.
 *
 * <p>Owner: event loop.
 */
final class Http1Stream extends ClientStream {

    private static final long DISCARD_MAX = 64 * 1024;

    final StreamInput in;
    final StreamOutput out = new StreamOutput();
    final RequestHead head;
    final Exchange exchange;
    final Pace reading = new Pace();
    final Pace sending = new Pace();
    final Bandwidth bandwidth = new Bandwidth();
    private final Downstreams shared;
    private final HeadWriter writer;
    private DownstreamConnection connection;
    /** When the first byte of this request was there. */
    long firstByteNs;
    boolean pipelined;
    /** Bytes of a file sent in this turn of the loop; the writer's. */
    long fileBytesThisTurn;
    /** The turn of the loop, by its time, and the requests begun in it; the reader's. */
    long turnNs;
    int turnRequests;
    /** Whether the connection serves another request; decided when the answer's head is written. */
    boolean keepAlive;
    private boolean headSent;
    private boolean responseEnded;
    private boolean suppressBody;
    /** Somebody waits for {@code onClientWritable}. */
    private boolean drainWanted;
    final RequestBody body = new RequestBody();

    Http1Stream(Downstreams shared) {
        this.shared = shared;
        this.in = new StreamInput(shared.parseLimits);
        this.head = new RequestHead(shared.parseLimits.headersMax());
        this.exchange = new Exchange(shared.ctx, head, this, shared.router);
        this.writer = new HeadWriter(shared.date);
    }

    void attach(DownstreamConnection to, Slab slab) {
        connection = to;
        in.attach(slab);
        out.attach(slab);
        head.reset(slab.bytes);
        firstByteNs = shared.ctx.clock.nowNs();
        pipelined = false;
    }

    Slab detach() {
        connection = null;
        out.detach();
        return in.detach();
    }

    /** The head is complete, or so bad that it is answered as it stands. */
    void beginExchange(int headEnd) {
        long nowNs = shared.ctx.clock.nowNs();
        exchange.begin(firstByteNs, shared.ctx.clock.nowMs() - (nowNs - firstByteNs) / 1_000_000);
        keepAlive = head.keepAlive;
        headSent = false;
        responseEnded = false;
        suppressBody = false;
        drainWanted = false;
        claim.reset();
        body.reset();
        reading.reset();
        sending.reset();
        bandwidth.off();
        out.allow(Long.MAX_VALUE);
        if (headEnd > 0) {
            exchange.requestBytes = head.headLength;
            in.startBody(head, headEnd);
        } else {
            keepAlive = false;
        }
    }

    ClientConfig settings() {
        return exchange.location == null
                ? shared.defaults : exchange.location.config.client();
    }

    boolean responseEnded() {
        return responseEnded;
    }

    boolean drainWanted() {
        return drainWanted;
    }

    void drained() {
        drainWanted = false;
    }

    @Override
    public void beginHead(int status) {
        assert !headSent : "the head has been sent";
        exchange.status = Status.onWire(status);
        writer.begin(out.openHead(), exchange.status);
    }

    @Override
    public void header(byte[] name, byte[] value) {
        writer.header(name, value);
    }

    @Override
    public void header(byte[] name, ByteBuffer value, int offset, int length) {
        writer.header(name, value, offset, length);
    }

    @Override
    public void header(ByteBuffer name, int nameOffset, int nameLength,
            ByteBuffer value, int valueOffset, int valueLength) {
        writer.header(name, nameOffset, nameLength, value, valueOffset, valueLength);
    }

    @Override
    public void headerDecimal(byte[] name, long value) {
        writer.headerDecimal(name, value);
    }

    @Override
    public ByteSink beginHeader(byte[] name) {
        return writer.beginHeader(name);
    }

    @Override
    public void endHeader() {
        writer.endHeader();
    }

    @Override
    public boolean endHead(long contentLength) {
        boolean bodiless = contentLength == NO_BODY || Status.isBodiless(exchange.status);
        boolean http11 = head.version > RequestHead.HTTP_1_0;
        boolean chunked = false;
        if (contentLength == LENGTH_UNKNOWN && !bodiless) {
            chunked = http11;
            keepAlive &= http11;
        }
        decideKeepAlive();
        suppressBody = head.method == Method.HEAD || bodiless;
        if (!writer.end(exchange, bodiless ? NO_BODY : contentLength, chunked, !keepAlive,
                !http11)) {
            exchange.status = 0;
            return false;
        }
        headWritten(chunked && !suppressBody);
        return true;
    }

    @Override
    public boolean endHeadOfTunnel() {
        keepAlive = false;
        suppressBody = false;
        if (!writer.endOfTunnel(exchange)) {
            exchange.status = 0;
            return false;
        }
        headWritten(false);
        in.startTunnel();
        shared.tunnelBegins();
        return true;
    }

    private void headWritten(boolean chunked) {
        int start = writer.headStart();
        out.closeHead(chunked);
        headSent = true;
        exchange.sentHead = out.slab().bytes;
        exchange.sentHeadOffset = start;
        exchange.sentHeadLength = out.written() - start;
        exchange.bytesSent += exchange.sentHeadLength;
        Location location = exchange.location;
        if (location != null && location.sendRate() != null) {
            bandwidth.begin(location.sendRate().of(exchange),
                    location.sendRateAfter().of(exchange), shared.ctx.clock.nowNs());
        }
        connection.gather();
    }

    /** RFC 9112 §9.6: a connection whose request body stays unread cannot go on. */
    private void decideKeepAlive() {
        if (!keepAlive) {
            return;
        }
        if (!connection.mayKeepAlive(settings())) {
            keepAlive = false;
        } else if (!in.bodyDone() && !body.wanted()) {
            boolean waitsForContinue = head.expectContinue && !body.continueSent()
                    && in.buffered() == 0;
            keepAlive = !waitsForContinue && (in.chunked() || in.lengthLeft() <= DISCARD_MAX);
        }
    }

    @Override
    public void interim(int status) {
        if (head.version == RequestHead.HTTP_1_0 || headSent) {
            return;
        }
        ByteSink sink = out.openHead();
        writer.interim(sink, status);
        if (!sink.overflowed()) {
            out.closeInterim();
            connection.gather();
        }
    }

    @Override
    public boolean headSent() {
        return headSent;
    }

    @Override
    public int room() {
        return suppressBody ? Integer.MAX_VALUE : out.room();
    }

    @Override
    public int writeCopy(ByteBuffer source, int offset, int length) {
        assert headSent && !responseEnded;
        if (suppressBody) {
            return length;
        }
        int count = out.copy(source, offset, length);
        countBody(count);
        if (count < length) {
            drainWanted = true;
        }
        connection.gather();
        return count;
    }

    @Override
    public void writeLent(ByteBuffer memory, long address, int offset, int length) {
        assert headSent && !responseEnded;
        drainWanted = true;
        if (!suppressBody) {
            out.lend(memory, address, offset, length);
            countBody(length);
        }
        connection.gather();
    }

    @Override
    public void writeFile(int fd, long offset, long length) {
        assert headSent && !responseEnded;
        drainWanted = true;
        if (!suppressBody) {
            out.file(fd, offset, length);
        }
        connection.gather();
    }

    private void countBody(long count) {
        exchange.bodyBytesSent += count;
        exchange.bytesSent += count;
    }

    /** The kernel has taken a part of the file. */
    void sentOfFile(long count) {
        out.tookOfFile(count);
        countBody(count);
    }

    @Override
    public void endResponse() {
        assert headSent && !responseEnded;
        out.lastChunk();
        responseEnded = true;
        connection.gather();
    }

    @Override
    public void abort(Termination reason) {
        exchange.terminate(reason);
        connection.abortExchange();
    }

    @Override
    public boolean bodyPending() {
        return !in.bodyDone();
    }

    @Override
    public long requestContentLength() {
        return head.framing == Framing.CHUNKED ? -1 : head.contentLength;
    }

    @Override
    public int readBody(ByteBuffer into, long address, int from, int limit) {
        return body.read(this, connection, into, address, from, limit);
    }

    /** Nobody reads the request body any more. */
    void stopReadingBody() {
        body.notWanted();
        reading.stopWaiting(shared.ctx.clock.nowNs());
    }

    @Override
    public void discardBody() {
        stopReadingBody();
    }

    /** Starts over for an answer that replaces a broken exchange's; nothing was sent of it. */
    void restartAnswer() {
        exchange.state = ExchangeState.SENDING_RESPONSE;
        body.notWanted();
        keepAlive = false;
    }

    @Override
    public void socketAddress(ByteSink sink) {
        connection.printRemoteAddress(sink);
    }

    @Override
    public int socketPort() {
        return connection.remotePort();
    }

    @Override
    public void localAddress(ByteSink sink) {
        connection.printLocalAddress(sink);
    }

    @Override
    public int localPort() {
        return connection.localPort();
    }

    @Override
    public ProxiedEnds proxied() {
        return connection.proxied();
    }

    @Override
    public boolean secure() {
        return connection.tls() != null;
    }

    @Override
    public TlsFacts tls() {
        return connection.tlsFacts();
    }

    @Override
    public int listenIndex() {
        return connection.listenIndex();
    }

    @Override
    public long connectionSerial() {
        return connection.serial();
    }

    @Override
    public int connectionRequests() {
        return connection.requestCount();
    }

    @Override
    public boolean pipelined() {
        return pipelined;
    }
}
