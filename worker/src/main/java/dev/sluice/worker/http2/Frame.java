package dev.sluice.worker.http2;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One frame as it lies in a buffer, and whether it may be as it is, looked at by itself: its
 * length, its stream, its padding (RFC 9113 §4, §6). What it means where it comes is not known
 * here.
 *
 * <pre>
 *   | length:24 | type:8 | flags:8 | R:1 stream:31 | payload |
 *   payload of DATA, HEADERS:  | pad length:8 | priority:40 | contents | padding |   as flags say
 * </pre>
 *
 * <p>Owner: event loop (or one test thread). Reused by {@link #next}.
 */
public final class Frame {

    /** {@link #next}: the frame is not complete. */
    public static final int NEED_MORE = -1;
    /** {@link #next}: the frame may not be so; {@link #error} and {@link #what} say why. */
    public static final int BAD = -2;

    public static final int HEAD_BYTES = 9;
    /** The longest payload that is taken: the smallest that must be (RFC 9113 §4.2). */
    public static final int PAYLOAD_MAX = 16 * 1024;

    private static final int PRIORITY_BYTES = 5;

    public int type;
    public int flags;
    public int stream;
    /** The contents, without padding and priority. */
    public int from;
    public int to;
    /** Length of the payload, with padding: what flow control counts of DATA. */
    public int payloadBytes;
    /** Of a frame that is BAD. */
    public int error;
    public String what;
    /**
     * Whether a frame that is BAD harms its stream only (RFC 9113 §5.4.2): what follows it begins
     * at {@link #to}.
     */
    public boolean streamOnly;

    /**
     * Looks at the frame that begins at {@code at}.
     *
     * @return where it ends, NEED_MORE or BAD
     */
    public int next(ByteBuffer b, int at, int end) {
        assert b.order() == ByteOrder.LITTLE_ENDIAN;
        if (end - at < HEAD_BYTES) {
            return NEED_MORE;
        }
        int head = Integer.reverseBytes(b.getInt(at));
        payloadBytes = head >>> 8;
        type = head & 0xff;
        flags = b.get(at + 4) & 0xff;
        stream = Integer.reverseBytes(b.getInt(at + 5)) & Integer.MAX_VALUE;
        from = at + HEAD_BYTES;
        to = from + payloadBytes;
        streamOnly = false;
        if (payloadBytes > PAYLOAD_MAX) {
            return bad(ErrorCode.FRAME_SIZE_ERROR, "frame longer than 16384 bytes");
        }
        if (!isLengthRight()) {
            return bad(ErrorCode.FRAME_SIZE_ERROR, "frame of a wrong length");
        }
        if (!isStreamRight()) {
            return bad(ErrorCode.PROTOCOL_ERROR, stream == 0 ? "frame without a stream"
                    : "frame of the connection on a stream");
        }
        if (end < to) {
            return NEED_MORE;
        }
        int frameEnd = to;
        if (type == FrameType.PRIORITY && payloadBytes != PRIORITY_BYTES) {
            streamOnly = true;
            return bad(ErrorCode.FRAME_SIZE_ERROR, "PRIORITY of a wrong length");
        }
        boolean padded = (flags & FrameType.PADDED) != 0;
        if (type == FrameType.DATA || type == FrameType.HEADERS) {
            int padding = padded && payloadBytes > 0 ? b.get(from++) & 0xff : 0;
            if (type == FrameType.HEADERS && (flags & FrameType.PRIORITY_FLAG) != 0) {
                from += PRIORITY_BYTES;
            }
            to -= padding;
            if (from > to || padded && payloadBytes == 0) {
                return bad(ErrorCode.PROTOCOL_ERROR, "padding longer than its frame");
            }
        }
        return frameEnd;
    }

    private boolean isLengthRight() {
        return switch (type) {
            case FrameType.RST_STREAM, FrameType.WINDOW_UPDATE -> payloadBytes == 4;
            case FrameType.PING -> payloadBytes == 8;
            case FrameType.GOAWAY -> payloadBytes >= 8;
            case FrameType.SETTINGS -> (flags & FrameType.ACK) != 0 ? payloadBytes == 0
                    : payloadBytes % 6 == 0;
            default -> true;
        };
    }

    private boolean isStreamRight() {
        return switch (type) {
            case FrameType.DATA, FrameType.HEADERS, FrameType.PRIORITY, FrameType.RST_STREAM,
                    FrameType.PUSH_PROMISE, FrameType.CONTINUATION -> stream != 0;
            case FrameType.SETTINGS, FrameType.PING, FrameType.GOAWAY -> stream == 0;
            default -> true;
        };
    }

    private int bad(int code, String sentence) {
        error = code;
        what = sentence;
        return BAD;
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** The 31 or 32 bits at the beginning of the contents. */
    public int number(ByteBuffer b) {
        return Integer.reverseBytes(b.getInt(from));
    }
}
