package dev.sluice.module.testkit;

import dev.sluice.module.BodyOutput;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Takes what a hook passes on, until it returns. Owner: the test's thread. */
final class CollectedOutput implements BodyOutput {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final BodyOutput next;
    private final boolean[] written;
    private boolean over;

    CollectedOutput() {
        this(null, new boolean[1]);
    }

    /** @param next gets it all the same, or null @param written is told whether anything came */
    CollectedOutput(BodyOutput next, boolean[] written) {
        this.next = next;
        this.written = written;
    }

    byte[] takeBack() {
        over = true;
        return bytes.toByteArray();
    }

    boolean isWritten() {
        return written[0];
    }

    @Override
    public void write(ByteBuffer more) {
        byte[] copy = new byte[more.remaining()];
        more.get(copy);
        write(copy);
    }

    @Override
    public void write(byte[] more) {
        if (over) {
            throw new IllegalStateException("an output is used outside of the hook it was lent to");
        }
        written[0] = true;
        if (next != null) {
            next.write(more);
        }
        bytes.writeBytes(more);
    }
}
