package dev.sluice.talk;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A client that sends exactly the bytes it is told to, and reads what comes. */
final class RawClient implements AutoCloseable {

    private static final int PATIENCE_MS = Await.PATIENCE_SECONDS * 1000;

    private final AutoCloseable connection;
    /** Null on a unix socket. */
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private RawClient(AutoCloseable connection, Socket socket, InputStream in, OutputStream out) {
        this.connection = connection;
        this.socket = socket;
        this.in = new BufferedInputStream(in, 16 * 1024);
        this.out = out;
    }

    static RawClient connect(int port) throws IOException {
        return connect(port, 0);
    }

    /** With a small receive buffer, so that a reader that pauses is felt by the sender soon. */
    static RawClient connect(int port, int receiveBufferBytes) throws IOException {
        var socket = new Socket();
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        return connected(socket, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    static RawClient connect(InetSocketAddress address) throws IOException {
        return connected(new Socket(), address);
    }

    private static RawClient connected(Socket socket, InetSocketAddress address)
            throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MS);
        socket.connect(address, PATIENCE_MS);
        return new RawClient(socket, socket, socket.getInputStream(), socket.getOutputStream());
    }

    /** Over a connection that is there already. */
    static RawClient over(Socket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MS);
        return new RawClient(socket, socket, socket.getInputStream(), socket.getOutputStream());
    }

    /** Through a program that speaks for us; it ends with the client. */
    static RawClient over(Process program) {
        return new RawClient(program::destroy, null, program.getInputStream(),
                program.getOutputStream());
    }

    static RawClient connect(Path unixSocket) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(unixSocket));
        return new RawClient(channel, null, Channels.newInputStream(channel),
                Channels.newOutputStream(channel));
    }

    /** A request head without a body: its lines are ended with CR LF, a blank one is added. */
    RawClient request(String... lines) throws IOException {
        return send(String.join("\r\n", lines) + "\r\n\r\n");
    }

    /** A GET of HTTP/1.1 that keeps the connection. */
    RawClient get(String target) throws IOException {
        return request("GET " + target + " HTTP/1.1", "Host: localhost");
    }

    RawClient send(String bytes) throws IOException {
        return send(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawClient send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    Response response() throws IOException {
        return response("GET");
    }

    Response response(String method) throws IOException {
        return Response.read(in, method);
    }

    Response responseHead() throws IOException {
        return Response.readHead(in);
    }

    InputStream in() {
        return in;
    }

    byte[] readExactly(int length) throws IOException {
        return Response.exactly(in, length);
    }

    /** Everything until the other side closes, in whatever way. */
    String readUntilClosed() throws IOException {
        var all = new StringBuilder();
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                all.append((char) b);
            }
        } catch (SocketTimeoutException stillOpen) {
            throw new AssertionError("still open after: " + all, stillOpen);
        } catch (IOException reset) {
            all.append("");
        }
        return all.toString();
    }

    /** The other side closes or resets, and sends nothing before. */
    void expectClosed() throws IOException {
        String more = readUntilClosed();
        if (!more.isEmpty()) {
            throw new AssertionError("expected the end, got: " + more);
        }
    }

    /** Nothing arrives for a while, and the connection stays open. */
    void expectSilence(int milliseconds) throws IOException {
        socket.setSoTimeout(milliseconds);
        try {
            throw new AssertionError("expected silence, got byte " + in.read());
        } catch (SocketTimeoutException silence) {
            socket.setSoTimeout(PATIENCE_MS);
        }
    }

    /** Whether the other side has closed: no byte comes any more. Waits a moment at most. */
    boolean hasEnded() throws IOException {
        if (in.available() > 0) {
            return false;
        }
        socket.setSoTimeout(1);
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } finally {
            socket.setSoTimeout(PATIENCE_MS);
        }
    }

    RawClient closeOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Closes with a RST. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    int localPort() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (IOException failed) {
            throw failed;
        } catch (Exception failed) {
            throw new IOException(failed);
        }
    }
}
