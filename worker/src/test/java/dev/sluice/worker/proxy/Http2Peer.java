package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.worker.downstream.Http2Client;
import dev.sluice.worker.http2.FrameType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A peer of HTTP/2 on a loopback port that follows a script, frame by frame. */
final class Http2Peer implements AutoCloseable {

    /** What the peer does on its thread. */
    interface Script {
        void run(Http2Peer peer) throws Exception;
    }

    private static final int TIMEOUT_MS = 10_000;

    private final ServerSocket listener;
    private CompletableFuture<Void> running;
    private Socket socket;
    /** The present connection: what this side says and hears on it. */
    Http2Client talk;
    volatile int connectionCount;

    Http2Peer() {
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

    Http2Peer script(Script script) {
        running = CompletableFuture.runAsync(() -> {
            try {
                script.run(this);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }, task -> Thread.ofPlatform().daemon().name("peer").start(task));
        return this;
    }

    void join() throws Exception {
        running.get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    /** Takes a connection and reads its preface. */
    Http2Client acceptSilently() throws IOException {
        socket = listener.accept();
        socket.setSoTimeout(TIMEOUT_MS);
        socket.setTcpNoDelay(true);
        connectionCount++;
        byte[] preface = socket.getInputStream().readNBytes(24);
        assertEquals("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", new String(preface));
        talk = new Http2Client(socket);
        return talk;
    }

    /** The same, and greets. */
    Http2Client accept(byte... settings) throws IOException {
        acceptSilently().frame(FrameType.SETTINGS, 0, 0, settings);
        return talk;
    }

    void closeConnection() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        if (socket != null) {
            socket.close();
        }
    }
}
