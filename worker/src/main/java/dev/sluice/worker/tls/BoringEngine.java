package dev.sluice.worker.tls;

import io.netty.internal.tcnative.Buffer;
import io.netty.internal.tcnative.SSL;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * The server's side of a connection, spoken by BoringSSL. It reads records from and writes them to
 * the memory that each call names; what it has to say while it reads waits in a few bytes of its
 * own until the next {@link #wrap}.
 *
 * <pre>
 *   shaking ──done──► open ──close_notify from there──► closed there ──┐
 *      │                │ └──close()──► closed here ───────────────────┤
 *      └──── broken ◄───┴──────────────────────────────────────────────┘
 * </pre>
 *
 * <p>Owner: event loop.
 */
final class BoringEngine implements TlsEngine {

    /**
     * Room for an alert or a close_notify under any suite; a flight of the handshake that is
     * longer waits in the library for the next wrap.
     */
    private static final int OWN_BYTES = 128;

    private static final int HEADER_BYTES = 5;
    /** What a record may be long, header included (RFC 5246 §6.2.3). */
    private static final int RECORD_MAX = HEADER_BYTES + 16 * 1024 + 2048;
    private static final int PLAIN_MAX = 16 * 1024;

    private final BoringContext context;
    private final long bio;
    private long ssl;
    private boolean done;
    private boolean broken;
    /** Something is to be written before anything else happens. */
    private boolean owes;
    private boolean closed;
    private boolean notified;

    BoringEngine(BoringContext context) {
        this.context = context;
        ssl = SSL.newSSL(context.pointer(), true);
        context.held();
        bio = SSL.bioNewByteBuffer(ssl, OWN_BYTES);
    }

    /** For what is asked of the library; 0 once it is released. */
    long pointer() {
        return ssl;
    }

    @Override
    public HandshakeStatus status() {
        if (owes) {
            return HandshakeStatus.NEED_WRAP;
        }
        return done || broken ? HandshakeStatus.NOT_HANDSHAKING : HandshakeStatus.NEED_UNWRAP;
    }

    @Override
    public void begin() {
        // The client does.
    }

    @Override
    public Status unwrap(ByteBuffer records, ByteBuffer plain) throws SSLException {
        if (closed) {
            return Status.CLOSED;
        }
        int length = recordBytes(records);
        if (length == 0 || broken) {
            return broken ? Status.CLOSED : Status.BUFFER_UNDERFLOW;
        }
        assert plain.remaining() >= PLAIN_MAX;
        int from = records.position();
        SSL.bioSetByteBuffer(bio, Buffer.address(records) + from, length, false);
        try {
            return done ? read(plain) : shake();
        } finally {
            records.position(from + length - SSL.bioLengthByteBuffer(bio));
        }
    }

    /** The length of the record that the buffer begins with; 0 when it is not whole. */
    private static int recordBytes(ByteBuffer records) {
        int there = records.remaining();
        if (there < HEADER_BYTES) {
            return 0;
        }
        int at = records.position();
        int length = HEADER_BYTES + (records.get(at + 3) & 0xff) * 256
                + (records.get(at + 4) & 0xff);
        // The library has the word for one that is too long.
        return length > RECORD_MAX ? HEADER_BYTES : there < length ? 0 : length;
    }

    private Status shake() throws SSLException {
        int result = SSL.doHandshake(ssl);
        if (result > 0) {
            done = true;
            owes = SSL.bioLengthNonApplication(bio) > 0;
            return Status.OK;
        }
        int why = SSL.getError(ssl, result);
        if (why == SSL.SSL_ERROR_WANT_READ) {
            owes = SSL.bioLengthNonApplication(bio) > 0;
        } else if (why == SSL.SSL_ERROR_WANT_WRITE) {
            owes = true;
        } else {
            throw failure();
        }
        return Status.OK;
    }

    private Status read(ByteBuffer plain) throws SSLException {
        int to = plain.position();
        int count = SSL.readFromSSL(ssl, Buffer.address(plain) + to, plain.remaining());
        if (count > 0) {
            plain.position(to + count);
            return Status.OK;
        }
        int why = SSL.getError(ssl, count);
        if (why == SSL.SSL_ERROR_ZERO_RETURN) {
            // TLS 1.2 wants ours at once (RFC 5246 §7.2.1).
            closed = true;
            sayClosed();
        } else if (why != SSL.SSL_ERROR_WANT_READ && why != SSL.SSL_ERROR_WANT_WRITE) {
            throw failure();
        }
        owes = SSL.bioLengthNonApplication(bio) > 0;
        return closed ? Status.CLOSED : Status.OK;
    }

    @Override
    public void wrap(ByteBuffer plain, ByteBuffer records) throws SSLException {
        int to = records.position();
        int room = records.remaining();
        SSL.bioSetByteBuffer(bio, Buffer.address(records) + to, room, true);
        try {
            if (owes) {
                SSL.bioFlushByteBuffer(bio);
                owes = SSL.bioLengthNonApplication(bio) > 0;
            }
            if (broken) {
                return;
            }
            if (!done) {
                shake();
            } else if (closed) {
                sayClosed();
            } else if (plain.hasRemaining()) {
                write(plain);
            }
        } finally {
            records.position(to + room - SSL.bioLengthByteBuffer(bio));
        }
    }

    private void write(ByteBuffer plain) throws SSLException {
        int from = plain.position();
        int length = Math.min(plain.remaining(), PLAIN_MAX);
        int count = SSL.writeToSSL(ssl, Buffer.address(plain) + from, length);
        if (count <= 0) {
            throw failure();
        }
        plain.position(from + count);
    }

    @Override
    public boolean runTasks() {
        // It puts nothing off.
        return true;
    }

    @Override
    public String applicationProtocol() {
        return SSL.getAlpnSelected(ssl);
    }

    @Override
    public void close() {
        closed = true;
    }

    private void sayClosed() {
        if (!notified) {
            notified = true;
            if (SSL.shutdownSSL(ssl) < 0) {
                SSL.clearError();
            }
        }
    }

    /** The handshake's or the connection's end, for the reason that the library names. */
    private SSLException failure() {
        int number = SSL.getLastErrorNumber();
        String why = number == 0 ? "the library does not say why" : SSL.getErrorString(number);
        SSL.clearError();
        broken = true;
        owes = SSL.bioLengthNonApplication(bio) > 0;
        return done ? new SSLException(why) : new SSLHandshakeException(why);
    }

    @Override
    public void release() {
        if (ssl != 0) {
            SSL.freeSSL(ssl);
            ssl = 0;
            context.letGo();
        }
    }
}
