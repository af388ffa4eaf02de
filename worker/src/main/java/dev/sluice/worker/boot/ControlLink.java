package dev.sluice.worker.boot;

import dev.sluice.common.control.ControlCodec;
import dev.sluice.common.control.ControlDecoder;
import dev.sluice.common.control.ControlMessage;
import dev.sluice.worker.loop.LoopContext;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * The worker's end of the two sockets to its master: messages on one, descriptors on the other.
 * When the message socket ends, the master is gone and the worker ends too.
 *
 * <p>Owner: event loop.
 */
final class ControlLink implements EpollIoHandle {

    /** What the worker does with what its master says. */
    interface Listener {
        void said(ControlMessage.FromMaster message);

        /** The master is gone. */
        void masterGone();
    }

    private static final int READ_BYTES = 16 * 1024;
    private static final EpollIoOps READ = EpollIoOps.EPOLLIN;
    private static final EpollIoOps READ_WRITE = READ.with(EpollIoOps.EPOLLOUT);

    private final LoopContext ctx;
    private final Socket messages;
    private final Socket descriptors;
    private final Listener listener;
    private final ControlDecoder decoder =
            new ControlDecoder(ControlCodec.FROM_MASTER_BYTES_MAX);
    private final ByteBuffer input = ByteBuffer.allocateDirect(READ_BYTES);
    private final ArrayDeque<ByteBuffer> output = new ArrayDeque<>();
    private IoRegistration registration;
    private boolean ended;

    ControlLink(LoopContext ctx, int messageFd, int descriptorFd, Listener listener) {
        this.ctx = ctx;
        this.messages = new Socket(messageFd);
        this.descriptors = new Socket(descriptorFd);
        this.listener = listener;
    }

    void start() {
        registration = ctx.loop.register(this);
        registration.submit(READ);
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        ctx.loop.beginTurn();
        if (((EpollIoEvent) event).ops().contains(EpollIoOps.EPOLLOUT)) {
            flush();
        }
        read();
    }

    private void read() {
        try {
            while (!ended) {
                int count = messages.recv(input, 0, READ_BYTES);
                if (count == 0) {
                    return;
                }
                if (count < 0) {
                    end();
                    return;
                }
                input.limit(count).position(0);
                decoder.feed(input);
                input.clear();
                deliver();
            }
        } catch (IOException e) {
            end();
        }
    }

    private void deliver() {
        for (ControlMessage m = decoder.next(); m != null && !ended; m = decoder.next()) {
            if (m instanceof ControlMessage.FromMaster said) {
                listener.said(said);
            }
        }
        if (decoder.error() != null) {
            // A master that cannot be understood is no master: it will start another worker.
            end();
        }
    }

    private void end() {
        if (!ended) {
            ended = true;
            registration.cancel();
            listener.masterGone();
        }
    }

    /** Sends a message; what the socket does not take at once follows when it does. */
    void say(ControlMessage.FromWorker message) {
        byte[] bytes = ControlCodec.encode(message);
        output.add(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
        flush();
    }

    /** Whether something that was said has not been taken yet. */
    boolean isStuck() {
        return !output.isEmpty();
    }

    private void flush() {
        try {
            while (!output.isEmpty()) {
                ByteBuffer first = output.peek();
                int count = messages.send(first, first.position(), first.limit());
                first.position(first.position() + count);
                if (first.hasRemaining()) {
                    registration.submit(READ_WRITE);
                    return;
                }
                output.remove();
            }
            if (registration != null) {
                registration.submit(READ);
            }
        } catch (IOException e) {
            end();
        }
    }

    /**
     * Takes one descriptor that the master has sent; it is the caller's from now on.
     *
     * @return -1 when none is there, which the message before it had promised
     */
    int takeDescriptor() {
        try {
            int fd = descriptors.recvFd();
            return fd > 0 ? fd : -1;
        } catch (IOException e) {
            return -1;
        }
    }

    @Override
    public FileDescriptor fd() {
        return messages;
    }

    @Override
    public void close() {
        ended = true;
    }
}
