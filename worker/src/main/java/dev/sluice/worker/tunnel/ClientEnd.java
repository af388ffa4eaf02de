package dev.sluice.worker.tunnel;

import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.loop.SocketHandle;
import dev.sluice.worker.relay.RelayEnd;

/**
 * The client's end of a tunnel, whatever its protocol. Few bytes are copied to it; many are lent,
 * and count as taken when they come back.
 *
 * <p>Owner: event loop; a part of its tunnel.
 */
final class ClientEnd implements RelayEnd {

    /** Up to here copying is cheaper than lending. */
    private static final int COPY_MAX = 8 * 1024;

    private ClientStream client;
    private boolean mayRead;
    private boolean lent;
    /** What was lent has come back and was not counted yet. */
    private boolean returned;

    void begin(ClientStream of) {
        client = of;
        mayRead = true;
    }

    /** The client has sent more, or has ended. */
    void readable() {
        mayRead = true;
    }

    /** The client has taken all that it was given. */
    void returned() {
        returned = lent;
        lent = false;
    }

    @Override
    public boolean canRead() {
        return mayRead;
    }

    @Override
    public int read(Slab into, int from, int limit) {
        int count = client.readBody(into.bytes, into.address, from, limit);
        if (count > 0) {
            return count;
        }
        mayRead = false;
        return switch (count) {
            case ClientStream.BODY_END -> SocketHandle.END;
            case ClientStream.BODY_ERROR -> SocketHandle.BROKEN;
            default -> SocketHandle.WOULD_BLOCK;
        };
    }

    @Override
    public boolean canWrite() {
        return !lent;
    }

    @Override
    public int write(Slab source, int from, int limit) {
        int length = limit - from;
        if (returned) {
            returned = false;
            return length;
        }
        if (length <= COPY_MAX && client.room() >= length) {
            int taken = client.writeCopy(source.bytes, from, length);
            assert taken == length;
            return taken;
        }
        client.writeLent(source.bytes, source.address, from, length);
        lent = true;
        return 0;
    }

    @Override
    public void allWritten() {
        // The stream knows.
    }

    @Override
    public void endOutput() {
        // The tunnel ends the answer when it lets go of the target.
    }

    @Override
    public boolean encrypted() {
        // A record of TLS must fit, if there are any.
        return true;
    }

    @Override
    public SocketHandle socketHandle() {
        throw new AssertionError("bytes of tunnels are copied");
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
