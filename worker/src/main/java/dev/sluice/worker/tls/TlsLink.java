package dev.sluice.worker.tls;

import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.loop.RawSocket;
import dev.sluice.worker.loop.SocketHandle;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * One TLS connection over a socket of the loop (RFC 8446, RFC 5246). Plain bytes are read into and
 * written from memory of the caller; records live in the {@link TlsBuffers} of the loop. What is
 * left over at the end of a call waits in slabs, so an idle connection holds none.
 *
 * <p>The engine closes both directions when the other side has said close_notify, as TLS 1.2 asks
 * for (RFC 5246 §7.2.1): nothing can be written then.
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

    private final TlsEngine engine;
    private final TlsBuffers buffers;
    private final TlsInput input;
    private final TlsOutput output;
    private final PlainRest rest;
    /** Null for records as large as can be. */
    private final RecordSizes sizes;
    private boolean begun;
    private boolean closedByPeer;
    /** END or BROKEN once that is known, else 0. */
    private int end;
    private boolean broken;
    private String failure;
    private boolean untrusted;

    public TlsLink(TlsEngine engine, RawSocket socket, TlsBuffers buffers) {
        this(engine, socket, buffers, null, 0, null);
    }

    /**
     * @param first records that were read already, from byte 0 of the slab; handed over
     * @param firstBytes how much of it
     * @param sizes of the records that are written; null for the largest
     */
    TlsLink(TlsEngine engine, RawSocket socket, TlsBuffers buffers, Slab first, int firstBytes,
            RecordSizes sizes) {
        this.engine = engine;
        this.buffers = buffers;
        this.input = new TlsInput(socket, buffers, first, firstBytes);
        this.output = new TlsOutput(socket, buffers);
        this.rest = new PlainRest(buffers.slabs);
        this.sizes = sizes;
    }

    /** For what the handshake has settled. */
    public TlsEngine engine() {
        return engine;
    }

    /** Where plain bytes may be put together. */
    public TlsBuffers buffers() {
        return buffers;
    }

    /** Why the connection cannot be used; null while it can. */
    public String failure() {
        return failure == null ? output.failure() : failure;
    }

    /** Nothing can be read or written any more. */
    public boolean isBroken() {
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
            pushRecords();
            return Handshake.FAILED;
        }
    }

    private Handshake advance() throws SSLException {
        if (!flush()) {
            return isBroken() ? Handshake.FAILED : Handshake.WAITING;
        }
        if (!begun) {
            begun = true;
            engine.begin();
        }
        for (;;) {
            switch (engine.status()) {
                case NEED_TASK -> {
                    if (!engine.runTasks()) {
                        return Handshake.WAITING;
                    }
                }
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

    /** @return above 0 when records were taken apart; else what the socket said */
    private int unwrapHandshake() throws SSLException {
        if (!input.mayUnwrap()) {
            int count = input.receive();
            if (count <= 0) {
                return count == SocketHandle.WOULD_BLOCK && concluded() ? 1 : count;
            }
        }
        ByteBuffer source = input.source();
        try {
            int from = source.position();
            Status status = engine.unwrap(source, buffers.plain.clear());
            if (buffers.plain.position() > 0) {
                // A request may share a packet with the end of the handshake.
                kept(rest.takeAndKeep(buffers.plain.flip(), NOTHING));
            }
            input.mayUnwrap(status == Status.OK && source.position() > from);
            return status == Status.CLOSED ? SocketHandle.END : 1;
        } finally {
            kept(input.keepRest(source));
        }
    }

    private void kept(boolean done) {
        if (!done) {
            broken = true;
            failure = "no slab is free";
        }
    }

    /**
     * The engine draws its conclusions from the last record when it is called the next time.
     *
     * @return whether it waits for something else now, or for nothing
     */
    private boolean concluded() throws SSLException {
        engine.unwrap(NOTHING, buffers.plain.clear());
        HandshakeStatus status = engine.status();
        return status != HandshakeStatus.NEED_UNWRAP
                && status != HandshakeStatus.NEED_UNWRAP_AGAIN;
    }

    /** Makes the records that the protocol owes. @return false when they are not all sent */
    private boolean wrapNothing() throws SSLException {
        buffers.out.clear();
        boolean sent;
        try {
            engine.wrap(NOTHING, buffers.out);
        } finally {
            // When it fails, this is the alert that tells the other side why.
            sent = output.send();
        }
        return sent;
    }

    private void pushRecords() {
        try {
            for (int i = 0; i < 2 && engine.status() == HandshakeStatus.NEED_WRAP;
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
        return !rest.isEmpty() || input.mayUnwrap() || end != 0;
    }

    /** Whether a part of a record waits for what follows it. */
    public boolean isHolding() {
        return input.isHolding();
    }

    /**
     * Decrypts into {@code [from, limit)} of the buffer, whose position and limit are used for it.
     * Room for a whole record saves a copy.
     *
     * @return bytes; or WOULD_BLOCK; END after the other side's close_notify; BROKEN, also when
     *     the connection ends without one, since then anybody may have cut it (RFC 8446 §6.1)
     */
    public int read(ByteBuffer target, int from, int limit) {
        assert from < limit;
        target.limit(limit).position(from);
        try {
            rest.take(target);
            if (end == 0 && target.position() == from) {
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
        int from = target.position();
        boolean roomy = target.remaining() >= RECORD_MAX;
        while (!isBroken() && !closedByPeer) {
            if (!input.mayUnwrap()) {
                int count = input.receive();
                if (count <= 0) {
                    return count == SocketHandle.END ? SocketHandle.BROKEN : count;
                }
            }
            ByteBuffer source = input.source();
            try {
                if (roomy) {
                    boolean more = true;
                    while (more && target.remaining() >= RECORD_MAX) {
                        more = unwrap(source, target);
                    }
                } else {
                    unwrap(source, buffers.plain.clear());
                    kept(rest.takeAndKeep(buffers.plain.flip(), target));
                }
            } finally {
                kept(input.keepRest(source));
            }
            if (target.remaining() < (roomy ? RECORD_MAX : 1)
                    || !roomy && target.position() > from) {
                return SocketHandle.WOULD_BLOCK;
            }
        }
        return closedByPeer ? SocketHandle.END : SocketHandle.BROKEN;
    }

    /** @return false when more bytes are needed first, or none will come */
    private boolean unwrap(ByteBuffer source, ByteBuffer target) throws SSLException {
        int from = source.position();
        int to = target.position();
        Status status = engine.unwrap(source, target);
        boolean consumed = source.position() > from;
        if (consumed && input.isFlooded(target.position() - to)) {
            broken = true;
            failure = "too many records without data";
            return false;
        }
        switch (engine.status()) {
            case NEED_TASK -> engine.runTasks();
            // Answers a key update, or a request to renegotiate with a refusal.
            case NEED_WRAP -> wrapNothing();
            default -> { }
        }
        boolean ok = status == Status.OK;
        input.mayUnwrap(ok);
        closedByPeer |= status == Status.CLOSED;
        return ok && (consumed || target.position() > to);
    }

    // ---- writing

    /** Whether records wait for the kernel: nothing more can be written meanwhile. */
    public boolean hasStuckOutput() {
        return output.isStuck();
    }

    /**
     * Encrypts {@code [from, limit)} of the buffer and sends it. Its position and limit are used
     * for it.
     *
     * @return plain bytes taken, of which the last may still wait in records; or BROKEN
     */
    public int write(ByteBuffer plain, int from, int limit) {
        if (!flush()) {
            return isBroken() ? SocketHandle.BROKEN : 0;
        }
        plain.limit(limit).position(from);
        try {
            boolean sent = true;
            while (plain.hasRemaining() && sent && !isBroken()) {
                buffers.out.clear();
                int before;
                do {
                    before = plain.position();
                    if (sizes != null) {
                        plain.limit(Math.min(limit, plain.position() + sizes.next()));
                    }
                    engine.wrap(plain, buffers.out);
                    plain.limit(limit);
                } while (plain.position() > before && plain.hasRemaining()
                        && buffers.out.remaining() >= RECORD_MAX);
                // Nothing comes out when the other side has said that it is closed.
                broken |= buffers.out.position() == 0;
                sent = output.send();
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
        engine.close();
        try {
            // It is not asked whether it wants to: BoringSSL's engine does not tell of this record.
            wrapNothing();
        } catch (SSLException e) {
            failed(e);
        }
    }

    /** Lets go of all memory; the link must not be used any more. */
    public void release() {
        input.release();
        rest.release();
        output.release();
        engine.release();
    }
}
