package dev.sluice.worker.loop;

import dev.sluice.common.log.Level;
import dev.sluice.common.log.StackTraces;
import dev.sluice.worker.linux.Errno;
import dev.sluice.worker.linux.Pipe;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.NotYetConnectedException;

/**
 * A non-blocking stream socket on the loop, edge-triggered (epoll(7)): one EPOLL_CTL_ADD for its
 * life, and what the kernel said last is kept as facts. Whoever sees {@link #readable} reads until
 * {@link #recv} answers 0, or until it is told otherwise by a short read.
 *
 * <p>EPOLLOUT is armed only while output is stuck. Netty makes two objects for an event mask that
 * it has not cached, and IN|OUT, which a socket always registered for both would report with every
 * request, is one of those: 40 bytes of garbage a request.
 *
 * <p>Owner: event loop.
 */
public abstract class SocketHandle extends Timed implements EpollIoHandle {

    /** {@link #recv}: nothing there now; an event will tell. */
    public static final int WOULD_BLOCK = 0;
    /** {@link #recv}: the peer has finished sending. */
    public static final int END = -1;
    /** {@link #recv}, {@link #send}, {@link #writev}: the connection is broken. */
    public static final int BROKEN = -2;

    private static final EpollIoOps READ_OPS =
            EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLRDHUP).with(EpollIoOps.EPOLLET);
    private static final EpollIoOps READ_WRITE_OPS = READ_OPS.with(EpollIoOps.EPOLLOUT);
    private static final int EPOLLIN = EpollIoOps.EPOLLIN.value();
    private static final int EPOLLOUT = EpollIoOps.EPOLLOUT.value();
    /** EPOLLERR | EPOLLHUP | EPOLLRDHUP: the next read tells which. */
    private static final int HANG_UP = 0x008 | 0x010 | EpollIoOps.EPOLLRDHUP.value();

    private static final int IPPROTO_TCP = 6;
    private static final int TCP_KEEPIDLE = 4;
    private static final int TCP_KEEPINTVL = 5;
    private static final int TCP_KEEPCNT = 6;
    private static final int PROBES = 3;

    protected final LoopContext ctx;
    private Socket socket;
    private IoRegistration registration;
    /** A read may find something. */
    protected boolean readable;
    /** A write may be taken; true until the kernel refuses one. */
    protected boolean writable;
    /** An end or an error was reported: reads go on until they say which. */
    protected boolean hungUp;
    private boolean writeArmed;

    protected SocketHandle(LoopContext ctx) {
        this.ctx = ctx;
    }

    /**
     * Puts a connected or connecting socket on the loop; it is owned by this handle from now on.
     *
     * @param waitForWritable true for a socket that is still connecting
     * @return false when epoll refused it; the socket is closed then
     */
    protected final boolean attach(Socket fresh, boolean waitForWritable) {
        assert ctx.loop.inEventLoop();
        assert socket == null;
        socket = fresh;
        readable = false;
        hungUp = false;
        writable = !waitForWritable;
        writeArmed = waitForWritable;
        try {
            registration = ctx.loop.register(this);
            registration.submit(waitForWritable ? READ_WRITE_OPS : READ_OPS);
            return true;
        } catch (UncheckedIOException | IllegalStateException e) {
            closeSocket();
            return false;
        }
    }

    @Override
    public final void handle(IoRegistration from, IoEvent event) {
        ctx.loop.beginTurn();
        if (from != registration) {
            return;
        }
        int ops = ((EpollIoEvent) event).ops().value();
        if ((ops & EPOLLIN) != 0) {
            readable = true;
        }
        if ((ops & EPOLLOUT) != 0) {
            writable = true;
        }
        if ((ops & HANG_UP) != 0) {
            readable = true;
            writable = true;
            hungUp = true;
        }
        try {
            onReady();
        } catch (RuntimeException e) {
            defect(e);
        }
    }

    /**
     * An exception came out of this connection's handling, which is a defect of ours: the
     * connection pays with its life, not the worker. A second one while closing ends the worker,
     * and so does a failed assertion, whose state nobody can vouch for.
     */
    final void defect(RuntimeException e) {
        StackTraces.log(ctx.log, "a connection is closed because of a defect of this program", e);
        try {
            close();
        } catch (RuntimeException again) {
            throw new AssertionError("closing after a defect failed", again);
        }
    }

    /** The facts have changed: use them. */
    protected abstract void onReady();

    // recv(2) and send(2) are made for sockets: read(2) and write(2) come to the same place by way
    // of what all kinds of files have in common, which is 3 % of a small request's time. By Netty's
    // calls and not by Libc's: those allocate until C2 has seen through all of a foreign call.
    // Netty makes ENOTCONN, which a reset can look like, an unchecked exception: it is caught with
    // the others wherever the kernel is asked.

    /**
     * Reads into {@code [position, limit)} of the memory at {@code address}.
     *
     * @return bytes read, or {@link #WOULD_BLOCK}, {@link #END}, {@link #BROKEN}
     */
    protected final int recv(long address, int position, int limit) {
        assert position < limit;
        try {
            int count = socket.recvAddress(address, position, limit);
            if (count < limit - position && !hungUp) {
                // Fewer bytes than asked for: the queue is empty, and what comes later is a new
                // edge (epoll(7), "read until EAGAIN or a short count").
                readable = false;
            }
            if (count <= 0) {
                readable = false;
            }
            return count;
        } catch (IOException | NotYetConnectedException e) {
            readable = false;
            return BROKEN;
        }
    }

    /** Takes bytes off the socket that have been looked at (recv(2), MSG_PEEK); more may follow. */
    public final void skip(long address, int length) {
        int count = recv(address, 0, length);
        assert count == length || count < 0 : count;
    }

    /** @return bytes taken by the kernel, fewer than asked for when it is full; or BROKEN */
    protected final int send(long address, int position, int limit) {
        try {
            int count = socket.sendAddress(address, position, limit);
            if (count < limit - position) {
                writable = false;
            }
            return count;
        } catch (IOException | NotYetConnectedException e) {
            return BROKEN;
        }
    }

    /** @return bytes taken by the kernel, fewer than asked for when it is full; or BROKEN */
    protected final long writev(IoVec vec) {
        try {
            long count = socket.writevAddresses(vec.address(), vec.count());
            if (count < vec.byteCount()) {
                writable = false;
            }
            return count;
        } catch (IOException | NotYetConnectedException e) {
            return BROKEN;
        }
    }

    /**
     * Moves what has come into an empty pipe. A short count says nothing here: a pipe takes so many
     * pieces, however small they are.
     *
     * @return bytes moved, or {@link #WOULD_BLOCK}, {@link #END}, {@link #BROKEN}
     */
    public final long fill(Pipe pipe) {
        long count = pipe.fill(fdNumber());
        if (count > 0) {
            return count;
        }
        readable = false;
        return count == 0 ? END : count == -Errno.EAGAIN ? WOULD_BLOCK : BROKEN;
    }

    /** @return bytes moved out of the pipe, 0 when the kernel is full; or {@link #BROKEN} */
    public final long drain(Pipe pipe) {
        long count = pipe.drain(fdNumber());
        if (count == -Errno.EAGAIN) {
            writable = false;
            armWritable();
            return WOULD_BLOCK;
        }
        return count < 0 ? BROKEN : count;
    }

    /**
     * Has the kernel ask the other side whether it lives when nothing has come for so long, and
     * then three times more in the same time (TCP keepalive, RFC 9293 §3.8.4, tcp(7)): without an
     * answer the connection is broken.
     *
     * @param seconds above 0
     */
    public final void probeWhenIdle(int seconds) {
        try {
            Socket probed = socket();
            probed.setKeepAlive(true);
            probed.setIntOpt(IPPROTO_TCP, TCP_KEEPIDLE, seconds);
            probed.setIntOpt(IPPROTO_TCP, TCP_KEEPINTVL, Math.max(1, seconds / PROBES));
            probed.setIntOpt(IPPROTO_TCP, TCP_KEEPCNT, PROBES);
        } catch (IOException e) {
            // A unix socket, whose other side cannot be lost, or a connection that is gone.
            ctx.log.log(Level.DEBUG, "no keepalive: " + e.getMessage());
        }
    }

    /** From here on the end of the connection is a RST: nothing may pass for complete. */
    public final void endsByReset() {
        try {
            socket().setSoLinger(0);
        } catch (IOException e) {
            // The connection is gone already, which is what was wanted.
            hungUp = true;
        }
    }

    /** Asks for an event when output can go on; after a write that was not taken whole. */
    protected final void armWritable() {
        if (!writeArmed && registration != null) {
            writeArmed = true;
            registration.submit(READ_WRITE_OPS);
        }
    }

    /** Output has drained and will rest for a while. */
    protected final void disarmWritable() {
        if (writeArmed && registration != null) {
            writeArmed = false;
            registration.submit(READ_OPS);
        }
    }

    /** Sends FIN after what was written (shutdown(2), SHUT_WR); the next read finds an error. */
    protected final void shutdownOutput() {
        try {
            socket().shutdown(false, true);
        } catch (IOException | NotYetConnectedException e) {
            // A reset that is seen first here.
            hungUp = true;
            readable = true;
        }
    }

    /** Closes with RST instead of FIN, so that a cut response cannot pass for a whole one. */
    protected final void resetSocket() {
        endsByReset();
        closeSocket();
    }

    /** Takes the socket off the loop and leaves it open. @return its number; not this one's now */
    protected final int detach() {
        int fd = socket.intValue();
        ctx.timers.clear(this);
        registration.cancel();
        registration = null;
        socket = null;
        readable = false;
        writable = false;
        return fd;
    }

    /** Closes the descriptor, which also takes it out of epoll; and clears the deadline. */
    protected final void closeSocket() {
        ctx.timers.clear(this);
        Socket closing = socket;
        if (closing == null) {
            return;
        }
        try {
            closing.close();
        } catch (IOException e) {
            ctx.log.log(Level.WARN, "close() failed: " + e.getMessage());
        }
        IoRegistration old = registration;
        registration = null;
        if (old != null) {
            // After close(): Netty then skips EPOLL_CTL_DEL, which the kernel has done.
            old.cancel();
        }
        socket = null;
        readable = false;
        writable = false;
    }

    /** This socket for a layer above: its reads and writes keep the same facts. */
    public final RawSocket raw() {
        return new RawSocket() {
            @Override
            public int recv(long address, int from, int limit) {
                return SocketHandle.this.recv(address, from, limit);
            }

            @Override
            public int send(long address, int from, int limit) {
                return SocketHandle.this.send(address, from, limit);
            }

            @Override
            public void wantWritable() {
                armWritable();
            }
        };
    }

    /** An end or an error was reported: no more comes than what has come. */
    public final boolean hasHungUp() {
        return hungUp;
    }

    protected final boolean isOpen() {
        return socket != null;
    }

    /** Null when closed. */
    protected final Socket socket() {
        return socket;
    }

    /** The descriptor's number, or -1 when closed. */
    public final int fdNumber() {
        return socket == null ? -1 : socket.intValue();
    }

    @Override
    public final Socket fd() {
        return socket;
    }

    /**
     * Ends whatever runs on this connection and closes it: the loop is torn down, or the
     * connection's handling has thrown. Overridden by connections that somebody waits for.
     */
    @Override
    public void close() {
        closeSocket();
    }
}
