package dev.sluice.master.upgrade;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One end of the socket pair between an old and a new master: lines of words separated by tabs. Two
 * threads of its own, so that a side that does not read stops nobody. Owner: master loop.
 *
 * <pre>
 *   old                                             new
 *    │ ◄─────────────────────────────── PID          │   the shell, before it becomes the program
 *    │ OFFER..., LISTEN... ─────────────────────────► │   adopts the sockets, starts its workers
 *    │ ◄──────────────── FAILED code reason, or READY │   its workers are ready and poll nothing
 *    │ GO ──────────────────────────────────────────► │   its workers serve, beside the old ones
 *    │ ◄─────────────────── SERVING generation keys   │   its command socket answers
 *    │ YOURS counts, totals, counter files ─────────► │   the pid file is free
 *    │ ◄─────────────────────── FAILED reason, or DONE │   it has the pid file and the totals
 *    │ ALONE ───────────────────────────────────────► │   the old workers drain; systemd knows
 * </pre>
 *
 * Whoever of the two is killed on the way, the other one goes on with what it has, and it has
 * enough at each step: until DONE the old one keeps its sockets and its workers serve; from GO on
 * those of the new one do as well.
 *
 * What either side does not know it passes over, so that a later program may say more.
 */
final class LineLink {

    /** Metrics of ten thousand servers are some megabytes; nothing that is sent is longer. */
    private static final int LINE_BYTES_MAX = 32 << 20;

    private static final int READ_BYTES = 16 * 1024;
    private static final int FINISH_MS = 1_000;

    private final Socket socket;
    private final ExecutorService writer =
            Executors.newSingleThreadExecutor(
                    task -> {
                        Thread thread = new Thread(task, "upgrade out");
                        thread.setDaemon(true);
                        return thread;
                    });
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES).flip();

    static {
        // Loads the native library, which the socket classes alone do not do.
        Epoll.ensureAvailability();
    }

    /** Takes over a blocking socket. */
    LineLink(int fd) {
        socket = new Socket(fd);
    }

    /** Reads on a thread of its own from now on. */
    void start(Consumer<List<String>> said, Runnable ended) {
        Thread thread =
                new Thread(
                        () -> {
                            List<String> line = read();
                            while (line != null) {
                                said.accept(line);
                                line = read();
                            }
                            ended.run();
                        },
                        "upgrade in");
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits for the next line. @return null at the end, and when it is too long */
    List<String> read() {
        ArrayDeque<byte[]> parts = new ArrayDeque<>();
        int length = 0;
        while (length < LINE_BYTES_MAX) {
            int from = in.position();
            while (in.hasRemaining()) {
                if (in.get() == '\n') {
                    parts.add(slice(from, in.position() - 1));
                    return words(parts);
                }
            }
            parts.add(slice(from, in.limit()));
            length += in.limit() - from;
            try {
                int n = socket.read(in.clear(), 0, in.capacity());
                in.limit(Math.max(n, 0));
                if (n <= 0) {
                    return null;
                }
            } catch (IOException gone) {
                in.limit(0);
                return null;
            }
        }
        return null;
    }

    private byte[] slice(int from, int to) {
        byte[] bytes = new byte[to - from];
        in.get(from, bytes);
        return bytes;
    }

    private static List<String> words(Iterable<byte[]> parts) {
        StringBuilder line = new StringBuilder();
        for (byte[] part : parts) {
            line.append(new String(part, StandardCharsets.ISO_8859_1));
        }
        byte[] bytes = line.toString().getBytes(StandardCharsets.ISO_8859_1);
        return List.of(new String(bytes, StandardCharsets.UTF_8).split("\t", -1));
    }

    void send(List<String> words) {
        List<String> clean = words.stream().map(w -> w.replace('\n', ' ')).toList();
        byte[] bytes = (String.join("\t", clean) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            writer.execute(() -> write(bytes));
        } catch (RejectedExecutionException finished) {
            // This process has said that it ends.
        }
    }

    private void write(byte[] bytes) {
        try {
            ByteBuffer out = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
            for (int from = 0; from < bytes.length; ) {
                from += socket.write(out, from, bytes.length);
            }
        } catch (IOException gone) {
            // The reader sees the same end.
        }
    }

    /** Gives what was sent a second to go out: the process is about to end. */
    void finish() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(FINISH_MS, TimeUnit.MILLISECONDS)) {
                writer.shutdownNow();
            }
        } catch (InterruptedException ending) {
            writer.shutdownNow();
        }
    }

    /** Both sides see the end. */
    void close() {
        try {
            socket.shutdown(true, true);
        } catch (IOException alreadyEnded) {
            // The other side has gone first.
        }
    }
}
