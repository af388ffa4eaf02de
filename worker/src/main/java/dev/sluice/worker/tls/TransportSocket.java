package dev.sluice.worker.tls;

import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.SocketHandle;
import java.nio.ByteBuffer;

/**
 * A socket as the protocol above it uses it: bytes of the protocol in and out, plain or through
 * TLS. It moves them between the kernel and its user's memory and holds none.
 *
 * <p>Owner: event loop.
 */
public abstract class TransportSocket extends SocketHandle {

    /** Null on a plain connection, and before a handshake. */
    protected TlsLink tls;

    protected TransportSocket(LoopContext ctx) {
        super(ctx);
    }

    public final boolean canRead() {
        return readable || tls != null && tls.hasInput();
    }

    /** Reads into the slab, best with room for a record. @return bytes, WOULD_BLOCK, END, BROKEN */
    protected final int readPlain(Slab into, int from, int limit) {
        return readPlain(into.bytes, into.address, from, limit);
    }

    /** @param address of the buffer's memory */
    protected final int readPlain(ByteBuffer into, long address, int from, int limit) {
        return tls == null ? recv(address, from, limit) : tls.read(into, from, limit);
    }

    public final boolean canWrite() {
        return writable && (tls == null || !tls.hasStuckOutput());
    }

    /** An event follows when not all was taken. @return bytes taken, or BROKEN */
    protected final int writePlain(Slab source, int from, int limit) {
        int count = tls == null ? send(source.address, from, limit)
                : tls.write(source.bytes, from, limit);
        if (count >= 0 && count < limit - from) {
            armWritable();
        }
        return count;
    }

    /** Sends records that wait for the kernel, of which nobody else knows that they do. */
    public final void flushRecords() {
        if (tls != null && writable && tls.hasStuckOutput() && tls.flush()) {
            disarmWritable();
        }
    }

    /** Output rests, unless records wait for the kernel. */
    public final void allWritten() {
        if (tls == null || !tls.hasStuckOutput()) {
            disarmWritable();
        }
    }

    /** The other side sees the end of what is sent to it; without TLS it may send on. */
    public final void endOutput() {
        if (tls == null) {
            shutdownOutput();
        } else {
            tls.closeNotify();
        }
    }

    /**
     * Before the socket is closed.
     *
     * @param orderly whether the other side may take what it got for whole (RFC 8446 §6.1)
     */
    protected void endTls(boolean orderly) {
        TlsLink ending = tls;
        if (ending != null) {
            if (orderly && isOpen()) {
                ending.closeNotify();
            }
            tls = null;
            ending.release();
        }
    }
}
