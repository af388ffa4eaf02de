package dev.sluice.worker.tunnel;

import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.loop.SocketHandle;
import dev.sluice.worker.relay.RelayEnd;
import dev.sluice.worker.upstream.UpstreamConnection;

/** The target's end of a tunnel. Owner: event loop; a part of its tunnel. */
final class TargetEnd implements RelayEnd {

    private UpstreamConnection connection;

    void begin(UpstreamConnection made) {
        connection = made;
    }

    @Override
    public boolean canRead() {
        return connection.canRead();
    }

    @Override
    public int read(Slab into, int from, int limit) {
        return connection.read(into, from, limit);
    }

    @Override
    public boolean canWrite() {
        return connection.canWrite();
    }

    @Override
    public int write(Slab source, int from, int limit) {
        return connection.write(source, from, limit);
    }

    @Override
    public void allWritten() {
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
    public SocketHandle socketHandle() {
        return connection;
    }

    @Override
    public void movedFrom(long count) {
        throw new AssertionError("bytes of tunnels are copied");
    }

    @Override
    public void movedTo(long count) {
        throw new AssertionError("bytes of tunnels are copied");
    }
}
