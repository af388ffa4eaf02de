package dev.sluice.talk;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;

/**
 * A WebSocket server that others have written. It sends back what it gets; a text {@code close
 * CODE} is answered by closing, {@code flood N} by N binary messages of a mebibyte.
 */
final class EchoSocketServer extends WebSocketServer implements AutoCloseable {

    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    /** Targets of the requests. */
    final ConcurrentLinkedQueue<String> opened = new ConcurrentLinkedQueue<>();
    private final CountDownLatch started = new CountDownLatch(1);

    private EchoSocketServer() {
        super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        setReuseAddr(true);
        setConnectionLostTimeout(0);
        setTcpNoDelay(true);
        setDaemon(true);
    }

    static EchoSocketServer open() throws InterruptedException {
        EchoSocketServer server = new EchoSocketServer();
        server.start();
        if (!server.started.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the WebSocket server does not start");
        }
        return server;
    }

    String address() {
        return "127.0.0.1:" + getPort();
    }

    /** How the next of its connections has ended. */
    String ended() throws InterruptedException {
        return ends.poll(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void onStart() {
        started.countDown();
    }

    @Override
    public void onOpen(WebSocket socket, ClientHandshake handshake) {
        opened.add(handshake.getResourceDescriptor());
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
        if (text.startsWith("close ")) {
            socket.close(Integer.parseInt(text.substring(6)), "as you say");
        } else if (text.startsWith("flood ")) {
            for (int i = Integer.parseInt(text.substring(6)); i > 0; i--) {
                socket.send(ByteBuffer.allocate(1 << 20));
            }
        } else {
            socket.send(text);
        }
    }

    @Override
    public void onMessage(WebSocket socket, ByteBuffer bytes) {
        socket.send(bytes);
    }

    @Override
    public void onClose(WebSocket socket, int code, String reason, boolean remote) {
        ends.add(code + " " + reason + (remote ? " by the client" : ""));
    }

    @Override
    public void onError(WebSocket socket, Exception e) {
        ends.add(e.toString());
    }

    @Override
    public void close() {
        try {
            stop(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
