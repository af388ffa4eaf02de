package dev.sluice.worker.module;

import dev.sluice.module.BodyOutput;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Bytes of a body on the heap, for as long as an exchange with hooks for bodies lasts.
 *
 * <p>Owner: event loop.
 */
final class BodyBuffer implements BodyOutput {

    private static final int FIRST_BYTES = 4 * 1024;

    private final Thread loop = Thread.currentThread();
    private final int bytesMax;
    private byte[] bytes = {};
    private int length;
    /** What has been taken out already. */
    private int from;
    private boolean open;
    private boolean written;

    /** @param bytesMax more is refused */
    BodyBuffer(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    void open() {
        open = true;
        written = false;
    }

    void close() {
        open = false;
    }

    /** Whether a hook has written anything since it was opened. */
    boolean isWritten() {
        return written;
    }

    void clear() {
        length = 0;
        from = 0;
        written = false;
    }

    boolean fits(int more) {
        return more <= bytesMax - length;
    }

    boolean isEmpty() {
        return from == length;
    }

    int length() {
        return length - from;
    }

    /** All that is in it, read-only. */
    ByteBuffer all() {
        return ByteBuffer.wrap(bytes, from, length - from).slice().asReadOnlyBuffer();
    }

    /** Lent until the next change. */
    ByteBuffer array() {
        return ByteBuffer.wrap(bytes);
    }

    int from() {
        return from;
    }

    void took(int count) {
        from += count;
    }

    void append(ByteBuffer more) {
        int count = more.remaining();
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L,
                    Math.max(FIRST_BYTES, Math.max(2L * bytes.length, (long) length + count))));
        }
        more.get(bytes, length, count);
        length += count;
    }

    @Override
    public void write(ByteBuffer more) {
        if (!open || Thread.currentThread() != loop) {
            throw new IllegalStateException("an output is used outside of the hook it was lent to");
        }
        if (!fits(more.remaining())) {
            throw new IllegalArgumentException("more than " + bytesMax + " bytes in one call");
        }
        written = true;
        append(more);
    }

    @Override
    public void write(byte[] more) {
        write(ByteBuffer.wrap(more));
    }
}
