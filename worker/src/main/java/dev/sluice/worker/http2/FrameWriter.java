package dev.sluice.worker.http2;

import dev.sluice.worker.arena.ByteSink;
import java.nio.ByteBuffer;

/** Writes frames (RFC 9113 §4.1, §6) where there is room for them. Stateless. */
public final class FrameWriter {

    /** Bytes of RST_STREAM and of WINDOW_UPDATE. */
    public static final int NUMBER_BYTES = Frame.HEAD_BYTES + 4;
    public static final int PING_BYTES = Frame.HEAD_BYTES + 8;
    public static final int GOAWAY_BYTES = Frame.HEAD_BYTES + 8;

    private FrameWriter() {}

    public static void head(ByteSink out, int payloadBytes, int type, int flags, int stream) {
        int at = out.skip(Frame.HEAD_BYTES);
        if (at >= 0) {
            head(out.buffer(), at, payloadBytes, type, flags, stream);
        }
    }

    /** Writes the head of a frame whose payload is there already. */
    public static void head(ByteBuffer b, int at, int payloadBytes, int type, int flags,
            int stream) {
        assert payloadBytes <= Frame.PAYLOAD_MAX && stream >= 0;
        b.putInt(at, Integer.reverseBytes(payloadBytes << 8 | type));
        b.put(at + 4, (byte) flags);
        b.putInt(at + 5, Integer.reverseBytes(stream));
    }

    /**
     * Frames a header block that lies behind the room for one frame's head, with CONTINUATIONs
     * where it is longer than a frame may be; there is room behind it for their heads.
     *
     * @param at where the first head goes
     * @return where the last frame ends
     */
    public static int block(ByteBuffer b, int at, int blockBytes, int flags, int stream) {
        int head = at;
        int length = blockBytes;
        int type = FrameType.HEADERS;
        while (length > Frame.PAYLOAD_MAX) {
            head(b, head, Frame.PAYLOAD_MAX, type, flags, stream);
            int next = head + Frame.HEAD_BYTES + Frame.PAYLOAD_MAX;
            length -= Frame.PAYLOAD_MAX;
            b.put(next + Frame.HEAD_BYTES, b, next, length);
            head = next;
            type = FrameType.CONTINUATION;
            flags = 0;
        }
        head(b, head, length, type, flags | FrameType.END_HEADERS, stream);
        return head + Frame.HEAD_BYTES + length;
    }

    private static void number(ByteSink out, int value) {
        int at = out.skip(4);
        if (at >= 0) {
            out.buffer().putInt(at, Integer.reverseBytes(value));
        }
    }

    /** SETTINGS of a server, with what differs from the protocol's own defaults. */
    public static void settings(ByteSink out, int maxStreams, int streamWindow,
            int headerListBytes) {
        head(out, 24, FrameType.SETTINGS, 0, 0);
        setting(out, Settings.MAX_CONCURRENT_STREAMS, maxStreams);
        setting(out, Settings.INITIAL_WINDOW_SIZE, streamWindow);
        setting(out, Settings.MAX_HEADER_LIST_SIZE, headerListBytes);
        setting(out, Settings.ENABLE_CONNECT_PROTOCOL, 1);
    }

    /** SETTINGS of a client, which takes no pushes. */
    public static void clientSettings(ByteSink out, int streamWindow, int headerListBytes) {
        head(out, 18, FrameType.SETTINGS, 0, 0);
        setting(out, Settings.ENABLE_PUSH, 0);
        setting(out, Settings.INITIAL_WINDOW_SIZE, streamWindow);
        setting(out, Settings.MAX_HEADER_LIST_SIZE, headerListBytes);
    }

    /** A question whether the other side lives. */
    public static void ping(ByteSink out) {
        head(out, 8, FrameType.PING, 0, 0);
        number(out, 0);
        number(out, 0);
    }

    private static void setting(ByteSink out, int id, int value) {
        out.put((byte) (id >>> 8)).put((byte) id);
        number(out, value);
    }

    public static void settingsAck(ByteSink out) {
        head(out, 0, FrameType.SETTINGS, FrameType.ACK, 0);
    }

    /** Gives back the eight bytes that stand at {@code from}. */
    public static void pingAck(ByteSink out, ByteBuffer b, int from) {
        head(out, 8, FrameType.PING, FrameType.ACK, 0);
        out.put(b, from, 8);
    }

    public static void resetStream(ByteSink out, int stream, int code) {
        head(out, 4, FrameType.RST_STREAM, 0, stream);
        number(out, code);
    }

    public static void windowUpdate(ByteSink out, int stream, int increment) {
        assert increment > 0;
        head(out, 4, FrameType.WINDOW_UPDATE, 0, stream);
        number(out, increment);
    }

    public static void goAway(ByteSink out, int lastStream, int code) {
        head(out, 8, FrameType.GOAWAY, 0, 0);
        number(out, lastStream);
        number(out, code);
    }
}
