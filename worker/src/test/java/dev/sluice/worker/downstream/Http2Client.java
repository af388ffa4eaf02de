package dev.sluice.worker.downstream;

import dev.sluice.worker.http2.Blocks;
import dev.sluice.worker.http2.ErrorCode;
import dev.sluice.worker.http2.FrameType;
import dev.sluice.worker.http2.HpackDecoder;
import dev.sluice.worker.http2.HpackScratch;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client of HTTP/2 that sends what it is told, frame by frame, and reads frames as words. */
public final class Http2Client implements AutoCloseable {

    static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    final Socket socket;
    private final DataInputStream in;
    private final HpackDecoder decoder = new HpackDecoder(new HpackScratch());
    /** Windows of the server are opened as DATA comes; set to false to let them run dry. */
    public boolean acknowledges = true;
    private ByteArrayOutputStream batch;

    public Http2Client(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** What follows is sent by {@link #flush} in one piece. */
    public Http2Client together() {
        batch = new ByteArrayOutputStream();
        return this;
    }

    public Http2Client flush() throws IOException {
        byte[] all = batch.toByteArray();
        batch = null;
        return raw(all);
    }

    public Http2Client raw(byte[] bytes) throws IOException {
        if (batch != null) {
            batch.writeBytes(bytes);
        } else {
            socket.getOutputStream().write(bytes);
        }
        return this;
    }

    /** The preface and SETTINGS without any setting. */
    public Http2Client greet() throws IOException {
        return raw(PREFACE).frame(FrameType.SETTINGS, 0, 0);
    }

    static byte[] bytes(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length).putInt(payload.length << 8 | type)
                .put((byte) flags).putInt(stream).put(payload).array();
    }

    public Http2Client frame(int type, int flags, int stream, byte... payload) throws IOException {
        return raw(bytes(type, flags, stream, payload));
    }

    public Http2Client number(int type, int stream, int value) throws IOException {
        return frame(type, 0, stream, ByteBuffer.allocate(4).putInt(value).array());
    }

    public static String[] request(String method, String path, String... more) {
        List<String> all = new ArrayList<>(List.of(":method", method, ":scheme", "http",
                ":authority", "a.test", ":path", path));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    public Http2Client get(int stream, String path, String... more) throws IOException {
        return headers(stream, FrameType.END_STREAM, request("GET", path, more));
    }

    /** A request whose body follows. */
    public Http2Client post(int stream, String path, String... more) throws IOException {
        return headers(stream, 0, request("POST", path, more));
    }

    public Http2Client headers(int stream, int flags, String... fields) throws IOException {
        return frame(FrameType.HEADERS, flags | FrameType.END_HEADERS, stream,
                Blocks.of(fields));
    }

    public Http2Client data(int stream, String text, boolean ends) throws IOException {
        return frame(FrameType.DATA, ends ? FrameType.END_STREAM : 0, stream,
                text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The next frame in words, such as {@code DATA 1 END hello}; {@code closed} at the end. */
    public String next() throws IOException {
        int head;
        try {
            head = in.readInt();
        } catch (EOFException e) {
            return "closed";
        } catch (SocketException e) {
            return "reset";
        }
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = in.readNBytes(head >>> 8);
        ByteBuffer b = ByteBuffer.wrap(payload);
        String end = (flags & FrameType.END_STREAM) != 0 ? " END" : "";
        switch (head & 0xff) {
            case FrameType.DATA -> {
                if (acknowledges && payload.length > 0) {
                    number(FrameType.WINDOW_UPDATE, 0, payload.length);
                    if (end.isEmpty()) {
                        number(FrameType.WINDOW_UPDATE, stream, payload.length);
                    }
                }
                return "DATA " + stream + end + " "
                        + new String(payload, StandardCharsets.ISO_8859_1);
            }
            case FrameType.HEADERS -> {
                return "HEADERS " + stream + end + " " + Blocks.fields(decoder, payload);
            }
            case FrameType.RST_STREAM -> {
                return "RST_STREAM " + stream + " " + ErrorCode.name(b.getInt());
            }
            case FrameType.SETTINGS -> {
                return end.isEmpty() ? "SETTINGS" : "SETTINGS ACK";
            }
            case FrameType.PING -> {
                return "PING" + (end.isEmpty() ? "" : " ACK ")
                        + new String(payload, StandardCharsets.ISO_8859_1);
            }
            case FrameType.GOAWAY -> {
                return "GOAWAY " + b.getInt() + " " + ErrorCode.name(b.getInt());
            }
            case FrameType.WINDOW_UPDATE -> {
                return "WINDOW_UPDATE " + stream + " " + b.getInt();
            }
            default -> {
                return "type " + (head & 0xff);
            }
        }
    }

    /** The next frame that is neither SETTINGS nor WINDOW_UPDATE. */
    public String answer() throws IOException {
        String next = next();
        while (next.startsWith("SETTINGS") || next.startsWith("WINDOW_UPDATE")) {
            next = next();
        }
        return next;
    }

    /** Reads until a frame that begins so, and returns it. */
    public String until(String begin) throws IOException {
        String next = next();
        while (!next.startsWith(begin)) {
            if (next.equals("closed") || next.equals("reset")) {
                throw new IOException(next + " before " + begin);
            }
            next = next();
        }
        return next;
    }

    /** The frames from here to the end of the connection. */
    public List<String> toTheEnd() throws IOException {
        List<String> all = new ArrayList<>();
        String next = next();
        while (!next.equals("closed") && !next.equals("reset")) {
            all.add(next);
            next = next();
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
