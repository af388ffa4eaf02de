package dev.sluice.worker.explain;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.CollectingClient;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.TlsFacts;
import java.nio.charset.StandardCharsets;

/**
 * A client that has the address that it is given, and whose answer's head can be read.
 *
 * <p>Owner: the calling thread.
 */
final class AskingClient extends CollectingClient {

    private static final int HEAD_BYTES_MAX = 64 * 1024;

    private Exchange exchange;
    private Asked asked;
    private int listenIndex;
    private TlsFacts tls;
    private String localAddress;
    private int localPort;
    boolean ended;

    AskingClient() {
        super(HEAD_BYTES_MAX);
    }

    /** Once, as an exchange needs its client first. */
    void of(Exchange x) {
        exchange = x;
    }

    @Override
    public Exchange exchange() {
        return exchange;
    }

    void begin(Asked request, int listen, TlsFacts facts, String address, int port) {
        asked = request;
        listenIndex = listen;
        tls = facts;
        localAddress = address;
        localPort = port;
        ended = false;
        claim.reset();
        beginAnswer();
    }

    /** The fields of the answer, without its status line. */
    String answerHead() {
        byte[] copy = new byte[head.position()];
        head.buffer().get(0, copy);
        String text = new String(copy, StandardCharsets.ISO_8859_1);
        return text.substring(text.indexOf('\n') + 1);
    }

    @Override
    public boolean endHead(long contentLength) {
        if (exchange.location != null) {
            exchange.location.finishHead(exchange, lines, 0);
        }
        headSent = true;
        return true;
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
    public long requestContentLength() {
        return exchange.request.contentLength;
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
