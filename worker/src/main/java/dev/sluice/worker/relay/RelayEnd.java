package dev.sluice.worker.relay;

import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.loop.SocketHandle;

/** One of the two ends of a relay, as a {@link Flow} uses it. All calls come on the loop. */
public interface RelayEnd {

    boolean canRead();

    /** Best with room for a record. @return bytes, or WOULD_BLOCK, END or BROKEN */
    int read(Slab into, int from, int limit);

    boolean canWrite();

    /**
     * An event follows when not all was taken; what was not stays where it is until then, since it
     * may be lent ({@code ClientStream.writeLent}).
     *
     * @return bytes taken, or BROKEN
     */
    int write(Slab source, int from, int limit);

    /** Output rests. */
    void allWritten();

    /** The other side sees the end of what is sent to it, and may send on. */
    void endOutput();

    /** Whether there is TLS: the kernel cannot move its bytes then. */
    boolean encrypted();

    /** The socket, to move bytes in the kernel. */
    SocketHandle socketHandle();

    /** So much was moved in the kernel from here. */
    void movedFrom(long count);

    /** So much was moved in the kernel to here. */
    void movedTo(long count);
}
