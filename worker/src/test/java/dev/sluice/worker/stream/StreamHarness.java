package dev.sluice.worker.stream;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.config.LogFormatConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.loop.ErrorLines;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.proxyprotocol.ProxyFront;
import dev.sluice.worker.route.RouteBuilder;
import dev.sluice.worker.tls.TlsFront;
import dev.sluice.worker.upstream.SharedPeers;
import dev.sluice.worker.upstream.Upstreams;
import dev.sluice.worker.variables.LogFormat;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;


/** A loop with streams between real sockets over loopback, and a clock that is stepped. */
final class StreamHarness implements AutoCloseable {

    private static final int TIMEOUT_MS = 10_000;

    final SteppedClock clock = new SteppedClock(1_700_000_000_000L);
    final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
    /** Lines of the access log, in the format "session" without its time. */
    final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    final CounterWriter counters = CounterWriter.inMemory(1, 8);
    private final List<ServerSocket> listeners = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();
    private LoopContext ctx;
    private EventLoop loop;
    private Upstreams upstreams;
    private Streams streams;

    /** A listener for a peer; what it accepts is up to the test. */
    ServerSocket peer() throws IOException {
        ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        listener.setSoTimeout(TIMEOUT_MS);
        listeners.add(listener);
        return listener;
    }

    Socket accept(ServerSocket peer) throws IOException {
        Socket accepted = peer.accept();
        accepted.setSoTimeout(TIMEOUT_MS);
        accepted.setTcpNoDelay(true);
        sockets.add(accepted);
        return accepted;
    }

    /** Lines of a file; connections come to its first stream. */
    StreamHarness start(String... text) throws Exception {
        LoadedConfig loaded = ConfigText.load(text);
        loop = new EventLoop("test-loop", clock, () -> { });
        ctx = new LoopContext(loop, new SlabPool(64), counters,
                new ErrorLines((level, line) -> errors.add(level.label() + " " + line)), 0, 1);
        loop.start();
        onLoop(() -> {
            build(loaded);
            return null;
        });
        return this;
    }

    private void build(LoadedConfig loaded) {
        SluiceConfig config = loaded.config();
        upstreams = Upstreams.build(config, loaded.files(), ctx, SharedPeers.alone(config));
        WorkerScope scope = WorkerScope.ofThisProcess();
        RouteBuilder.defineVariables(config, scope);
        LogFormat session = LogFormat.compile(new LogFormatConfig("x",
                "$remote_addr $protocol $status $bytes_sent $bytes_received $session_time"
                        + " $upstream_addr $termination", "default"), scope);
        ExchangeLog log = x -> {
            ByteBuffer line = ByteBuffer.allocate(512);
            ByteSink sink = new ByteSink().reset(line, 0, 512);
            session.append(x, sink);
            lines.add(new String(line.array(), 0, sink.position(), StandardCharsets.US_ASCII));
        };
        streams = Streams.of(config, ctx, upstreams,
                TlsFront.of(config, loaded.files(), ctx,
                        (listenIndex, name) -> config.servers().size()),
                ProxyFront.of(config), text -> Template.compile(text, scope),
                stream -> List.of(log), () -> { });
    }

    /** A client of the first stream. */
    Socket connect() throws Exception {
        LinuxSocket listener = LinuxSocket.newSocketStream(false);
        listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        listener.listen(1);
        Socket client = new Socket();
        sockets.add(client);
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
            streams.accepted(accepted, address, 0);
            return null;
        });
        return client;
    }

    <T> T onLoop(Callable<T> task) throws Exception {
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

    void until(BooleanSupplier fact) throws Exception {
        for (int i = 0; i < 100_000; i++) {
            if (onLoop(fact::getAsBoolean)) {
                return;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("never true: " + errors + lines);
    }

    /** Moves the clock and gives the loop a turn. */
    void step(long ms) throws Exception {
        clock.stepMs(ms);
        until(() -> ctx.clock.nowNs() == clock.nowNs());
        onLoop(() -> null);
    }

    /** The only line of the log, when it is there. */
    String line() throws Exception {
        until(() -> !lines.isEmpty());
        assertEquals(1, lines.size(), lines::toString);
        return lines.peek();
    }

    int lentSlabs() throws Exception {
        return onLoop(() -> ctx.slabs.lentCount());
    }

    int lentPipes() throws Exception {
        return onLoop(() -> streams.pipesLent());
    }

    long count(CounterId id) throws Exception {
        return onLoop(() -> counters.get(id));
    }

    long count(int peer, PeerCounterId id) throws Exception {
        return onLoop(() -> counters.peer(peer).get(id));
    }

    Streams streams() {
        return streams;
    }

    /** Nothing may be left behind. */
    @Override
    public void close() {
        try {
            stop();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private void stop() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        for (ServerSocket listener : listeners) {
            listener.close();
        }
        until(() -> streams.openCount() == 0 || !cutAll());
        assertEquals(0, lentSlabs(), "slabs");
        assertEquals(0, lentPipes(), "pipes");
        assertEquals(0, count(CounterId.STREAM_SESSIONS_ACTIVE), "sessions");
        onLoop(() -> {
            upstreams.names().stop();
            upstreams.checks().stop();
            loop.stop();
            return null;
        });
        loop.join();
        assertNull(loop.failure());
    }

    private boolean cutAll() {
        streams.drain(1, () -> { });
        clock.stepMs(2);
        return true;
    }
}
