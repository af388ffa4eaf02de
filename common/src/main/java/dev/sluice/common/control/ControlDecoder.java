package dev.sluice.common.control;

import java.nio.ByteBuffer;

/**
 * Bytes of a stream in, messages out, however the stream was cut. Owner: the thread that reads the
 * socket.
 *
 * <p>After a bad length or a message that cannot be read the stream has no meaning any more: {@link
 * #error} says why, {@link #next} returns nothing, further bytes are ignored. No input throws.
 */
public final class ControlDecoder {

    private static final int START_BYTES = 512;

    private final int messageBytesMax;
    private byte[] bytes = new byte[START_BYTES];
    private int from;
    private int to;
    private String error;

    /**
     * @param messageBytesMax longest message that is believed: {@link
     *     ControlCodec#FROM_WORKER_BYTES_MAX} or {@link ControlCodec#FROM_MASTER_BYTES_MAX}
     */
    public ControlDecoder(int messageBytesMax) {
        assert messageBytesMax > 0;
        this.messageBytesMax = messageBytesMax;
    }

    /** Takes all bytes between position and limit; they are copied. Call {@link #next} after it. */
    public void feed(ByteBuffer in) {
        if (error != null) {
            in.position(in.limit());
            return;
        }
        int length = in.remaining();
        makeRoom(length);
        in.get(bytes, to, length);
        to += length;
    }

    /** The next whole message, or null when more bytes are needed or {@link #error} is set. */
    public ControlMessage next() {
        if (error != null || to - from < ControlCodec.LENGTH_BYTES) {
            return null;
        }
        int length = ByteBuffer.wrap(bytes).getInt(from);
        if (length < 1 || length > messageBytesMax) {
            error = "message length " + Integer.toUnsignedString(length) + " is out of range";
            return null;
        }
        int start = from + ControlCodec.LENGTH_BYTES;
        if (to - start < length) {
            return null;
        }
        ControlMessage message = ControlCodec.decode(ByteBuffer.wrap(bytes, start, length));
        if (message == null) {
            error = "message of type " + bytes[start] + " cannot be read";
            return null;
        }
        from = start + length;
        if (from == to) {
            from = 0;
            to = 0;
            // A message of some MB has passed; its memory is not kept for the next one.
            bytes = bytes.length > 64 * 1024 ? new byte[START_BYTES] : bytes;
        }
        return message;
    }

    /** Why the stream cannot be read any further, or null. */
    public String error() {
        return error;
    }

    /** True when a message has begun and not ended: an EOF here cut it. */
    public boolean insideMessage() {
        return to > from;
    }

    private void makeRoom(int length) {
        if (bytes.length - to >= length) {
            return;
        }
        int kept = to - from;
        int needed = Math.addExact(kept, length);
        byte[] target =
                needed <= bytes.length ? bytes : new byte[Math.max(needed, bytes.length * 2)];
        System.arraycopy(bytes, from, target, 0, kept);
        bytes = target;
        from = 0;
        to = kept;
        assert bytes.length - to >= length : length;
    }
}
