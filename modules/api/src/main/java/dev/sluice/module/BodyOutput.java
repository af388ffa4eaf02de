package dev.sluice.module;

import java.nio.ByteBuffer;

/**
 * Takes the bytes that a hook passes on. Valid while the hook is called, and on its thread only;
 * afterwards it throws {@link IllegalStateException}. One call may write 1 MiB at most, beyond
 * that it throws {@link IllegalArgumentException}.
 */
public interface BodyOutput {

    /** The remaining bytes, which are copied; the buffer's position moves to its limit. */
    void write(ByteBuffer bytes);

    /** All of these bytes, which are copied. */
    void write(byte[] bytes);
}
