package dev.sluice.worker.boot;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.flight.FlightWriter;
import dev.sluice.worker.accesslog.WorkerLogs;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.downstream.Http2Client;
import dev.sluice.worker.limit.Limits;
import dev.sluice.worker.loop.ErrorLines;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.FlightRecorder;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.upstream.SharedPeers;
import io.netty.channel.epoll.LinuxSocket;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;


/** All that a request meets in a worker, between real sockets, and a clock that is stepped. */
public final class DataPathHarness {

    private static final int TIMEOUT_MS = 10_000;

    public final SteppedClock clock = new SteppedClock(1_700_000_000_000L);
    public final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
    public final CounterWriter counters;
    private final EventLoop loop = new EventLoop("test-loop", clock, () -> { });
    private final List<Closeable> open = new ArrayList<>();
    private final LoopContext ctx;
    private final DataPath path;

    /** @param text lines of a file; clients come to its first address */
    public DataPathHarness(String... text) throws Exception {
        LoadedConfig loaded = ConfigText.load(text);
        SluiceConfig config = loaded.config();
        counters = CounterWriter.inMemory(
                Math.max(1, config.servers().size()), 8);
        WorkerLogs logs = WorkerLogs.discarding(config, counters, clock, 0);
        ctx = new LoopContext(loop, new SlabPool(256), counters,
                new ErrorLines((level, line) -> errors.add(level + " " + line)), 0, 1);
        ctx.flight = new FlightRecorder(FlightWriter.inMemory(64), ctx.clock, 0, null);
        loop.start();
        path = onLoop(() -> {
            DataPath made = new DataPath(config, loaded.files(), ctx, logs,
                    SharedPeers.alone(config), Limits.Zones.NONE, x -> { });
            made.upstreams.names().start(() -> { });
            return made;
        });
    }

    /** A listener for a peer or a target; what it accepts is up to the test. */
    public static ServerSocket listen() throws IOException {
        ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        listener.setSoTimeout(TIMEOUT_MS);
        return listener;
    }

    public Socket accept(ServerSocket listener) throws IOException {
        Socket accepted = listener.accept();
        open.add(accepted);
        accepted.setSoTimeout(TIMEOUT_MS);
        accepted.setTcpNoDelay(true);
        return accepted;
    }

    public Socket connect() throws Exception {
        LinuxSocket listener = LinuxSocket.newSocketStream(false);
        listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        listener.listen(1);
        Socket client = new Socket();
        open.add(client);
        client.connect(new InetSocketAddress("127.0.0.1", listener.localAddress().getPort()));
        client.setSoTimeout(TIMEOUT_MS);
        client.setTcpNoDelay(true);
        byte[] address = new byte[32];
        int fd = -1;
        while (fd < 0) {
            fd = listener.accept(address);
        }
        listener.close();
        int accepted = fd;
        onLoop(() -> {
            path.downstreams.accepted(accepted, address, 0);
            return null;
        });
        return client;
    }

    public Http2Client connectHttp2() throws Exception {
        return new Http2Client(connect()).greet();
    }

    /** Reads a head with its blank line. */
    public static String head(Socket from) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = from.getInputStream().read();
            if (c < 0) {
                return head + "(end)";
            }
            head.append((char) c);
        }
        return head.toString();
    }

    public static String read(Socket from, int count) throws IOException {
        return new String(from.getInputStream().readNBytes(count), StandardCharsets.ISO_8859_1);
    }

    public static void send(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public long count(CounterId id) throws Exception {
        return onLoop(() -> counters.get(id));
    }

    /** Pieces of memory that somebody has. */
    public int slabs() throws Exception {
        return onLoop(ctx.slabs::lentCount);
    }

    public void until(BooleanSupplier fact) throws Exception {
        for (int i = 0; i < 100_000; i++) {
            if (onLoop(fact::getAsBoolean)) {
                return;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("it did not come true");
    }

    /** Steps the clock, and waits for the turn in which that is seen. */
    public void step(long ms) throws Exception {
        clock.stepMs(ms);
        onLoop(() -> null);
        onLoop(() -> null);
    }

    public <T> T onLoop(Callable<T> task) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    /** Tells all clients to go; what runs may finish in this time. @return true when all have */
    public AtomicBoolean drain(long timeoutMs) throws Exception {
        AtomicBoolean drained = new AtomicBoolean();
        return onLoop(() -> {
            path.downstreams.drain(timeoutMs, false, () -> drained.set(true));
            return drained;
        });
    }

    /** Closes all, and asserts that nothing is left behind. */
    public void close() throws Exception {
        for (Closeable one : open) {
            one.close();
        }
        onLoop(() -> {
            path.downstreams.drain(1, true, () -> { });
            path.upstreams.closeIdle();
            path.upstreams.names().stop();
            return null;
        });
        step(1_000);
        until(() -> path.downstreams.openCount() == 0 && ctx.slabs.lentCount() == 0);
        assertEquals(0, count(CounterId.TUNNELS_ACTIVE));
        assertEquals(0, count(CounterId.REQUESTS_ACTIVE));
        loop.stop();
        loop.join();
        assertNull(loop.failure());
    }
}
