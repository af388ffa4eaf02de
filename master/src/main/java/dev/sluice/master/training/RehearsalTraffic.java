package dev.sluice.master.training;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.clock.SystemClock;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Clients of a rehearsal, with TLS or without: a bit of everything first, then for a second what
 * most requests are. Each instance is one connection; owner: the thread that made it.
 */
final class RehearsalTraffic implements AutoCloseable {

    private static final int CLIENT_COUNT = 4;
    private static final long BUSY_NS = 1_200_000_000L;
    static final long START_LIMIT_NS = 60_000_000_000L;
    static final long PAUSE_NS = 20_000_000L;
    private static final int READ_LIMIT_MS = 30_000;

    private static final String HOST = " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: rehearsal\r\n";
    private static final List<String> COMMON = List.of("/", "/api/orders?id=1", "/socket/x",
            "/index.html", "/api/orders?id=2", "/text", "/big.bin");
    private static final List<String> RARE = List.of(
            "GET /none" + HOST + "\r\n",
            "GET /moved?a=b" + HOST + "\r\n",
            "GET /old/index.html" + HOST + "\r\n",
            "GET /healthz" + HOST + "\r\n",
            "GET /metrics" + HOST + "\r\n",
            "GET /index.html" + HOST + "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT\r\n\r\n",
            "GET /big.bin" + HOST + "Range: bytes=10-5000\r\n\r\n",
            "POST /api/new" + HOST + "Content-Length: 5\r\n\r\nhello",
            "POST /api/new" + HOST + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "GET /api/last" + HOST + "Connection: close\r\n\r\n");

    private final Socket socket;
    private final InputStream in;

    private RehearsalTraffic(SocketFactory kind, int port) throws IOException {
        socket = kind.createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(READ_LIMIT_MS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Returns when all clients are done. */
    static void run(SocketFactory kind, int port) throws IOException, InterruptedException {
        Clock clock = SystemClock.INSTANCE;
        awaitAnswer(kind, port, clock.nowNs() + START_LIMIT_NS);
        for (String request : RARE) {
            try (var client = new RehearsalTraffic(kind, port)) {
                client.ask(request);
            }
        }
        var failure = new AtomicReference<IOException>();
        List<Thread> clients = new ArrayList<>();
        long end = clock.nowNs() + BUSY_NS;
        for (int i = 0; i < CLIENT_COUNT; i++) {
            clients.add(Thread.ofPlatform().daemon().start(() -> {
                try {
                    keepAsking(kind, port, clock, end);
                } catch (IOException failed) {
                    failure.set(failed);
                }
            }));
        }
        for (Thread client : clients) {
            client.join();
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private static void keepAsking(SocketFactory kind, int port, Clock clock, long end)
            throws IOException {
        while (clock.nowNs() < end) {
            try (var client = new RehearsalTraffic(kind, port)) {
                for (int i = 0; i < 50; i++) {
                    for (String target : COMMON) {
                        client.ask("GET " + target + HOST + "\r\n");
                    }
                }
            }
        }
    }

    private static void awaitAnswer(SocketFactory kind, int port, long deadline)
            throws IOException {
        while (true) {
            try (var client = new RehearsalTraffic(kind, port)) {
                client.ask("GET /healthz" + HOST + "\r\n");
                return;
            } catch (IOException notYet) {
                if (SystemClock.INSTANCE.nowNs() > deadline) {
                    throw notYet;
                }
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    /** For {@link #run}: it trusts whoever answers, as one does who talks to himself. */
    static SocketFactory secure() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String kind) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String kind) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        }}, null);
        return context.getSocketFactory();
    }

    /** Sends a request and reads its answer whole. */
    private void ask(String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        long bodyBytes = 0;
        boolean chunked = false;
        String line = line();
        boolean empty = line.contains(" 304 ");
        for (line = line(); !line.isEmpty(); line = line()) {
            String lower = line.toLowerCase();
            if (lower.startsWith("content-length:")) {
                bodyBytes = Long.parseLong(lower.substring(15).strip());
            }
            chunked |= lower.startsWith("transfer-encoding:");
        }
        if (!chunked) {
            in.skipNBytes(empty ? 0 : bodyBytes);
            return;
        }
        for (long length = chunk(); length > 0; length = chunk()) {
            in.skipNBytes(length + 2);
        }
        line();
    }

    private long chunk() throws IOException {
        return Long.parseLong(line(), 16);
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the connection was closed in \"" + line + "\"");
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
