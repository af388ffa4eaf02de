package dev.sluice.modules.mirror;

import dev.sluice.module.ModuleLog;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends copies, each over a connection of its own, on a few threads: what they cannot keep up with
 * is dropped, so that a slow place costs no memory. Any thread may offer.
 */
final class Senders {

    private static final int DRAIN_BYTES = 8 * 1024;
    /** More of an answer is not read: closing tells the other side. */
    private static final int ANSWER_BYTES_MAX = 1 << 20;

    private final BlockingQueue<Copy> waiting;
    private final Thread[] threads;
    private final int giveUpMs;
    private final ModuleLog log;
    /** A place that fails is told of once, until it works again. */
    private final AtomicBoolean failing = new AtomicBoolean();

    Senders(int inFlight, int waitingMax, int giveUpMs, ModuleLog log) {
        waiting = new ArrayBlockingQueue<>(waitingMax);
        threads = new Thread[inFlight];
        this.giveUpMs = giveUpMs;
        this.log = log;
    }

    void start() {
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.ofVirtual().name("mirror-" + i).start(this::run);
        }
    }

    /** @return false when too many wait */
    boolean offer(Copy copy) {
        return waiting.offer(copy);
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                send(waiting.take());
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(Copy copy) {
        Destination to = copy.to();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(to.host(), to.port()), giveUpMs);
            socket.setSoTimeout(giveUpMs);
            socket.getOutputStream().write(copy.head().getBytes(StandardCharsets.ISO_8859_1));
            byte[] scrap = new byte[DRAIN_BYTES];
            int sum = 0;
            for (int count = 0; count >= 0 && sum < ANSWER_BYTES_MAX;
                    count = socket.getInputStream().read(scrap)) {
                sum += count;
            }
            if (failing.getAndSet(false)) {
                log.info("copies for " + to.host() + " arrive again");
            }
        } catch (IOException | RuntimeException e) {
            if (!failing.getAndSet(true)) {
                log.warn("copies for " + to.host() + ":" + to.port() + " do not arrive: " + e);
            }
        }
    }

    void close() {
        for (Thread thread : threads) {
            if (thread != null) {
                thread.interrupt();
            }
        }
    }
}
