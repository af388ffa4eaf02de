package dev.sluice.worker.listen;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.log.Level;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.LoopContext;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;

/**
 * One listening socket, level-triggered: what a turn leaves in the queue is there in the next
 * one. The socket itself stays open in the master; closing this copy loses nothing.
 *
 * <p>Owner: event loop.
 */
final class Listener implements EpollIoHandle {

    /** Never ready on a listening socket: polling pauses without leaving epoll. */
    private static final EpollIoOps PAUSED = EpollIoOps.EPOLLRDHUP;

    private final LoopContext ctx;
    private final Listeners set;
    private final Socket socket;
    /** {@code ListenConfig.key()}. */
    final String key;
    private final int listenIndex;
    /** Slot whose socket this is when it was adopted; -1 for the worker's own. */
    final int adoptedSlot;
    private final byte[] address = new byte[32];
    /** A unix socket's clients have no address worth keeping. */
    private final boolean unix;
    private IoRegistration registration;

    Listener(LoopContext ctx, Listeners set, int fd, String key, int listenIndex,
            int adoptedSlot) {
        this.ctx = ctx;
        this.set = set;
        this.socket = new Socket(fd);
        this.key = key;
        this.unix = key.startsWith("unix:");
        this.listenIndex = listenIndex;
        this.adoptedSlot = adoptedSlot;
    }

    void start(EventLoop loop, boolean polling) {
        registration = loop.register(this);
        if (polling) {
            poll(true);
        }
    }

    /** Before the first call the socket is not in epoll: the master may not listen on it yet. */
    void poll(boolean on) {
        registration.submit(on ? EpollIoOps.EPOLLIN : PAUSED);
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        ctx.loop.beginTurn();
        if (((EpollIoEvent) event).ops().contains(EpollIoOps.EPOLLIN)) {
            acceptBatch(set.batchMax());
        }
    }

    /** Accepts until the queue is empty. Called before this copy of a last one is closed. */
    void acceptAll() {
        acceptBatch(Integer.MAX_VALUE);
    }

    private void acceptBatch(int most) {
        for (int i = 0; i < most; i++) {
            int fd;
            try {
                fd = socket.accept(address);
            } catch (IOException e) {
                acceptFailed(e);
                return;
            }
            if (fd < 0) {
                return;
            }
            if (unix) {
                address[0] = 0;
            }
            set.accepted(fd, address, listenIndex);
            if (set.isPaused()) {
                return;
            }
        }
    }

    private void acceptFailed(IOException e) {
        ctx.counters.add(CounterId.ACCEPT_ERRORS, 1);
        if (ctx.log.enabled(Level.ERROR)) {
            ctx.log.log(Level.ERROR, "accept() failed on " + key + ": " + e.getMessage());
        }
        // ECONNABORTED and the like concern one connection; EMFILE, ENFILE, ENOMEM, ENOBUFS
        // would make a level-triggered listener spin.
        set.pauseForResources();
    }

    /** Leaves epoll and closes this process's copy of the descriptor. */
    void stop() {
        // First: the master's copy keeps the socket alive, so close() would leave it in epoll.
        registration.cancel();
        try {
            socket.close();
        } catch (IOException e) {
            ctx.log.log(Level.WARN, "close() of listener " + key + " failed: " + e.getMessage());
        }
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public void close() {
        stop();
    }
}
