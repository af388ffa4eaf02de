package dev.sluice.worker.listen;

import dev.sluice.common.config.ListenConfig;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.log.Level;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.LoopContext;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Errors;
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

    private static final int ECONNABORTED = 103;

    private final LoopContext ctx;
    private final Listeners set;
    private final Socket socket;
    /** {@code ListenConfig.key()}. */
    final String key;
    /** Below zero for one that this configuration does not have, which is never polled. */
    final int listenIndex;
    /** Slot whose socket this is when it was adopted; -1 for the worker's own. */
    final int adoptedSlot;
    private final byte[] address = new byte[32];
    /** A unix socket's clients have no address worth keeping. */
    private final boolean unix;
    /** What comes are no connections. */
    private final boolean datagrams;
    private IoRegistration registration;
    private int expected = 1;

    Listener(LoopContext ctx, Listeners set, int fd, String key, int listenIndex,
            int adoptedSlot) {
        this.ctx = ctx;
        this.set = set;
        this.socket = new Socket(fd);
        this.key = key;
        this.unix = key.startsWith("unix:");
        this.datagrams = key.startsWith(ListenConfig.UDP);
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
        if (!((EpollIoEvent) event).ops().contains(EpollIoOps.EPOLLIN)) {
            return;
        }
        if (datagrams) {
            set.datagrams(socket.intValue(), listenIndex);
        } else {
            acceptExpected();
        }
    }

    /** Accepts until the queue is empty, or so many. */
    void accept(int most) {
        if (!datagrams) {
            acceptBatch(most);
        }
    }

    /**
     * Level-triggered, so a batch may end early: as many are tried as came last time, twice as many
     * when all of those did. A lone connection then costs one accept4(2), not a second that finds
     * nothing.
     */
    private void acceptExpected() {
        int accepted = acceptBatch(expected);
        expected = accepted == expected
                ? Math.min(set.batchMax(), accepted * 2) : Math.max(1, accepted);
    }

    private int acceptBatch(int most) {
        for (int i = 0; i < most; i++) {
            int fd;
            try {
                fd = socket.accept(address);
            } catch (IOException e) {
                if (isAboutOneConnection(e)) {
                    ctx.counters.add(CounterId.ACCEPT_ERRORS, 1);
                    continue;
                }
                acceptFailed(e);
                return i;
            }
            if (fd < 0) {
                return i;
            }
            if (unix) {
                address[0] = 0;
            }
            set.accepted(fd, address, listenIndex);
            if (set.isPaused(this)) {
                return i + 1;
            }
        }
        return most;
    }

    /** The client has reset a connection that waited in the queue: the next one is fine. */
    private static boolean isAboutOneConnection(IOException e) {
        return e instanceof Errors.NativeIoException n && n.expectedErr() == -ECONNABORTED;
    }

    private void acceptFailed(IOException e) {
        ctx.counters.add(CounterId.ACCEPT_ERRORS, 1);
        if (ctx.log.enabled(Level.ERROR)) {
            ctx.log.log(Level.ERROR, "accept() failed on " + key + ": " + e.getMessage());
        }
        // EMFILE, ENFILE, ENOMEM, ENOBUFS: a level-triggered listener would spin.
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
