package dev.sluice.worker.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** A peer on a loopback port that follows a script, one connection after the other. */
final class ScriptedPeer implements AutoCloseable {

    /** What the peer does on its thread. */
    interface Script {
        void run(ScriptedPeer peer) throws IOException;
    }

    private static final int TIMEOUT_MS = 10_000;

    private final ServerSocket listener;
    private final SSLContext tls;
    private final boolean wantsCertificate;
    private Socket raw;
    private final List<Socket> accepted = new ArrayList<>();
    private Socket connection;
    private CompletableFuture<Void> running;
    volatile int connectionCount;

    ScriptedPeer() {
        this(null, false);
    }

    /** Speaks TLS unless the context is null. */
    ScriptedPeer(SSLContext tls, boolean wantsCertificate) {
        this.tls = tls;
        this.wantsCertificate = wantsCertificate;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
            listener.setSoTimeout(TIMEOUT_MS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    ScriptedPeer script(Script script) {
        running = CompletableFuture.runAsync(() -> {
            try {
                script.run(this);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, task -> Thread.ofPlatform().daemon().name("peer").start(task));
        return this;
    }

    /** Waits until the script has ended; its failure is the test's. */
    void join() throws InterruptedException, ExecutionException, TimeoutException {
        running.get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    void accept() throws IOException {
        raw = listener.accept();
        raw.setSoTimeout(TIMEOUT_MS);
        raw.setTcpNoDelay(true);
        connection = tls == null ? raw : secured();
        accepted.add(connection);
        connectionCount++;
    }

    private Socket secured() throws IOException {
        SSLSocket secure = (SSLSocket) tls.getSocketFactory().createSocket(
                raw, "peer.test", raw.getPort(), true);
        secure.setUseClientMode(false);
        secure.setNeedClientAuth(wantsCertificate);
        return secure;
    }

    /** The TLS session of the present connection, after its handshake. */
    SSLSession session() {
        return ((SSLSocket) connection).getSession();
    }

    /** Where the present connection comes from. */
    String remoteAddress() {
        return raw.getInetAddress().getHostAddress();
    }

    /** Closes the TCP connection without a word of TLS. */
    void cut() throws IOException {
        raw.close();
    }

    /** Goes back to the connection accepted as number {@code index}. */
    void turnTo(int index) {
        connection = accepted.get(index);
    }

    /** Reads a head, up to and with the blank line; "" at the end of the connection. */
    String readHead() throws IOException {
        InputStream in = connection.getInputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int last4 = 0;
        while (last4 != 0x0d0a0d0a) {
            int b = in.read();
            if (b < 0) {
                break;
            }
            head.write(b);
            last4 = last4 << 8 | b;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    String read(int count) throws IOException {
        return new String(connection.getInputStream().readNBytes(count),
                StandardCharsets.ISO_8859_1);
    }

    /** Reads until the proxy closes. */
    String readToEnd() throws IOException {
        return new String(connection.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    void send(String text) throws IOException {
        OutputStream out = connection.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    void finishSending() throws IOException {
        connection.shutdownOutput();
    }

    void closeConnection() throws IOException {
        connection.close();
    }

    void reset() throws IOException {
        connection.setSoLinger(true, 0);
        connection.close();
    }

    /** Accepts, reads one head and answers. */
    String serve(String response) throws IOException {
        accept();
        String head = readHead();
        send(response);
        return head;
    }

    /** Refuses connections from now on; the port stays the same. */
    void stopListening() throws IOException {
        listener.close();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket one : accepted) {
            one.close();
        }
    }
}
