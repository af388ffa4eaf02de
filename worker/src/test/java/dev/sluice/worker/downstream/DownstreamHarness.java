package dev.sluice.worker.downstream;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.config.ClientConfig;
import dev.sluice.common.config.HttpConfig;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.exchange.RequestHandler;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.tls.ServerChoice;
import dev.sluice.worker.proxyprotocol.ProxyFront;
import dev.sluice.worker.tls.TlsFront;
import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A real loop with real connections over loopback, answered by a handler of the test. */
final class DownstreamHarness {

    final LoopContext ctx;
    final CounterWriter counters = CounterWriter.inMemory(1, 1);
    private final EventLoop loop;
    private final CompletableFuture<Downstreams> downstreams = new CompletableFuture<>();
    private LoopContext built;
    private TlsFront tls;

    DownstreamHarness(ClientConfig client, long headTimeoutMs, int slabs,
            Function<LoopContext, RequestHandler> handler) {
        this(client, headTimeoutMs, slabs, null, handler);
    }

    /** @param tls a configuration whose first address is served with TLS; null for none */
    DownstreamHarness(ClientConfig client, long headTimeoutMs, int slabs, LoadedConfig tls,
            Function<LoopContext, RequestHandler> handler) {
        this(client, headTimeoutMs, slabs, tls, SystemClock.INSTANCE, handler);
    }

    DownstreamHarness(ClientConfig client, long headTimeoutMs, int slabs, LoadedConfig tls,
            Clock clock, Function<LoopContext, RequestHandler> handler) {
        boolean http2 = tls != null && tls.config().servers().getFirst().http2();
        HttpConfig http = http2 ? tls.config().http() : ConfigText.of("[http]",
                "client_header_timeout = " + headTimeoutMs + "ms", "slab_count = " + slabs,
                "server_tokens = on").http();
        loop = new EventLoop("test-loop", clock, () -> {
            built = new LoopContext(loop(), new SlabPool(slabs), counters, ErrorLog.NONE, 0, 1);
            try {
                this.tls = tls == null ? null
                        : TlsFront.of(tls.config(), tls.files(), built, byName(tls.config()));
                downstreams.complete(new Downstreams(built, http, client, this.tls,
                        tls == null ? null : ProxyFront.of(tls.config()),
                        !http2 ? null
                                : new boolean[] {!tls.config().listenAddresses().getFirst().ssl()},
                        null, handler.apply(built),
                        (connections, active) -> { }));
            } catch (RuntimeException | Error e) {
                downstreams.completeExceptionally(e);
                throw e;
            }
        });
        loop.start();
        downstreams.join();
        ctx = built;
    }

    /** Exact names only; else the first server. */
    private static ServerChoice byName(SluiceConfig config) {
        return (listen, name) -> {
            for (int i = 0; i < config.servers().size(); i++) {
                if (config.servers().get(i).names().stream().anyMatch(n -> n.text().equals(name))) {
                    return i;
                }
            }
            return 0;
        };
    }

    private EventLoop loop() {
        return loop;
    }

    static ClientConfig patientClient() {
        return client(10_000, 10_000, 10_000, 1000, 2_000);
    }

    static ClientConfig client(long bodyMs, long sendMs, long keepaliveMs, int requests) {
        return client(bodyMs, sendMs, keepaliveMs, requests, 500);
    }

    static ClientConfig client(
            long bodyMs, long sendMs, long keepaliveMs, int requests, long lingeringMs) {
        return ConfigText.location("/", "client_body_timeout = " + bodyMs + "ms",
                "client_min_rate = 0", "send_timeout = " + sendMs + "ms",
                "keepalive_timeout = " + keepaliveMs + "ms", "keepalive_requests = " + requests,
                "lingering_timeout = " + lingeringMs + "ms").client();
    }

    Downstreams downstreams() {
        return downstreams.join();
    }

    /** On the loop. */
    TlsFront tls() {
        return tls;
    }

    /** Runs on the loop and waits for it. */
    <T> T onLoop(Callable<T> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                done.complete(task.call());
            } catch (Throwable t) {
                done.completeExceptionally(t);
            }
        });
        try {
            return done.orTimeout(10, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            if (loop.failure() != null) {
                throw new AssertionError("the loop has ended", loop.failure());
            }
            throw e;
        }
    }

    /** A client whose server end is on the loop. */
    Client connect() throws IOException {
        return new Client(connect(new Socket()));
    }

    /** Connects it. */
    Socket connect(Socket socket) throws IOException {
        LinuxSocket listener = LinuxSocket.newSocketStream(false);
        listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        listener.listen(1);
        socket.connect(new InetSocketAddress("127.0.0.1", listener.localAddress().getPort()));
        byte[] address = new byte[32];
        int fd = -1;
        while (fd < 0) {
            fd = listener.accept(address);
        }
        listener.close();
        int accepted = fd;
        onLoop(() -> {
            downstreams().accepted(accepted, address, 0);
            return null;
        });
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Connections that are still open are cut first: what they hold may be native memory. */
    void close() throws InterruptedException {
        loop.execute(() -> {
            for (int i = downstreams().openCount() - 1; i >= 0; i--) {
                downstreams().open(i).cut();
            }
            loop.stop();
        });
        loop.join();
    }

    /** The other end of a connection: bytes out, bytes in. */
    static final class Client implements AutoCloseable {
        final Socket socket;

        Client(Socket socket) {
            this.socket = socket;
        }

        Client send(String bytes) throws IOException {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return this;
        }

        /** Everything up to and including {@code end}. */
        String readThrough(String end) throws IOException {
            StringBuilder text = new StringBuilder();
            while (text.indexOf(end) < 0) {
                int b = socket.getInputStream().read();
                if (b < 0) {
                    throw new IOException("ended after: " + text);
                }
                text.append((char) b);
            }
            return text.toString();
        }

        String readToEnd() throws IOException {
            return new String(socket.getInputStream().readAllBytes(),
                    StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
