package dev.sluice.worker.tls;

import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.loop.RawSocket;
import dev.sluice.worker.loop.SocketHandle;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * One TLS connection over a socket of the loop (RFC 8446, RFC 5246). Plain bytes are read into and
 * written from slabs of the caller; records live in the {@link TlsBuffers} of the loop. What is
 * left over at the end of a call is kept in a slab of its own, so an idle connection holds none:
 *
 * <pre>
 *   held:  | rest of the records read |        null when everything was taken apart
 * </pre>
 *
 * <p>Owner: event loop. {@link #release} must be called once; the engine's memory is native.
 */
public final class TlsLink {

    /** How a handshake stands. */
    public enum Handshake {
        /** The connection is encrypted and, if asked for, the peer is who it should be. */
        DONE,
        /** Waits for the socket. */
        WAITING,
        /** {@link #failure} says why; close the connection. */
        FAILED
    }

    /** Plain bytes of one record at most (RFC 8446 §5.1). */
    private static final int PLAIN_MAX = 16 * 1024;
    /** A record with header, IV, padding and tag of the widest suite of TLS 1.2. */
    private static final int RECORD_MAX = PLAIN_MAX + 512;
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final SSLEngine engine;
    private final RawSocket socket;
    private final TlsBuffers buffers;
    private final TlsOutput output;
    private Slab held;
    private int heldTo;
    /** The held bytes may be a whole record. */
    private boolean mayUnwrap;
    private boolean closedByPeer;
    /** END or BROKEN once that is known, else 0. */
    private int end;
    private boolean broken;
    private String failure;
    private boolean untrusted;

    public TlsLink(SSLEngine engine, RawSocket socket, TlsBuffers buffers) {
        this.engine = engine;
        this.socket = socket;
        this.buffers = buffers;
        this.output = new TlsOutput(socket, buffers);
    }

    /** For its session: protocol, suite, certificates. */
    public SSLEngine engine() {
        return engine;
    }

    /** Why the connection cannot be used; null while it can. */
    public String failure() {
        return failure == null ? output.failure() : failure;
    }

    private boolean isBroken() {
        return broken || output.isBroken();
    }

    /** Whether it failed because the certificate of the other side was not accepted. */
    public boolean untrusted() {
        return untrusted;
    }

    // ---- handshake

    /** Goes on with the handshake as far as the socket allows. */
    public Handshake handshake() {
        try {
            Handshake outcome = advance();
            if (outcome == Handshake.FAILED && failure() == null) {
                failure = "the peer closed the connection during the handshake";
            }
            return outcome;
        } catch (SSLException e) {
            failed(e);
            // The alert that tells the other side why.
            pushRecords();
            return Handshake.FAILED;
        }
    }

    private Handshake advance() throws SSLException {
        if (!flush()) {
            return isBroken() ? Handshake.FAILED : Handshake.WAITING;
        }
        if (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
            engine.beginHandshake();
        }
        for (;;) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> {
                    if (!wrapNothing()) {
                        return isBroken() ? Handshake.FAILED : Handshake.WAITING;
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    int count = unwrapHandshake();
                    if (count == SocketHandle.WOULD_BLOCK) {
                        return Handshake.WAITING;
                    }
                    if (count < 0) {
                        return Handshake.FAILED;
                    }
                }
                case NOT_HANDSHAKING, FINISHED -> {
                    return Handshake.DONE;
                }
            }
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null;
                task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /** @return above 0 when records were taken apart; else what the socket said */
    private int unwrapHandshake() throws SSLException {
        if (held == null || !mayUnwrap) {
            int count = receive();
            if (count <= 0) {
                return count == SocketHandle.WOULD_BLOCK && concluded() ? 1 : count;
            }
        }
        ByteBuffer source = source();
        SSLEngineResult result = engine.unwrap(source, buffers.unused.clear());
        assert result.bytesProduced() == 0 : "application data within the handshake";
        mayUnwrap = result.getStatus() == Status.OK && result.bytesConsumed() > 0;
        keepRest(source);
        return result.getStatus() == Status.CLOSED ? SocketHandle.END : 1;
    }

    /**
     * The engine draws its conclusions from the last record when it is called the next time.
     *
     * @return whether it waits for something else now, or for nothing
     */
    private boolean concluded() throws SSLException {
        engine.unwrap(NOTHING, buffers.unused.clear());
        HandshakeStatus status = engine.getHandshakeStatus();
        return status != HandshakeStatus.NEED_UNWRAP
                && status != HandshakeStatus.NEED_UNWRAP_AGAIN;
    }

    /** Makes the records that the protocol owes. @return false when they are not all sent */
    private boolean wrapNothing() throws SSLException {
        buffers.out.clear();
        engine.wrap(NOTHING, buffers.out);
        return output.send();
    }

    private void pushRecords() {
        try {
            for (int i = 0; i < 2 && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
                    i++) {
                wrapNothing();
            }
        } catch (SSLException e) {
            failed(e);
        }
    }

    private void failed(SSLException e) {
        broken = true;
        Throwable root = e;
        for (Throwable at = e; at != null; at = at.getCause()) {
            untrusted |= at instanceof CertificateException;
            root = at;
        }
        if (failure == null) {
            String text = root.getMessage();
            failure = text == null ? root.getClass().getSimpleName() : text.strip();
        }
    }

    // ---- reading

    /** Whether {@link #read} may find something without the socket's help. */
    public boolean hasInput() {
        return held != null && mayUnwrap || end != 0;
    }

    /**
     * Decrypts into {@code [from, limit)} of the slab, of at least one record's length.
     *
     * @return bytes; or WOULD_BLOCK; END after the other side's close_notify; BROKEN, also when
     *     the connection ends without one, since then anybody may have cut it (RFC 8446 §6.1)
     */
    public int read(Slab into, int from, int limit) {
        assert limit - from >= PLAIN_MAX : "less than a record: " + (limit - from);
        ByteBuffer target = into.bytes;
        target.limit(limit).position(from);
        try {
            if (end == 0) {
                // The kernel tells of an end once: it may come behind bytes of this call.
                end = Math.min(0, fill(target));
            }
            int count = target.position() - from;
            return count > 0 ? count : end;
        } catch (SSLException e) {
            failed(e);
            pushRecords();
            return SocketHandle.BROKEN;
        } finally {
            target.clear();
        }
    }

    /** @return END or BROKEN when nothing can come any more; else WOULD_BLOCK */
    private int fill(ByteBuffer target) throws SSLException {
        while (!isBroken() && !closedByPeer) {
            if (held == null || !mayUnwrap) {
                int count = receive();
                if (count <= 0) {
                    return count == SocketHandle.END ? SocketHandle.BROKEN : count;
                }
            }
            ByteBuffer source = source();
            boolean more = true;
            while (more && target.remaining() >= PLAIN_MAX) {
                more = unwrap(source, target);
            }
            keepRest(source);
            if (target.remaining() < PLAIN_MAX) {
                return SocketHandle.WOULD_BLOCK;
            }
        }
        return closedByPeer ? SocketHandle.END : SocketHandle.BROKEN;
    }

    /** @return false when more bytes are needed first, or none will come */
    private boolean unwrap(ByteBuffer source, ByteBuffer target) throws SSLException {
        SSLEngineResult result = engine.unwrap(source, target);
        switch (result.getHandshakeStatus()) {
            case NEED_TASK -> runTasks();
            // Answers a key update, or a request to renegotiate with a refusal.
            case NEED_WRAP -> wrapNothing();
            default -> { }
        }
        mayUnwrap = result.getStatus() == Status.OK;
        if (result.getStatus() == Status.CLOSED) {
            closedByPeer = true;
        }
        return mayUnwrap && (result.bytesConsumed() > 0 || result.bytesProduced() > 0);
    }

    /** Reads records from the socket. @return as recv */
    private int receive() {
        if (held == null) {
            int count = socket.recv(buffers.inAddress, 0, Slab.BYTES);
            if (count > 0) {
                buffers.in.limit(count).position(0);
                mayUnwrap = true;
            }
            return count;
        }
        int count = socket.recv(held.address, heldTo, Slab.BYTES);
        if (count > 0) {
            heldTo += count;
            mayUnwrap = true;
        }
        return count;
    }

    private ByteBuffer source() {
        return held == null ? buffers.in : held.bytes.limit(heldTo).position(0);
    }

    /** What was not taken apart waits in a slab, at its beginning. */
    private void keepRest(ByteBuffer source) {
        int rest = source.remaining();
        if (rest == 0) {
            giveBackHeld();
        } else if (held != null) {
            held.bytes.put(0, held.bytes, source.position(), rest);
            heldTo = rest;
        } else {
            held = buffers.slabs.borrow();
            if (held == null) {
                broken = true;
                failure = "no slab is free";
                return;
            }
            held.bytes.put(0, source, source.position(), rest);
            heldTo = rest;
        }
        if (held != null) {
            held.bytes.clear();
        }
    }

    private void giveBackHeld() {
        mayUnwrap = false;
        if (held != null) {
            held.bytes.clear();
            buffers.slabs.giveBack(held);
            held = null;
        }
    }

    // ---- writing

    /** Whether records wait for the kernel: nothing more can be written meanwhile. */
    public boolean hasStuckOutput() {
        return output.isStuck();
    }

    /**
     * Encrypts {@code [from, limit)} of the slab and sends it.
     *
     * @return plain bytes taken, of which the last may still wait in records; or BROKEN
     */
    public int write(Slab source, int from, int limit) {
        if (!flush()) {
            return isBroken() ? SocketHandle.BROKEN : 0;
        }
        ByteBuffer plain = source.bytes;
        plain.limit(limit).position(from);
        try {
            while (plain.hasRemaining() && !isBroken()) {
                buffers.out.clear();
                while (plain.hasRemaining() && buffers.out.remaining() >= RECORD_MAX) {
                    if (engine.wrap(plain, buffers.out).bytesConsumed() == 0) {
                        break;
                    }
                }
                if (buffers.out.position() == 0 || !output.send()) {
                    break;
                }
            }
            return isBroken() ? SocketHandle.BROKEN : plain.position() - from;
        } catch (SSLException e) {
            failed(e);
            return SocketHandle.BROKEN;
        } finally {
            plain.clear();
        }
    }

    /** Sends records that wait. @return whether none does any more */
    public boolean flush() {
        return output.flush() && !broken;
    }

    // ---- end

    /** Tells the other side that nothing more comes, if the socket takes it now. */
    public void closeNotify() {
        if (isBroken() || output.isStuck()) {
            return;
        }
        engine.closeOutbound();
        pushRecords();
    }

    /** Lets go of all memory; the link must not be used any more. */
    public void release() {
        giveBackHeld();
        output.release();
        ReferenceCountUtil.release(engine);
    }
}
