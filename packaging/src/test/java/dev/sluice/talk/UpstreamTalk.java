package dev.sluice.talk;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;

/** One connection as the scripted peer sees it. */
final class UpstreamTalk implements AutoCloseable {

    private final AutoCloseable connection;
    /** Null on a unix socket. */
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private List<String> heads;
    private String head = "";
    private byte[] body = new byte[0];
    private IOException end;

    UpstreamTalk(Socket socket) throws IOException {
        this.connection = socket;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(Await.PATIENCE_SECONDS * 1000);
    }

    UpstreamTalk(SocketChannel channel) {
        this.connection = channel;
        this.socket = null;
        this.in = new BufferedInputStream(Channels.newInputStream(channel));
        this.out = Channels.newOutputStream(channel);
    }

    void recordHeads(List<String> all) {
        this.heads = all;
    }

    void ended(IOException how) {
        this.end = how;
    }

    /** Reads a head and its body. False at a clean end of the connection. */
    boolean readRequest() throws IOException {
        if (!readHead()) {
            return false;
        }
        if ("chunked".equals(field("Transfer-Encoding"))) {
            var all = new java.io.ByteArrayOutputStream();
            for (long size = Response.chunkSize(in); size > 0; size = Response.chunkSize(in)) {
                all.write(Response.exactly(in, (int) size));
                Response.line(in);
            }
            body = all.toByteArray();
        } else {
            String length = field("Content-Length");
            body = Response.exactly(in, length == null ? 0 : Integer.parseInt(length));
        }
        return true;
    }

    /** Reads a head and leaves the body. False at a clean end of the connection. */
    boolean readHead() throws IOException {
        in.mark(1);
        if (in.read() < 0) {
            return false;
        }
        in.reset();
        var lines = new StringBuilder();
        for (String line = Response.line(in); !line.isEmpty(); line = Response.line(in)) {
            lines.append(line).append('\n');
        }
        head = lines.toString();
        heads.add(head);
        return true;
    }

    String head() {
        return head;
    }

    String target() {
        return head.split(" ")[1];
    }

    byte[] body() {
        return body;
    }

    /** A field of the last head; null when absent, the first when repeated. */
    String field(String name) {
        var line = Pattern.compile("(?im)^" + Pattern.quote(name) + ": (.*)$").matcher(head);
        return line.find() ? line.group(1) : null;
    }

    /** The name that a client over TLS has asked for (SNI); empty for none. */
    String serverName() {
        var session = (ExtendedSSLSession) ((SSLSocket) socket).getSession();
        return session.getRequestedServerNames().stream()
                .map(name -> ((SNIHostName) name).getAsciiName()).findFirst().orElse("");
    }

    /** Where the connection comes from. */
    String clientAddress() {
        return socket.getInetAddress().getHostAddress();
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    void answer(int status, String text) throws IOException {
        send("HTTP/1.1 " + status + " Scripted\r\nContent-Length: " + text.length()
                + "\r\n\r\n" + text);
    }

    void send(String bytes) throws IOException {
        send(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Goes on when the test says so. */
    void waitFor(CountDownLatch word) throws InterruptedException {
        if (!word.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the test never gave its word");
        }
    }

    /** Waits until the proxy closes this connection, reading and dropping what comes. */
    void waitForEnd() throws IOException {
        byte[] dropped = new byte[8192];
        while (in.read(dropped) >= 0) {
            continue;
        }
    }

    void closeOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes with a RST. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (IOException failed) {
            throw failed;
        } catch (Exception failed) {
            throw new IOException("after " + end, failed);
        }
    }
}
