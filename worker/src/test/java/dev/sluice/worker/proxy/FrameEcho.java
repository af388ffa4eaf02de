package dev.sluice.worker.proxy;

import dev.sluice.worker.http2.Blocks;
import dev.sluice.worker.http2.FrameType;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A peer of HTTP/2 that answers every request with the same few bytes, as fast as it can. */
final class FrameEcho {

    private static final int PREFACE_BYTES = 24;
    private static final byte[] BODY = "hello world".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BLOCK = Blocks.of(":status", "200", "content-type", "text/plain",
            "content-length", "11", "etag", "\"1\"");

    private FrameEcho() {}

    /** Serves one connection to its end. */
    static void serve(ServerSocket listener) {
        try (Socket one = listener.accept()) {
            one.setTcpNoDelay(true);
            DataInputStream in =
                    new DataInputStream(new BufferedInputStream(one.getInputStream()));
            OutputStream out = one.getOutputStream();
            in.readNBytes(PREFACE_BYTES);
            out.write(frame(FrameType.SETTINGS, 0, 0, new byte[0]));
            byte[] answer = answer();
            for (int head = in.read(); head >= 0; head = in.read()) {
                int length = head << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                in.skipNBytes(length);
                if (type == FrameType.SETTINGS && (flags & FrameType.ACK) == 0) {
                    out.write(frame(FrameType.SETTINGS, FrameType.ACK, 0, new byte[0]));
                } else if (stream != 0 && (flags & FrameType.END_STREAM) != 0) {
                    ByteBuffer b = ByteBuffer.wrap(answer);
                    b.putInt(5, stream).putInt(9 + BLOCK.length + 5, stream);
                    out.write(answer);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] answer() {
        byte[] head = frame(FrameType.HEADERS, FrameType.END_HEADERS, 0, BLOCK);
        byte[] body = frame(FrameType.DATA, FrameType.END_STREAM, 0, BODY);
        return ByteBuffer.allocate(head.length + body.length).put(head).put(body).array();
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length).putInt(payload.length << 8 | type)
                .put((byte) flags).putInt(stream).put(payload).array();
    }
}
