package dev.sluice.worker.tls;

import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.loop.RawSocket;
import dev.sluice.worker.loop.SocketHandle;

/**
 * Records on their way to the kernel. They are made in the buffer that all connections of a loop
 * share; what the kernel does not take at once waits in a slab:
 *
 * <pre>
 *   stuck:  | sent | from: to be sent | to: free |        null while nothing waits
 * </pre>
 *
 * <p>Owner: event loop.
 */
final class TlsOutput {

    private final RawSocket socket;
    private final TlsBuffers buffers;
    private Slab stuck;
    private int from;
    private int to;
    private String failure;
    private boolean broken;

    TlsOutput(RawSocket socket, TlsBuffers buffers) {
        this.socket = socket;
        this.buffers = buffers;
    }

    boolean isStuck() {
        return stuck != null;
    }

    boolean isBroken() {
        return broken;
    }

    /** Why it is broken, where that is not the socket's doing; else null. */
    String failure() {
        return failure;
    }

    /** Sends what {@code buffers.out} holds. @return false when some of it has to wait */
    boolean send() {
        int length = buffers.out.position();
        int sent = 0;
        if (stuck == null && length > 0) {
            sent = socket.send(buffers.outAddress, 0, length);
            if (sent == SocketHandle.BROKEN) {
                broken = true;
                return false;
            }
        }
        if (sent == length) {
            return stuck == null;
        }
        keep(sent, length);
        return false;
    }

    private void keep(int begin, int end) {
        if (stuck == null) {
            stuck = buffers.slabs.borrow();
            from = 0;
            to = 0;
        }
        if (stuck == null || Slab.BYTES - to < end - begin) {
            broken = true;
            failure = "no room for records that the peer does not read";
            return;
        }
        stuck.bytes.put(to, buffers.out, begin, end - begin);
        to += end - begin;
        socket.wantWritable();
    }

    /** Sends records that wait. @return whether none does any more and the socket is whole */
    boolean flush() {
        if (stuck == null) {
            return !broken;
        }
        int count = socket.send(stuck.address, from, to);
        if (count == SocketHandle.BROKEN) {
            broken = true;
            return false;
        }
        from += count;
        if (from < to) {
            socket.wantWritable();
            return false;
        }
        release();
        return true;
    }

    void release() {
        if (stuck != null) {
            buffers.slabs.giveBack(stuck);
            stuck = null;
        }
    }
}
