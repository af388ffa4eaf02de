package dev.sluice.worker.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * TLS of one connection as a library speaks it: records in and plain bytes out, and the other way
 * round. How far a call came is told by the positions of its buffers, which are direct, so that
 * nothing has to be made for an answer.
 *
 * <p>Owner: event loop. {@link #release} must be called once.
 */
public interface TlsEngine {

    /** What it needs next; NOT_HANDSHAKING when plain bytes may go either way. */
    HandshakeStatus status();

    /** Begins the handshake; called once, first. */
    void begin() throws SSLException;

    /**
     * Takes at most one record apart.
     *
     * @param plain has room for a whole record
     * @return BUFFER_UNDERFLOW when the record is not whole; CLOSED when the other side has said
     *     that nothing more comes
     */
    Status unwrap(ByteBuffer records, ByteBuffer plain) throws SSLException;

    /**
     * Makes one record of plain bytes, or those that the protocol owes.
     *
     * @param records has room for a whole record; an alert is in it also when this throws
     */
    void wrap(ByteBuffer plain, ByteBuffer records) throws SSLException;

    /** Does work that it has put off. @return false when that is done beside, see onWake */
    boolean runTasks();

    /** What is to be done when work beside is done, before {@link #release}; on the loop. */
    default void onWake(Runnable action) {
        // Most have no such work.
    }

    /** The protocol that both sides have agreed upon (RFC 7301); null for none. */
    String applicationProtocol();

    /** From now on nothing is written but close_notify, by the next {@link #wrap}. */
    void close();

    /** Lets go of its memory. */
    void release();
}
