package dev.sluice.worker.relay;

import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.loop.SocketHandle;
import dev.sluice.worker.upstream.UpstreamConnection;

/** The end of a relay that is a connection made by this worker. Owner: event loop. */
public class ConnectionEnd implements RelayEnd {

    /** Null while there is none. */
    protected UpstreamConnection connection;

    /** Without TLS, and bytes are copied. */
    public final void begin(UpstreamConnection made) {
        connection = made;
    }

    @Override
    public final boolean canRead() {
        return connection.canRead();
    }

    @Override
    public final int read(Slab into, int from, int limit) {
        return connection.read(into, from, limit);
    }

    @Override
    public final boolean canWrite() {
        return connection.canWrite();
    }

    @Override
    public final int write(Slab source, int from, int limit) {
        return connection.write(source, from, limit);
    }

    @Override
    public final void allWritten() {
        connection.allWritten();
    }

    @Override
    public void endOutput() {
        connection.endOutput();
    }

    @Override
    public boolean encrypted() {
        return false;
    }

    @Override
    public final SocketHandle socketHandle() {
        return connection;
    }

    @Override
    public void movedFrom(long count) {
        throw new AssertionError("bytes are copied");
    }

    @Override
    public void movedTo(long count) {
        throw new AssertionError("bytes are copied");
    }
}
