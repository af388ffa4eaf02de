package dev.sluice.master.worker;

import dev.sluice.common.control.ControlCodec;
import dev.sluice.common.control.ControlDecoder;
import dev.sluice.common.control.ControlMessage;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The master's ends of one worker's two sockets: messages, and descriptors. Two threads of its own,
 * one blocked in read and one in write, so that a worker that neither reads nor writes holds up
 * nobody else; the master loop only puts messages into a queue.
 *
 * <p>What a worker can do to its master is bounded: its messages by length, what waits for the loop
 * by {@link #UNHANDLED_MAX}, what waits for the worker by {@link #UNSENT_BYTES_MAX}.
 *
 * <p>Owner: master loop, except the two methods that the threads run.
 */
public final class ControlLink {

    /** So many messages of one worker may wait for the loop; then reading from it stops. */
    static final int UNHANDLED_MAX = 64;

    /** Answers waiting for a worker that does not read; what comes on top is dropped. */
    static final int UNSENT_BYTES_MAX = 32 * 1024 * 1024;

    private static final int READ_BYTES = 16 * 1024;
    private static final int STACK_BYTES = 256 * 1024;
    private static final byte[] END = new byte[0];

    private final Socket control;
    private final Socket descriptors;
    private final LinkedBlockingQueue<byte[]> unsent = new LinkedBlockingQueue<>();
    private final AtomicInteger unsentBytes = new AtomicInteger();
    private final Semaphore unhandled = new Semaphore(UNHANDLED_MAX);
    // The threads still using the control socket; the last one closes it. Closing it earlier could
    // give its number to another socket under the feet of the other thread.
    private final AtomicInteger users = new AtomicInteger(2);
    private final CompletableFuture<Void> heard = new CompletableFuture<>();
    private boolean closed;

    /**
     * Takes over both descriptors.
     *
     * @param controlFd a blocking socket
     * @param descriptorFd a non-blocking socket: passing a descriptor must not stop the loop
     */
    ControlLink(int controlFd, int descriptorFd) {
        control = new Socket(controlFd);
        descriptors = new Socket(descriptorFd);
    }

    /** Begins to read and write. Events of this worker arrive at the sink from another thread. */
    void start(WorkerProcess worker, String name, Consumer<WorkerEvent> sink) {
        thread(name + " in", () -> readAll(worker, sink)).start();
        thread(name + " out", this::writeAll).start();
    }

    private static Thread thread(String name, Runnable body) {
        Thread thread = new Thread(null, body, name, STACK_BYTES);
        thread.setDaemon(true);
        return thread;
    }

    private void readAll(WorkerProcess worker, Consumer<WorkerEvent> sink) {
        String reason = null;
        try {
            ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
            ControlDecoder decoder = new ControlDecoder(ControlCodec.FROM_WORKER_BYTES_MAX);
            while (decoder.error() == null) {
                int n = control.read(in, 0, in.capacity());
                if (n <= 0) {
                    break;
                }
                decoder.feed(in.clear().limit(n));
                ControlMessage message;
                while ((message = decoder.next()) != null) {
                    // A worker that plays the master is not understood, and not answered either.
                    if (message instanceof ControlMessage.FromWorker said) {
                        unhandled.acquire();
                        sink.accept(new WorkerEvent.Said(worker, said));
                    }
                }
            }
            if (decoder.error() != null) {
                reason = decoder.error();
            }
        } catch (IOException | InterruptedException failed) {
            reason = "reading the control socket failed: " + failed.getMessage();
        } finally {
            sink.accept(new WorkerEvent.HungUp(worker, reason));
            heard.complete(null);
            leave();
        }
    }

    /** Completes when everything that the worker ever said is at the sink. */
    CompletableFuture<Void> heard() {
        return heard.copy();
    }

    private void writeAll() {
        try {
            ByteBuffer out = ByteBuffer.allocateDirect(READ_BYTES);
            for (byte[] next = unsent.take(); next != END; next = unsent.take()) {
                unsentBytes.addAndGet(-next.length);
                for (int sent = 0; sent < next.length; ) {
                    int n = Math.min(out.capacity(), next.length - sent);
                    out.clear().put(next, sent, n);
                    for (int from = 0; from < n; ) {
                        from += control.write(out, from, n);
                    }
                    sent += n;
                }
            }
        } catch (IOException | InterruptedException gone) {
            // The reader sees the same end and reports it.
        } finally {
            leave();
        }
    }

    private void leave() {
        if (users.decrementAndGet() == 0) {
            closeQuietly(control);
        }
    }

    /** Queues a message. @return false when the worker does not read and too much waits already */
    public boolean send(ControlMessage.FromMaster message) {
        byte[] bytes = ControlCodec.encode(message);
        if (unsentBytes.get() > UNSENT_BYTES_MAX - bytes.length) {
            return false;
        }
        unsentBytes.addAndGet(bytes.length);
        unsent.add(bytes);
        return true;
    }

    /**
     * Passes copies of these descriptors; the message that names them is sent after it.
     *
     * @return how many were passed: fewer when the worker does not take them
     */
    int sendDescriptors(List<Integer> fds) {
        int passed = 0;
        try {
            for (int fd : fds) {
                if (descriptors.sendFd(fd) < 0) {
                    break;
                }
                passed++;
            }
        } catch (IOException gone) {
            // Its exit is on its way; the sockets stay with the master.
        }
        return passed;
    }

    /** The loop is done with one {@link WorkerEvent.Said}. */
    public void handled() {
        unhandled.release();
    }

    /** Ends both threads and closes the sockets. The worker, if it lives, sees EOF. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        unsent.clear();
        unsent.add(END);
        unhandled.release(UNHANDLED_MAX);
        try {
            control.shutdown(true, true);
        } catch (IOException alreadyEnded) {
            // Both threads have seen that too.
        }
        closeQuietly(descriptors);
    }

    /** Closes the sockets of a link that no thread uses because its worker was never started. */
    void closeUnstarted() {
        closed = true;
        closeQuietly(control);
        closeQuietly(descriptors);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException nothingToSave) {
            // The descriptor is released by the kernel in any case.
        }
    }
}
