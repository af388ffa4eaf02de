package dev.sluice.talk;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A client of HTTP/2 that sends frames as they are written here (RFC 9113 §4.1), with header
 * fields as literals (RFC 7541 §6.2.2).
 */
final class RawHttp2 implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    private static final int ACK = 1;
    static final int END_HEADERS = 4;

    /** A frame as it came. */
    record Frame(int type, int flags, int stream, byte[] payload) {

        boolean ends() {
            return (flags & END_STREAM) != 0;
        }

        String hex() {
            return HexFormat.of().formatHex(payload);
        }
    }

    private final RawClient client;
    private final DataInputStream in;
    /** Payload of the server's SETTINGS. */
    final String settings;

    private RawHttp2(RawClient client) throws IOException {
        this.client = client;
        this.in = new DataInputStream(client.in());
        client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        send(SETTINGS, 0, 0, new byte[0]);
        settings = until(SETTINGS).hex();
    }

    static RawHttp2 over(RawClient client) throws IOException {
        return new RawHttp2(client);
    }

    static byte[] frame(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length).putInt(payload.length << 8 | type)
                .put((byte) flags).putInt(stream).put(payload).array();
    }

    void send(int type, int flags, int stream, byte[] payload) throws IOException {
        client.send(frame(type, flags, stream, payload));
    }

    /** @param fields names and values, shorter than 127 bytes each */
    static byte[] block(String... fields) {
        var block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i++) {
            if (i % 2 == 0) {
                block.write(0);
            }
            byte[] text = fields[i].getBytes(StandardCharsets.US_ASCII);
            block.write(text.length);
            block.writeBytes(text);
        }
        return block.toByteArray();
    }

    void headers(int stream, boolean ends, String... fields) throws IOException {
        send(HEADERS, END_HEADERS | (ends ? END_STREAM : 0), stream, block(fields));
    }

    /** The next frame but for those of the connection alone; SETTINGS are acknowledged. */
    Frame next() throws IOException {
        while (true) {
            int head = in.readInt();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = in.readNBytes(head >>> 8);
            int type = head & 0xff;
            if (type == SETTINGS && (flags & ACK) == 0) {
                send(SETTINGS, ACK, 0, new byte[0]);
                return new Frame(type, flags, stream, payload);
            }
            if (type != SETTINGS && type != WINDOW_UPDATE) {
                return new Frame(type, flags, stream, payload);
            }
        }
    }

    /** Reads on to a frame of this type. */
    Frame until(int type) throws IOException {
        Frame frame = next();
        while (frame.type != type) {
            frame = next();
        }
        return frame;
    }

    /** So many bytes of DATA of one stream; its window is opened as they come. */
    byte[] data(int stream, int bytes) throws IOException {
        var all = new ByteArrayOutputStream();
        while (all.size() < bytes) {
            Frame frame = until(DATA);
            if (frame.stream != stream) {
                continue;
            }
            if (frame.ends() && all.size() + frame.payload.length < bytes) {
                throw new IOException("the stream ended after " + all.size() + " bytes");
            }
            all.writeBytes(frame.payload);
            if (frame.payload.length > 0) {
                byte[] more = ByteBuffer.allocate(4).putInt(frame.payload.length).array();
                send(WINDOW_UPDATE, 0, 0, more);
                send(WINDOW_UPDATE, 0, stream, more);
            }
        }
        return all.toByteArray();
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
