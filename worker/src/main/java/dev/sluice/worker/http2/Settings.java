package dev.sluice.worker.http2;

import java.nio.ByteBuffer;

/**
 * What the other side has said about itself in SETTINGS (RFC 9113 §6.5). What matters is the window
 * and, of a peer, how many streams it takes: header blocks are written without a dynamic table,
 * frames are never longer than everybody must take, and the limit of a header list is advice that
 * an answer need not heed.
 *
 * <p>Owner: event loop.
 */
public final class Settings {

    static final int HEADER_TABLE_SIZE = 1;
    static final int ENABLE_PUSH = 2;
    static final int MAX_CONCURRENT_STREAMS = 3;
    static final int INITIAL_WINDOW_SIZE = 4;
    static final int MAX_FRAME_SIZE = 5;
    static final int MAX_HEADER_LIST_SIZE = 6;
    /** RFC 8441 §3. */
    static final int ENABLE_CONNECT_PROTOCOL = 8;

    /** Both windows before anybody has said anything (RFC 9113 §6.9.2). */
    public static final int WINDOW_DEFAULT = 65_535;

    private static final int FRAME_SIZE_MAX = (1 << 24) - 1;

    /** Bytes of DATA that a new stream may carry to the other side. */
    public int initialWindow = WINDOW_DEFAULT;
    /** Streams that the other side lets this one have open at once. */
    public int maxStreams = Integer.MAX_VALUE;

    public void reset() {
        initialWindow = WINDOW_DEFAULT;
        maxStreams = Integer.MAX_VALUE;
    }

    /**
     * Takes the contents of a frame over. Unknown settings are skipped.
     *
     * @param client whether a client speaks: a peer cannot allow pushes (RFC 9113 §6.5.2)
     * @return NO_ERROR or the code of the connection error
     */
    public int apply(ByteBuffer b, int from, int to, boolean client) {
        assert (to - from) % 6 == 0;
        for (int at = from; at < to; at += 6) {
            int id = (b.get(at) & 0xff) << 8 | b.get(at + 1) & 0xff;
            int value = Integer.reverseBytes(b.getInt(at + 2));
            switch (id) {
                case ENABLE_PUSH -> {
                    if (value >>> 1 != 0 || value != 0 && !client) {
                        return ErrorCode.PROTOCOL_ERROR;
                    }
                }
                case MAX_CONCURRENT_STREAMS ->
                        maxStreams = value < 0 ? Integer.MAX_VALUE : value;
                case INITIAL_WINDOW_SIZE -> {
                    if (value < 0) {
                        return ErrorCode.FLOW_CONTROL_ERROR;
                    }
                    initialWindow = value;
                }
                case MAX_FRAME_SIZE -> {
                    if (value < Frame.PAYLOAD_MAX || value > FRAME_SIZE_MAX) {
                        return ErrorCode.PROTOCOL_ERROR;
                    }
                }
                default -> { }
            }
        }
        return ErrorCode.NO_ERROR;
    }
}
