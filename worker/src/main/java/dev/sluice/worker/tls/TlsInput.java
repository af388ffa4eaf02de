package dev.sluice.worker.tls;

import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.loop.RawSocket;
import java.nio.ByteBuffer;

/**
 * Records that were read from the socket and not taken apart yet. They are read into the buffer
 * that all connections of a loop share; what is left over at the end of a call waits in a slab of
 * its own, so an idle connection holds none:
 *
 * <pre>
 *   held:  | rest of the records read | heldTo: free |       null when everything was taken apart
 * </pre>
 *
 * <p>Owner: event loop.
 */
final class TlsInput {

    /** Records without data that a connection may begin with, and one more for so many bytes. */
    private static final int EMPTY_MAX = 64;
    private static final int BYTES_FOR_ONE = 64 * 1024;

    private final RawSocket socket;
    private final TlsBuffers buffers;
    private Slab held;
    private int heldTo;
    /** What is held may be a whole record. */
    private boolean mayUnwrap;
    private long dataBytes;
    private long emptyRecords;

    /**
     * @param first what was read before, from byte 0; handed over; null for nothing
     * @param firstBytes how much of it
     */
    TlsInput(RawSocket socket, TlsBuffers buffers, Slab first, int firstBytes) {
        this.socket = socket;
        this.buffers = buffers;
        this.held = first;
        this.heldTo = firstBytes;
        this.mayUnwrap = first != null;
    }

    /** Whether there may be a whole record without asking the socket. */
    boolean mayUnwrap() {
        return held != null && mayUnwrap;
    }

    /** Whether a part of a record, or more, waits. */
    boolean isHolding() {
        return held != null;
    }

    /** The engine has said whether more of what there is can be taken apart. */
    void mayUnwrap(boolean more) {
        mayUnwrap = more;
    }

    /**
     * A record was taken apart. Updates of keys (RFC 8446 §4.6.3), empty records and warnings cost
     * more than they say: nobody in earnest sends many.
     *
     * @param plainBytes what was in it
     * @return whether there were too many without data
     */
    boolean isFlooded(int plainBytes) {
        dataBytes += plainBytes;
        if (plainBytes == 0) {
            emptyRecords++;
        }
        return emptyRecords > EMPTY_MAX + dataBytes / BYTES_FOR_ONE;
    }

    /** Reads records from the socket. @return as recv */
    int receive() {
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

    /** What can be taken apart now, lent until {@link #keepRest}. */
    ByteBuffer source() {
        return held == null ? buffers.in : held.bytes.limit(heldTo).position(0);
    }

    /**
     * What was not taken apart waits in a slab, at its beginning.
     *
     * @return false when no slab is free
     */
    boolean keepRest(ByteBuffer source) {
        int rest = source.remaining();
        if (rest == 0) {
            release();
            return true;
        }
        if (held == null) {
            held = buffers.slabs.borrow();
            if (held == null) {
                return false;
            }
        }
        held.bytes.put(0, source, source.position(), rest);
        heldTo = rest;
        held.bytes.clear();
        return true;
    }

    void release() {
        mayUnwrap = false;
        if (held != null) {
            held.bytes.clear();
            buffers.slabs.giveBack(held);
            held = null;
        }
    }
}
