package dev.sluice.worker.proxy;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.LoneClient;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.http.Framing;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http1.ParseLimits;
import dev.sluice.worker.http1.RequestParser;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.TurnEnd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The client of a proxied request: its body arrives when the test says so, and it takes the answer
 * at the end of each turn of the loop, or only when the test says so.
 *
 * <p>Owner: event loop; what it has recorded may be read by the test when {@link #done} is open.
 */
class ScriptedClient extends LoneClient implements TurnEnd {

    private static final int BUFFER_BYTES = 1 << 17;
    private static final int HEAD_MAX = 64 * 1024;
    final Exchange exchange;
    final RequestHead request = new RequestHead(100);
    CountDownLatch done = new CountDownLatch(1);
    /** False: nothing is taken until {@link #drain}. */
    boolean takesAll = true;
    int roomMax = 16 * 1024;
    boolean headFits = true;
    Runnable whenDone = () -> { };
    String remoteAddress = "192.0.2.7";
    String localAddress = "198.51.100.1";
    private final LoopContext ctx;
    private final RequestParser parser = new RequestParser(ParseLimits.defaults());
    private final ByteBuffer input = memory(BUFFER_BYTES);
    private final ByteBuffer output = memory(BUFFER_BYTES * 8);
    private final ByteBuffer headBytes = memory(HEAD_MAX);
    private final ByteSink head = new ByteSink();
    private int headerFrom;
    private int valueFrom;
    private int outputLength;
    private int roomUsed;
    private ByteBuffer lent;
    private int lentOffset;
    private int lentLength;
    private boolean queued;
    private boolean headSent;
    private boolean responseEnded;
    private boolean drainWanted;
    private final ScriptedBody body = new ScriptedBody();
    private boolean bodyWanted;
    long contentLength;
    int interimCount;
    /** Of each 103 the values of all fields, dropped ones empty. */
    final List<String> hints = new ArrayList<>();
    boolean discarded;
    boolean isTunnel;
    Termination aborted;
    long received;

    ScriptedClient(LoopContext ctx) {
        this.ctx = ctx;
        this.exchange = new Exchange(ctx, request, this, null);
    }

    private static ByteBuffer memory(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A request head with LF as line end. */
    int load(String text) {
        byte[] bytes = (text + "\n\n").replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        input.put(0, bytes);
        return bytes.length;
    }

    Exchange begin(int length) {
        parser.reset(0);
        int end = parser.parse(request, input, length);
        if (end != length) {
            throw new AssertionError("request refused: " + request.error);
        }
        head.reset(headBytes, 0, HEAD_MAX);
        outputLength = 0;
        roomUsed = 0;
        headSent = false;
        responseEnded = false;
        drainWanted = false;
        body.reset(request.framing == Framing.NONE || request.contentLength == 0);
        bodyWanted = false;
        received = 0;
        exchange.begin(ctx.clock.nowNs(), ctx.clock.nowMs());
        claim.reset();
        exchange.pathBuffer = input;
        exchange.pathOffset = request.pathOffset;
        exchange.pathLength = request.pathLength;
        exchange.queryBuffer = input;
        exchange.queryOffset = request.queryOffset;
        exchange.queryLength = request.queryLength;
        return exchange;
    }

    /** More of the body arrives. */
    void feed(String text, boolean last) {
        body.add(text, last);
        tellBody();
    }

    void breakBody() {
        body.breakIt();
        tellBody();
    }

    private void tellBody() {
        if (bodyWanted) {
            bodyWanted = false;
            exchange.responder.onRequestBodyReadable(exchange);
        }
    }

    boolean waitsForBody() {
        return bodyWanted;
    }

    void hangUp() {
        exchange.terminate(Termination.CLIENT_RESET);
        exchange.responder.onClientGone(exchange);
        lent = null;
        finish();
    }

    private void finish() {
        if (exchange.state != ExchangeState.ENDED) {
            exchange.end();
        }
        done.countDown();
        whenDone.run();
    }
    String head() {
        return text(headBytes, head.position());
    }

    String bodyText() {
        return text(output, outputLength);
    }

    private static String text(ByteBuffer b, int length) {
        return StandardCharsets.ISO_8859_1.decode(b.slice(0, length)).toString();
    }

    boolean holdsLoan() {
        return lent != null;
    }

    @Override
    public void endOfTurn() {
        if (takesAll) {
            drain();
        }
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

    /** The kernel takes all that was given. */
    void drain() {
        if (exchange.state == ExchangeState.ENDED) {
            return;
        }
        if (lent != null) {
            record(lent, lentOffset, lentLength);
            // What the stream may overwrite is overwritten, so that nobody relies on it.
            lent.put(lentOffset - LENT_BEFORE, new byte[LENT_BEFORE]);
            lent.put(lentOffset + lentLength, new byte[LENT_AFTER]);
            lent = null;
        }
        roomUsed = 0;
        if (responseEnded) {
            finish();
        } else if (drainWanted) {
            drainWanted = false;
            exchange.responder.onClientWritable(exchange);
        }
    }

    private void record(ByteBuffer b, int offset, int length) {
        received += length;
        if (outputLength + length <= output.capacity()) {
            output.put(outputLength, b, offset, length);
            outputLength += length;
        }
    }
    @Override
    public void beginHead(int status) {
        assert !headSent;
        exchange.status = status;
        head.reset(headBytes, 0, HEAD_MAX);
    }

    @Override
    public void header(byte[] name, byte[] value) {
        head.put(name).put(':').put(' ').put(value).put('\n');
    }

    @Override
    public void header(byte[] name, ByteBuffer value, int offset, int length) {
        head.put(name).put(':').put(' ').put(value, offset, length).put('\n');
    }

    @Override
    public void header(ByteBuffer name, int nameOffset, int nameLength, ByteBuffer value,
            int valueOffset, int valueLength) {
        head.put(name, nameOffset, nameLength).put(':').put(' ');
        head.put(value, valueOffset, valueLength).put('\n');
    }

    @Override
    public void headerDecimal(byte[] name, long value) {
        head.put(name).put(':').put(' ').putDecimal(value).put('\n');
    }

    @Override
    public ByteSink beginHeader(byte[] name) {
        headerFrom = head.position();
        head.put(name).put(':').put(' ');
        valueFrom = head.position();
        return head;
    }

    @Override
    public void endHeader() {
        if (head.position() == valueFrom) {
            head.position(headerFrom);
        } else {
            head.put('\n');
        }
    }

    @Override
    public boolean endHead(long length) {
        if (!headFits) {
            headFits = true;
            return false;
        }
        contentLength = length;
        headSent = true;
        ctx.loop.atEndOfTurn(this);
        return true;
    }

    @Override
    public boolean endHeadOfTunnel() {
        body.reset(false);
        isTunnel = true;
        return endHead(LENGTH_UNKNOWN);
    }

    @Override
    public void interim(int status) {
        assert status != 100 && status < 200 && !headSent : status;
        interimCount++;
    }

    @Override
    public void earlyHints(HeaderTable fields) {
        assert !headSent;
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < fields.count(); i++) {
            for (int at = 0; !fields.dropped(i) && at < fields.valueLength(i); at++) {
                lines.append((char) fields.buffer().get(fields.valueOffset(i) + at));
            }
            lines.append('|');
        }
        hints.add(lines.toString());
    }

    @Override
    public boolean headSent() {
        return headSent;
    }

    @Override
    public int room() {
        return lent == null ? roomMax - roomUsed : 0;
    }

    @Override
    public int writeCopy(ByteBuffer source, int offset, int length) {
        assert headSent && !responseEnded && lent == null;
        int count = Math.min(length, room());
        record(source, offset, count);
        roomUsed += count;
        drainWanted |= count < length;
        ctx.loop.atEndOfTurn(this);
        return count;
    }

    @Override
    public void writeLent(ByteBuffer memory, long address, int offset, int length) {
        assert headSent && !responseEnded && lent == null && length > 0;
        lent = memory;
        lentOffset = offset;
        lentLength = length;
        drainWanted = true;
        ctx.loop.atEndOfTurn(this);
    }

    @Override
    public void writeFile(int fd, long offset, long length) {
        throw new AssertionError("a proxy has no files");
    }

    @Override
    public void endResponse() {
        assert headSent && !responseEnded;
        responseEnded = true;
        ctx.loop.atEndOfTurn(this);
    }

    @Override
    public void abort(Termination reason) {
        aborted = reason;
        exchange.terminate(reason);
        lent = null;
        finish();
    }

    @Override
    public boolean bodyPending() {
        return body.isPending();
    }

    @Override
    public long requestContentLength() {
        return request.framing == Framing.CHUNKED ? -1 : request.contentLength;
    }

    @Override
    public int readBody(ByteBuffer into, long address, int from, int limit) {
        assert from < limit;
        int count = body.read(into, from, limit);
        if (count == BODY_ERROR) {
            exchange.terminate(Termination.CLIENT_BODY_MALFORMED);
            ctx.loop.execute(this::finish);
        }
        bodyWanted = count == 0;
        return count;
    }

    @Override
    public void discardBody() {
        discarded = true;
        bodyWanted = false;
    }

    @Override
    public void socketAddress(ByteSink out) {
        out.putAscii(remoteAddress);
    }

    @Override
    public int socketPort() {
        return localPort();
    }

    @Override
    public void localAddress(ByteSink out) {
        out.putAscii(localAddress);
    }

    @Override
    public int localPort() {
        return 80;
    }

    @Override
    public int listenIndex() {
        return 0;
    }
}
