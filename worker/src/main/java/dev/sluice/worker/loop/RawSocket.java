package dev.sluice.worker.loop;

/** A {@link SocketHandle} as a protocol layer above it uses it. All calls come on the loop. */
public interface RawSocket {

    /** Bytes, or {@link SocketHandle#WOULD_BLOCK}, END or BROKEN; as the handle's own recv. */
    int recv(long address, int from, int limit);

    /** Bytes taken, fewer when the kernel is full, or BROKEN; as the handle's own send. */
    int send(long address, int from, int limit);

    /** An event is wanted when output can go on. */
    void wantWritable();
}
