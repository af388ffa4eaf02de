package dev.sluice.worker.detect;

import dev.sluice.worker.exchange.ProxiedEnds;
import dev.sluice.worker.loop.SocketHandle;
import io.netty.channel.unix.Socket;

/**
 * A connection of which is not known yet what it speaks. It holds no memory but itself.
 *
 * <p>Owner: event loop.
 */
final class FirstBytes extends SocketHandle {

    final byte[] address;
    final int listenIndex;
    final long serial;
    final long acceptedNs;
    private final Detector detector;
    /** A header was taken off; there may be no second one. */
    boolean hasHeader;
    /** What it said; null when it named nobody. */
    ProxiedEnds ends;

    FirstBytes(Detector detector, byte[] address, int listenIndex, long serial) {
        super(detector.ctx);
        this.detector = detector;
        this.address = address;
        this.listenIndex = listenIndex;
        this.serial = serial;
        this.acceptedNs = ctx.clock.nowNs();
    }

    /** @return false when the loop refused the socket, which is closed then */
    boolean start(Socket socket, long timeoutNs) {
        if (!attach(socket, false)) {
            return false;
        }
        ctx.timers.set(this, ctx.clock.nowNs() + timeoutNs);
        return true;
    }

    @Override
    protected void onReady() {
        if (isOpen()) {
            detector.look(this);
        }
    }

    /** Whether it is still nobody's. */
    boolean isWaiting() {
        return isOpen();
    }

    /** The socket leaves this loop's hands open: it is somebody else's from now on. */
    int handOver() {
        detector.gone(this);
        return detach();
    }

    @Override
    protected void onDeadline(long nowNs) {
        detector.log(this, "the client took too long");
        close();
    }

    @Override
    public void close() {
        if (isOpen()) {
            detector.gone(this);
            closeSocket();
        }
    }
}
