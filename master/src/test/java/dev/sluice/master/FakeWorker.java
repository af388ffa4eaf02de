package dev.sluice.master;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.control.ControlCodec;
import dev.sluice.common.control.ControlDecoder;
import dev.sluice.common.control.ControlMessage;
import dev.sluice.common.control.WorkerOptions;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterWriter;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * A worker that knows the protocol and nothing else: it answers each connection with one line about
 * itself. What the image of its configuration says somewhere makes it misbehave.
 */
final class FakeWorker {

    private static final long PAUSE_NS = 2_000_000;

    /** More than a link reads ahead of the loop. */
    private static final int LAST_WORDS = 300;

    /** A socket it polls, and the slot it was adopted for, or -1 for one of its own. */
    private record Polled(String key, Socket socket, int adoptedFor) {}

    private final WorkerOptions options;
    private final String config;
    private final String socketsAtStart;
    private final Socket control;
    private final Socket descriptors;
    private final CounterWriter counters;
    private final List<Polled> polled = new ArrayList<>();
    private boolean serving;
    private boolean hung;

    private FakeWorker(WorkerOptions options) throws IOException {
        // Before anything of Netty is loaded, which opens no socket but might one day.
        this.socketsAtStart = openSockets();
        Epoll.ensureAvailability();
        this.options = options;
        this.config = Files.readString(options.config(), StandardCharsets.ISO_8859_1);
        this.control = new Socket(options.controlFd());
        this.descriptors = new Socket(options.descriptorFd());
        this.counters = CounterWriter.open(options.counters());
    }

    public static void main(String[] words) throws IOException {
        new FakeWorker(WorkerOptions.parse(words)).run();
    }

    private static String openSockets() {
        return Arrays.stream(new File("/proc/self/fd").list())
                .map(Integer::valueOf)
                .sorted()
                .filter(fd -> target(fd).startsWith("socket:"))
                .map(String::valueOf)
                .collect(Collectors.joining(","));
    }

    private static String target(int fd) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    private void run() throws IOException {
        if (config.contains("fake: exit")) {
            System.exit(3);
        }
        if (!config.contains("fake: silent")) {
            say(new ControlMessage.Ready((int) ProcessHandle.current().pid()));
        }
        ControlDecoder decoder = new ControlDecoder(ControlCodec.FROM_MASTER_BYTES_MAX);
        ByteBuffer in = ByteBuffer.allocateDirect(4096);
        while (true) {
            int n = control.read(in, 0, in.capacity());
            if (n < 0) {
                System.exit(5);
            }
            decoder.feed(in.clear().limit(n));
            for (ControlMessage m = decoder.next(); m != null; m = decoder.next()) {
                obey(m);
            }
            for (Polled p : serving ? List.copyOf(polled) : List.<Polled>of()) {
                accept(p);
            }
            if (!hung) {
                counters.set(CounterId.HEARTBEAT_MS, SystemClock.INSTANCE.nowMs());
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private void obey(ControlMessage message) throws IOException {
        switch (message) {
            case ControlMessage.Serve serve -> {
                for (WorkerOptions.ListenFd listen : options.listens()) {
                    polled.add(new Polled(listen.key(), new Socket(listen.fd()), -1));
                }
                serving = true;
                hung = config.contains("fake: hang");
                if (config.contains("fake: chatter")) {
                    chatter();
                }
            }
            case ControlMessage.Adopt adopt -> {
                for (String key : adopt.listenKeys()) {
                    Socket socket = new Socket(descriptors.recvFd());
                    polled.add(new Polled(key, socket, adopt.slot()));
                }
            }
            case ControlMessage.Release release -> release(release.slot());
            case ControlMessage.Drain drain -> {
                for (Polled p : polled) {
                    if (drain.closingKeys().contains(p.key())) {
                        accept(p);
                    }
                    p.socket().close();
                }
                polled.clear();
                if (config.contains("fake: last words")) {
                    warn("word ", LAST_WORDS);
                }
                if (!config.contains("fake: linger")) {
                    say(new ControlMessage.Drained());
                    System.exit(0);
                }
            }
            case ControlMessage.Stop stop -> System.exit(0);
            default -> say(new ControlMessage.Warning("got " + message.getClass().getSimpleName()));
        }
    }

    private void release(int slot) throws IOException {
        for (Iterator<Polled> all = polled.iterator(); all.hasNext(); ) {
            Polled p = all.next();
            if (p.adoptedFor() == slot) {
                p.socket().close();
                all.remove();
            }
        }
    }

    /** What a worker that went mad might send: warnings, another side's messages, then garbage. */
    private void chatter() throws IOException {
        warn("chatter ", 1000);
        say(new ControlMessage.Stop());
        control.write(direct(new byte[] {-1, -1, -1, -1, 0}), 0, 5);
    }

    private void warn(String text, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            say(new ControlMessage.Warning(text + i));
        }
    }

    private void accept(Polled p) throws IOException {
        byte[] address = new byte[26];
        for (int fd = p.socket().accept(address); fd >= 0; fd = p.socket().accept(address)) {
            Socket client = new Socket(fd);
            byte[] line = about().getBytes(StandardCharsets.UTF_8);
            client.write(direct(line), 0, line.length);
            client.close();
        }
    }

    private String about() {
        long adopted = polled.stream().filter(p -> p.adoptedFor() >= 0).count();
        return "slot=" + options.slot() + " gen=" + options.generation() + " lane=" + options.lane()
                + " pid=" + ProcessHandle.current().pid()
                + " own=" + options.listens().size() + " adopted=" + adopted
                + " sockets=" + socketsAtStart + " warmup=" + options.warmupMs() + "\n";
    }

    private void say(ControlMessage message) throws IOException {
        byte[] bytes = ControlCodec.encode(message);
        ByteBuffer out = direct(bytes);
        for (int from = 0; from < bytes.length; ) {
            int n = control.write(out, from, bytes.length);
            from += Math.max(n, 0);
            if (n <= 0) {
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
