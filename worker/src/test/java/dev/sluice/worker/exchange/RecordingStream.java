package dev.sluice.worker.exchange;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http.Status;
import dev.sluice.worker.http1.ParseLimits;
import dev.sluice.worker.http1.RequestParser;
import dev.sluice.worker.linux.Libc;
import dev.sluice.worker.loop.LoopContext;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A client for tests of handlers: takes a request as text and records the answer. It is slow when
 * told so: then it takes {@link #roomBytes} at most until {@link #drain} is called, and a file is
 * read no earlier than there. Allocates nothing while it records.
 *
 * <p>Owner: one test thread.
 */
public final class RecordingStream extends LoneClient {

    private static final int BUFFER_BYTES = 1 << 20;

    public final Exchange exchange;
    public final RequestHead request = new RequestHead(100);
    /** Body bytes taken until {@link #drain}; more than enough unless a test lowers it. */
    public int roomBytes = BUFFER_BYTES;
    public String remoteAddress = "192.0.2.7";
    public String localAddress = "198.51.100.1";
    public ProxiedEnds proxied;
    /** The listening address that the client came to. */
    public int listenIndex;
    /** Whether its connection is encrypted. */
    public boolean secure;
    /** Makes {@link #endHead} refuse so many times. */
    public int headsRefused;

    private final RequestParser parser = new RequestParser(ParseLimits.defaults());
    private final ByteBuffer input = memory();
    private final ByteBuffer head = memory();
    private final ByteBuffer body = memory();
    private final long bodyAddress = MemorySegment.ofBuffer(body).address();
    private final ByteSink headSink = new ByteSink();
    private int status;
    private int valueFrom;
    private int nameFrom;
    private int bodyLength;
    private int roomUsed;
    private long contentLength;
    private boolean ended;
    private int fileFd = -1;
    private long fileOffset;
    private long fileLeft;
    private Termination aborted;

    public RecordingStream(LoopContext ctx, RequestHandler router) {
        exchange = new Exchange(ctx, request, this, router);
    }

    private static ByteBuffer memory() {
        return ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public boolean secure() {
        return secure;
    }

    /** Reads a request of lines ended by LF alone and begins its exchange with the path as sent. */
    public Exchange request(String text) {
        byte[] bytes = (text.strip() + "\n\n").replace("\n", "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        input.put(0, bytes);
        return again(bytes.length);
    }

    /** Begins an exchange with the request that is in the buffer. */
    public Exchange again(int length) {
        parser.reset(0);
        int end = parser.parse(request, input, length);
        if (end != length) {
            throw new AssertionError("request refused: " + request.error);
        }
        status = 0;
        bodyLength = 0;
        roomUsed = 0;
        headSent = false;
        ended = false;
        drainWanted = false;
        fileLeft = 0;
        aborted = null;
        claim.reset();
        headSink.reset(head, 0, BUFFER_BYTES);
        exchange.begin(exchange.ctx.clock.nowNs(), exchange.ctx.clock.nowMs());
        exchange.pathBuffer = input;
        exchange.pathOffset = request.pathOffset;
        exchange.pathLength = request.pathLength;
        exchange.queryBuffer = input;
        exchange.queryOffset = request.queryOffset;
        exchange.queryLength = request.queryLength;
        return exchange;
    }

    /** The client takes what was given; the responder is told if it waits for it. */
    public void drain() {
        roomUsed = 0;
        while (fileLeft > 0) {
            long count = Libc.pread(fileFd, bodyAddress + bodyLength, fileLeft, fileOffset);
            if (count <= 0) {
                abort(Termination.FILE_SHRANK);
                return;
            }
            bodyLength += (int) count;
            fileOffset += count;
            fileLeft -= count;
        }
        if (drainWanted && !ended) {
            drainWanted = false;
            exchange.client.tellWritable(exchange);
        }
    }

    /** Drains until the response has ended and ends the exchange. */
    public RecordingStream finish() {
        for (int i = 0; aborted == null && (!ended || fileLeft > 0); i++) {
            if (i > 0 && !drainWanted && fileLeft == 0) {
                throw new AssertionError("the response stands still");
            }
            drain();
        }
        if (exchange.state != ExchangeState.ENDED) {
            exchange.end();
        }
        return this;
    }

    /** The client hangs up. */
    public void hangUp() {
        exchange.terminate(Termination.CLIENT_RESET);
        exchange.responder.onClientGone(exchange);
        exchange.end();
    }

    public int status() {
        return status;
    }

    public boolean ended() {
        return ended;
    }

    public Termination aborted() {
        return aborted;
    }

    /** The length that was announced: a number of bytes, LENGTH_UNKNOWN or NO_BODY. */
    public long contentLength() {
        return contentLength;
    }

    /** Header fields by lower-case name; a second one of the same name is an error. */
    public Map<String, String> headers() {
        Map<String, String> all = new TreeMap<>();
        for (String line : text(head, headSink.position()).split("\r\n")) {
            int colon = line.indexOf(": ");
            if (colon > 0 && all.put(line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 2)) != null) {
                throw new AssertionError("twice: " + line);
            }
        }
        return all;
    }

    /** The head line by line as it was sent, without the status line. */
    public List<String> headLines() {
        return text(head, headSink.position()).lines().skip(1).toList();
    }

    public String header(String name) {
        return headers().get(name);
    }

    public String body() {
        return text(body, bodyLength);
    }

    public int bodyLength() {
        return bodyLength;
    }

    private static String text(ByteBuffer b, int length) {
        byte[] copy = new byte[length];
        b.get(0, copy);
        return new String(copy, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void beginHead(int answer) {
        assert !headSent : "a head has been sent";
        status = answer;
        exchange.status = answer;
        headHeld = false;
        headSink.reset(head, 0, BUFFER_BYTES).put(Status.line(answer));
    }

    private void name(byte[] name) {
        nameFrom = headSink.position();
        headSink.put(name).put((byte) ':').put((byte) ' ');
        valueFrom = headSink.position();
    }

    private void lineEnd() {
        headSink.put((byte) '\r').put((byte) '\n');
    }

    @Override
    public void header(byte[] name, byte[] value) {
        name(name);
        headSink.put(value);
        lineEnd();
    }

    @Override
    public void header(byte[] name, ByteBuffer value, int offset, int length) {
        name(name);
        headSink.put(value, offset, length);
        lineEnd();
    }

    @Override
    public void header(ByteBuffer name, int nameOffset, int nameLength, ByteBuffer value,
            int valueOffset, int valueLength) {
        headSink.put(name, nameOffset, nameLength).put((byte) ':').put((byte) ' ')
                .put(value, valueOffset, valueLength);
        lineEnd();
    }

    @Override
    public void headerDecimal(byte[] name, long value) {
        name(name);
        headSink.putDecimal(value);
        lineEnd();
    }

    @Override
    public ByteSink beginHeader(byte[] name) {
        name(name);
        return headSink;
    }

    @Override
    public void endHeader() {
        if (headSink.position() == valueFrom) {
            headSink.position(nameFrom);
        } else {
            lineEnd();
        }
    }

    @Override
    public boolean endHead(long length) {
        if (headsRefused > 0) {
            headsRefused--;
            return false;
        }
        if (exchange.challenge != null && status == 401) {
            header(HeaderName.WWW_AUTHENTICATE, exchange.challenge);
        }
        HeadRules rules = exchange.location == null ? null : exchange.location.headRules();
        if (rules != null) {
            rules.apply(exchange, headSink, 0);
        }
        headSent = true;
        contentLength = exchange.coding == null ? length
                : exchange.coding.choose(exchange, headSink, 0, length);
        exchange.sentHead = head;
        exchange.sentHeadOffset = 0;
        exchange.sentHeadLength = headSink.position();
        return true;
    }

    @Override
    public void interim(int answer) {
        assert answer < 200 : answer;
    }

    @Override
    public int room() {
        return fileLeft > 0 ? 0 : roomBytes - roomUsed;
    }

    @Override
    public int writeCopy(ByteBuffer source, int offset, int length) {
        assert headSent && !headHeld && !ended;
        int count = Math.min(length, room());
        body.put(bodyLength, source, offset, count);
        bodyLength += count;
        roomUsed += count;
        drainWanted |= count < length;
        return count;
    }

    @Override
    public void writeLent(ByteBuffer memory, long address, int offset, int length) {
        assert headSent && !headHeld && !ended && fileLeft == 0;
        body.put(bodyLength, memory, offset, length);
        bodyLength += length;
        drainWanted = true;
    }

    @Override
    public void writeFile(int fd, long offset, long length) {
        assert headSent && !headHeld && !ended && fileLeft == 0;
        fileFd = fd;
        fileOffset = offset;
        fileLeft = length;
        drainWanted = true;
    }

    /** Bytes of a file that were given and are read by the next {@link #drain}. */
    public long fileLeft() {
        return fileLeft;
    }

    @Override
    public void endResponse() {
        assert headSent && !headHeld && !ended;
        ended = true;
    }

    @Override
    public void abort(Termination reason) {
        aborted = reason;
        exchange.terminate(reason);
        exchange.end();
    }

    @Override
    public boolean bodyPending() {
        return false;
    }

    @Override
    public long requestContentLength() {
        return request.contentLength;
    }

    @Override
    public int readBody(ByteBuffer into, long address, int from, int limit) {
        return BODY_END;
    }

    @Override
    public void discardBody() {
        // There is none.
    }

    @Override
    public int listenIndex() {
        return listenIndex;
    }

    @Override
    public void socketAddress(ByteSink out) {
        out.putAscii(remoteAddress);
    }

    @Override
    public int socketPort() {
        return 4711;
    }

    @Override
    public void localAddress(ByteSink out) {
        out.putAscii(localAddress);
    }

    @Override
    public int localPort() {
        return 8080;
    }

    @Override
    public ProxiedEnds proxied() {
        return proxied;
    }
}
