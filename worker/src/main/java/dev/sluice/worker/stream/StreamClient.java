package dev.sluice.worker.stream;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.downstream.ConnectionAddress;
import dev.sluice.worker.exchange.ClientAddress;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.ProxiedEnds;
import dev.sluice.worker.exchange.TlsFacts;
import io.netty.channel.unix.Socket;
import java.nio.ByteBuffer;

/**
 * The client of a session, for variables, rules and logs. There are no messages: whoever wants to
 * read or write one has come to the wrong place.
 *
 * <p>Owner: event loop; a part of its session.
 */
final class StreamClient extends ClientStream {

    /** Whose client it is. */
    interface Owner {

        /** The socket that the client has reached; null when it is closed. */
        Socket openSocket();

        void end(Termination why);
    }

    private final Owner session;
    private final String protocol;
    private int family;
    private long high;
    private long low;
    private int port;
    private int listenIndex;
    private long serial;
    private ProxiedEnds proxied;
    private TlsFacts tls;
    private String prereadName = "";

    StreamClient(Owner session, String protocol) {
        this.session = session;
        this.protocol = protocol;
    }

    /** @param address what accept(2) said: Netty's form, length first */
    void begin(byte[] address, int listener, long number) {
        begin(ClientAddress.family(address), ClientAddress.high(address),
                ClientAddress.low(address), ClientAddress.port(address), listener, number);
    }

    void begin(int addressFamily, long addressHigh, long addressLow, int addressPort, int listener,
            long number) {
        family = addressFamily;
        high = addressHigh;
        low = addressLow;
        port = addressPort;
        listenIndex = listener;
        serial = number;
        proxied = null;
        tls = null;
        prereadName = "";
        claim.reset();
    }

    /** What a trusted proxy says. @param ends null when it names nobody */
    void proxied(ProxiedEnds ends) {
        proxied = ends;
        if (ends != null) {
            claim.set(ends.v4(), ends.clientHigh(), ends.clientLow(), ends.clientPort());
        }
    }

    void encrypted(TlsFacts facts) {
        tls = facts;
    }

    void preread(String name) {
        prereadName = name;
    }

    @Override
    public String prereadName() {
        return prereadName;
    }

    @Override
    public String streamProtocol() {
        return protocol;
    }

    @Override
    public void socketAddress(ByteSink out) {
        ClientAddress.print(family, high, low, out);
    }

    @Override
    public int socketPort() {
        return port;
    }

    @Override
    public void localAddress(ByteSink out) {
        ConnectionAddress.printLocal(family, session.openSocket(), out);
    }

    @Override
    public int localPort() {
        return ConnectionAddress.localPort(family, session.openSocket());
    }

    @Override
    public ProxiedEnds proxied() {
        return proxied;
    }

    @Override
    public boolean secure() {
        return tls != null;
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
        return serial;
    }

    @Override
    public int connectionRequests() {
        return 1;
    }

    @Override
    public boolean pipelined() {
        return false;
    }

    // ---- what a stream has not

    private static IllegalStateException noMessages() {
        return new IllegalStateException("a stream has no messages");
    }

    @Override
    public void beginHead(int status) {
        throw noMessages();
    }

    @Override
    public void header(byte[] name, byte[] value) {
        throw noMessages();
    }

    @Override
    public void header(byte[] name, ByteBuffer value, int offset, int length) {
        throw noMessages();
    }

    @Override
    public void header(ByteBuffer name, int nameOffset, int nameLength, ByteBuffer value,
            int valueOffset, int valueLength) {
        throw noMessages();
    }

    @Override
    public void headerDecimal(byte[] name, long value) {
        throw noMessages();
    }

    @Override
    public ByteSink beginHeader(byte[] name) {
        throw noMessages();
    }

    @Override
    public void endHeader() {
        throw noMessages();
    }

    @Override
    public boolean endHead(long contentLength) {
        throw noMessages();
    }

    @Override
    public void interim(int status) {
        throw noMessages();
    }

    @Override
    public boolean headSent() {
        return false;
    }

    @Override
    public int room() {
        return 0;
    }

    @Override
    public int writeCopy(ByteBuffer source, int offset, int length) {
        throw noMessages();
    }

    @Override
    public void writeLent(ByteBuffer memory, long address, int offset, int length) {
        throw noMessages();
    }

    @Override
    public void writeFile(int fd, long offset, long length) {
        throw noMessages();
    }

    @Override
    public void endResponse() {
        throw noMessages();
    }

    @Override
    public void abort(Termination reason) {
        session.end(reason);
    }

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
}
