package dev.sluice.worker.explain;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.HeadRules;
import dev.sluice.worker.exchange.HeaderToAdd;
import dev.sluice.worker.exchange.TlsFacts;
import dev.sluice.worker.http.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A client that is not there: it has the address that it is given and keeps the head of the answer.
 * Of the body it takes everything and keeps nothing.
 *
 * <p>Owner: the calling thread.
 */
final class AskingClient extends ClientStream {

    private static final int HEAD_BYTES_MAX = 64 * 1024;

    private final ByteBuffer head =
            ByteBuffer.allocateDirect(HEAD_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteSink sink = new ByteSink();
    private Exchange exchange;
    private Asked asked;
    private int listenIndex;
    private TlsFacts tls;
    private String localAddress;
    private int localPort;
    private int nameFrom;
    private int valueFrom;
    private boolean headSent;
    boolean ended;

    /** Once, as an exchange needs its client first. */
    void of(Exchange x) {
        exchange = x;
    }

    void begin(Asked request, int listen, TlsFacts facts, String address, int port) {
        asked = request;
        listenIndex = listen;
        tls = facts;
        localAddress = address;
        localPort = port;
        headSent = false;
        ended = false;
        claim.reset();
        sink.reset(head, 0, HEAD_BYTES_MAX);
    }

    /** The fields of the answer, without its status line. */
    String answerHead() {
        byte[] copy = new byte[sink.position()];
        head.get(0, copy);
        String text = new String(copy, StandardCharsets.ISO_8859_1);
        return text.substring(text.indexOf('\n') + 1);
    }

    @Override
    public void beginHead(int status) {
        exchange.status = status;
        sink.reset(head, 0, HEAD_BYTES_MAX).put(Status.line(status));
    }

    private void name(byte[] name) {
        nameFrom = sink.position();
        sink.put(name).put((byte) ':').put((byte) ' ');
        valueFrom = sink.position();
    }

    private void lineEnd() {
        sink.put((byte) '\r').put((byte) '\n');
    }

    @Override
    public void header(byte[] name, byte[] value) {
        name(name);
        sink.put(value);
        lineEnd();
    }

    @Override
    public void header(byte[] name, ByteBuffer value, int offset, int length) {
        name(name);
        sink.put(value, offset, length);
        lineEnd();
    }

    @Override
    public void header(ByteBuffer name, int nameOffset, int nameLength, ByteBuffer value,
            int valueOffset, int valueLength) {
        sink.put(name, nameOffset, nameLength).put((byte) ':').put((byte) ' ')
                .put(value, valueOffset, valueLength);
        lineEnd();
    }

    @Override
    public void headerDecimal(byte[] name, long value) {
        name(name);
        sink.putDecimal(value);
        lineEnd();
    }

    @Override
    public ByteSink beginHeader(byte[] name) {
        name(name);
        return sink;
    }

    @Override
    public void endHeader() {
        if (sink.position() == valueFrom) {
            sink.position(nameFrom);
        } else {
            lineEnd();
        }
    }

    @Override
    public boolean endHead(long contentLength) {
        if (exchange.location != null) {
            HeadRules rules = exchange.location.headRules();
            if (rules != null) {
                rules.apply(exchange, sink, 0);
            }
            exchange.showHead(sink, 0);
            for (HeaderToAdd one : exchange.location.addHeaders) {
                if (one.appliesTo(exchange.status)) {
                    ByteSink value = beginHeader(one.name());
                    one.value().append(exchange, value);
                    endHeader();
                }
            }
        }
        headSent = true;
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

    @Override
    public int room() {
        return HEAD_BYTES_MAX;
    }

    @Override
    public int writeCopy(ByteBuffer source, int offset, int length) {
        return length;
    }

    @Override
    public void writeLent(ByteBuffer memory, long address, int offset, int length) {
        // It is given back at the end of the exchange.
    }

    @Override
    public void writeFile(int fd, long offset, long length) {
        // As above.
    }

    @Override
    public void wantDrain() {
        // Nothing is ever drained here.
    }

    @Override
    public void endResponse() {
        ended = true;
    }

    @Override
    public void abort(Termination reason) {
        exchange.terminate(reason);
        ended = true;
    }

    @Override
    public boolean bodyPending() {
        return false;
    }

    @Override
    public long requestContentLength() {
        return exchange.request.contentLength;
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
    public void socketAddress(ByteSink out) {
        out.putAscii(asked.from());
    }

    @Override
    public int socketPort() {
        return 0;
    }

    @Override
    public void localAddress(ByteSink out) {
        out.putAscii(localAddress);
    }

    @Override
    public int localPort() {
        return localPort;
    }

    @Override
    public boolean secure() {
        return asked.secure();
    }

    @Override
    public TlsFacts tls() {
        return tls;
    }

    @Override
    public int listenIndex() {
        return listenIndex;
    }

    @Override
    public long connectionSerial() {
        return 1;
    }

    @Override
    public int connectionRequests() {
        return 1;
    }

    @Override
    public boolean pipelined() {
        return false;
    }
}
