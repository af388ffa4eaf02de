package dev.sluice.worker.exchange;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;

/**
 * The client's side of one exchange: its request body is read and its response is written here.
 * HTTP/1 has one per busy connection; a multiplexed protocol has one per stream.
 *
 * <p>A response is: {@link #beginHead}, headers, {@link #endHead}, body in any mix of
 * {@link #writeCopy}, {@link #writeLent} and {@link #writeFile}, {@link #endResponse}. The stream
 * itself writes Date, Server, Connection, the framing and the location's {@code add_header}s.
 * What is given is sent at the end of the loop's turn.
 *
 * <p>Owner: event loop.
 */
public abstract class ClientStream {

    /** {@link #endHead}: the length is not known; the stream frames the body. */
    public static final long LENGTH_UNKNOWN = -1;
    /** {@link #endHead}: this answer has no body and no length (1xx, 204, 304). */
    public static final long NO_BODY = -2;
    /** {@link #readBody}: the request body is complete. */
    public static final int BODY_END = -1;
    /** {@link #readBody}: the body is malformed or the client has gone. */
    public static final int BODY_ERROR = -2;
    /** Bytes before lent memory that the stream may overwrite with framing. */
    public static final int LENT_BEFORE = 16;
    /** Bytes after lent memory that the stream may overwrite with framing. */
    public static final int LENT_AFTER = 8;

    /** Who the client is in the words of proxies; the stream begins it anew with each request. */
    public final ClientClaim claim = new ClientClaim();

    /**
     * The head of a peer's answer has come, and {@link #beginHead} with what is passed on of it
     * follows: for a cache, which must know all of it. Lent until this returns.
     */
    public void peerAnswers(int status, HeaderTable headers) {
        // A client gets what is passed on.
    }

    /** Starts the response. Nothing of an earlier attempt may have been written. */
    public abstract void beginHead(int status);

    /**
     * The body of this answer is the same, byte by byte, whenever this number is said: what it is
     * made into on its way may be kept and sent to others. Between {@link #beginHead} and
     * {@link #endHead}.
     *
     * @param bodySerial of {@code LoopContext.nextBodySerial()}; never 0
     */
    public void sameBody(long bodySerial) {
        // A client gets each body as it is.
    }

    /**
     * Whether somebody on the way reads the body, who must not be given one in a content coding
     * where there is a choice.
     */
    public boolean wantsPlainBody() {
        return false;
    }

    /** A header whose value is fixed text. */
    public abstract void header(byte[] name, byte[] value);

    /** A header whose value lies in a buffer; copied. */
    public abstract void header(byte[] name, ByteBuffer value, int offset, int length);

    /** A header that is passed on as it came; copied. */
    public abstract void header(ByteBuffer name, int nameOffset, int nameLength,
            ByteBuffer value, int valueOffset, int valueLength);

    /** Headers as lines, each {@code Name: value CR LF}; copied. */
    public void headerLines(ByteBuffer lines, int from, int length) {
        int end = from + length;
        int at = from;
        while (at < end) {
            int colon = AsciiBytes.indexOf(lines, at, end, ':');
            int lineEnd = AsciiBytes.indexOf(lines, colon, end, '\r');
            header(lines, at, colon - at, lines, colon + 2, lineEnd - colon - 2);
            at = lineEnd + 2;
        }
    }

    /** A header whose value is a number. */
    public abstract void headerDecimal(byte[] name, long value);

    /** Starts a header whose value the caller appends to the sink until {@link #endHeader}. */
    public abstract ByteSink beginHeader(byte[] name);

    /** Ends the header started by {@link #beginHeader}; an empty value takes it back. */
    public abstract void endHeader();

    public final void header(int nameId, byte[] value) {
        header(HeaderName.bytes(nameId), value);
    }

    /**
     * Ends the head. For HEAD the length is the one a GET would have had, and no body is sent
     * whatever is written.
     *
     * @param contentLength bytes of body, {@link #LENGTH_UNKNOWN} or {@link #NO_BODY}
     * @return false when the head did not fit; nothing has been sent and the caller may
     *     {@link #beginHead} another, shorter answer
     */
    public abstract boolean endHead(long contentLength);

    /**
     * Ends the head of a 101 that answers {@code Upgrade: websocket} (RFC 9110 §15.2.2), or of a
     * {@code Status.CONNECTED} that answers CONNECT. What is
     * read and written from here on is the other protocol's, without any framing, until either
     * side ends: {@link #readBody} answers {@link #BODY_END} when the client does. Only where the
     * request asked for it.
     *
     * @return false when the head did not fit, as {@link #endHead}
     */
    public boolean endHeadOfTunnel() {
        throw new IllegalStateException("this stream asks for no other protocol");
    }

    /**
     * The head that the next {@link #endHead} ends is kept until {@link #releaseHead}, before which
     * no body is given; {@link #takeBackHead} has it forgotten. For {@link #beginHead} it ends
     * without effect.
     *
     * @return whether it is kept; false where whoever gets the answer has no need of that
     */
    public boolean holdHead() {
        return false;
    }

    /** The head that was kept is sent. */
    public void releaseHead() {
        throw new IllegalStateException("no head is kept");
    }

    /** The head that was kept is forgotten: another answer may be begun. */
    public void takeBackHead() {
        throw new IllegalStateException("no head is kept");
    }

    /** The client is asked whether it lives when it has been silent so long; for tunnels. */
    public void probeWhenIdle(int seconds) {
        throw new IllegalStateException("this stream is no tunnel");
    }

    /** An interim answer (RFC 9110 §15.2) of status 100 to 199 without 101; sent at once. */
    public abstract void interim(int status);

    /**
     * What the answer will probably bring, so that the client can begin with it (103, RFC 8297):
     * fields but for those that are dropped. Lent until this returns; left out where there is no
     * room.
     */
    public void earlyHints(HeaderTable fields) {
        // Nobody waits who could use them.
    }

    /** Whether {@link #endHead} has been called, so that the status cannot change any more. */
    public abstract boolean headSent();

    /** Bytes that {@link #writeCopy} would take now. */
    public abstract int room();

    /** Has {@link #tellWritable} called at the end of a turn even if nothing is left to send. */
    public void wantDrain() {
        throw new IllegalStateException("nobody waits for this stream");
    }

    /** Everything that was given has been taken: tells whoever waits for that. */
    public void tellWritable(Exchange x) {
        x.responder.onClientWritable(x);
    }

    /**
     * What was given to this stream has been taken: it goes on with what it keeps itself.
     *
     * @return whether more may be given
     */
    public boolean settle(Exchange x) {
        return true;
    }

    /** The exchange goes on in another location. */
    public void leaveLocation() {
        // A client is the same everywhere.
    }

    /** Copies body bytes. @return how many were taken; the rest waits for onClientWritable */
    public abstract int writeCopy(ByteBuffer source, int offset, int length);

    /**
     * Lends body bytes, which are sent from where they are. {@link #LENT_BEFORE} bytes before and
     * {@link #LENT_AFTER} bytes after them may be overwritten. Lent until
     * {@link Responder#onClientWritable}; one loan at a time, and nothing may be written before
     * it is returned except {@link #endResponse}.
     */
    public abstract void writeLent(ByteBuffer memory, long address, int offset, int length);

    /**
     * Sends a part of a file by sendfile(2). The descriptor stays open until
     * {@link Responder#onClientWritable}, {@link Responder#onClientGone} or the end of the
     * exchange ({@link Exchange#onEnd}). One file at a time.
     */
    public abstract void writeFile(int fd, long offset, long length);

    /**
     * Fields behind the body (RFC 9110 §6.5), as lines from byte 0; copied. Called at most once,
     * before {@link #endResponse}. They are dropped where the client's protocol has no place for
     * them, and where there is no memory.
     */
    public void trailers(ByteBuffer lines, int length) {
        // Chunks could carry them, but nobody who speaks HTTP/1 is known to ask for them.
    }

    /** The whole body has been given. The exchange ends when the kernel has taken it. */
    public abstract void endResponse();

    /**
     * Gives the exchange up: an answer under way is cut so that the client can tell, and the
     * connection is closed. The responder is not called back.
     */
    public abstract void abort(Termination reason);

    /** Whether a part of the request body has not been read yet. */
    public abstract boolean bodyPending();

    /** Length of the request body in bytes; 0 without one, -1 when it is chunked. */
    public abstract long requestContentLength();

    /**
     * Reads the decoded request body into {@code [from, limit)} of the buffer, whose byte 0 is at
     * {@code address}. The first call sends 100 Continue if the client waits for it.
     *
     * @return bytes read; 0 when the client has sent no more yet and
     *     {@link Responder#onRequestBodyReadable} will follow; {@link #BODY_END};
     *     {@link #BODY_ERROR}, after which the exchange's termination is set, the responder
     *     is to drop what it holds, and the stream answers or closes by itself
     */
    public abstract int readBody(ByteBuffer into, long address, int from, int limit);

    /**
     * Whoever will read the body wants the fields behind it, too; to be said before the first
     * {@link #readBody}.
     */
    public void wantTrailers() {
        // They come by themselves, or not at all.
    }

    /**
     * The fields behind the request body (RFC 9110 §6.5) that may travel on, once the body has
     * ended; null where there are none, or they are not kept. Lent until the end of the exchange.
     */
    public HeaderTable requestTrailers() {
        return null;
    }

    /**
     * Looks at the beginning of the request body, of which nothing has been read yet, and reads
     * nothing of it; where that cannot be done there is nothing to see. Where more may come,
     * {@link Responder#onRequestBodyReadable} follows, until {@link #endPeek}.
     *
     * @param bytesMax more is not waited for
     */
    public void peekBody(BodyPeek peek, int bytesMax) {
        peek.nothing();
    }

    /** Whoever looked at the beginning of the body has seen enough. */
    public void endPeek() {
        // Nothing was waited for.
    }

    /** Discards what is left of the request body without ending the connection, if it is short. */
    public abstract void discardBody();

    /**
     * The client's address as text: IPv4 dotted, IPv6 compressed (RFC 5952), or {@code unix:}. It
     * is what a trusted proxy says, else the address of the connection.
     */
    public final void remoteAddress(ByteSink out) {
        if (claim.isKnown()) {
            claim.print(out);
        } else {
            socketAddress(out);
        }
    }

    /** The client's port; 0 on a unix socket, and where a trusted proxy says none. */
    public final int remotePort() {
        return claim.isKnown() ? claim.port() : socketPort();
    }

    /**
     * The address that the connection began at, for a list of proxies: what the PROXY header of a
     * trusted proxy names, else the socket's.
     */
    public final void sourceAddress(ByteSink out) {
        if (claim.beginsAtHeader()) {
            proxied().printClient(out);
        } else {
            socketAddress(out);
        }
    }

    /** The address that the connection comes from, whatever the request says. */
    public abstract void socketAddress(ByteSink out);

    /** The port that the connection comes from; 0 on a unix socket. */
    public abstract int socketPort();

    /** The address that the client connected to. */
    public abstract void localAddress(ByteSink out);

    public abstract int localPort();

    /** What a proxy said of the connection before its first request; null when none did. */
    public ProxiedEnds proxied() {
        return null;
    }

    /** Whether the client's connection is encrypted: {@code $scheme}. */
    public abstract boolean secure();

    /** What the handshake has settled; null on a plain connection. */
    public TlsFacts tls() {
        return null;
    }

    /** The name in a hello that was looked at and is answered by somebody else; "" for none. */
    public String prereadName() {
        return "";
    }

    /** What is passed on as it comes: TCP; "" where messages are. */
    public String streamProtocol() {
        return "";
    }

    /** Index of the listening address in {@code SluiceConfig.listenAddresses()}. */
    public abstract int listenIndex();

    /** Serial number of the connection in this worker: {@code $connection}. */
    public abstract long connectionSerial();

    /** How many requests the connection has carried, this one included. */
    public abstract int connectionRequests();

    /** Whether this request was found behind an earlier one: {@code $pipe}. */
    public abstract boolean pipelined();
}
