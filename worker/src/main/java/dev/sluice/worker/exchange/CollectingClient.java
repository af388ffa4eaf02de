package dev.sluice.worker.exchange;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A client that is not there: it collects the head of an answer as lines, takes all of the body and
 * keeps nothing of it. Its own request has no body.
 *
 * <p>Owner: event loop.
 */
public abstract class CollectingClient extends ClientStream {

    private final ByteBuffer memory;
    /** The head, from byte 0 of its buffer. */
    protected final ByteSink head = new ByteSink();
    protected final FieldLines lines = new FieldLines();
    protected boolean headSent;

    /** @param headBytesMax the longest head that is taken; so much is held for ever */
    protected CollectingClient(int headBytesMax) {
        memory = ByteBuffer.allocateDirect(headBytesMax).order(ByteOrder.LITTLE_ENDIAN);
        lines.sink = head;
    }

    /** What it is the client of. */
    public abstract Exchange exchange();

    /** Another request begins: nothing has been collected. */
    protected final void beginAnswer() {
        headSent = false;
        head.reset(memory, 0, memory.capacity());
    }

    // ---- the head of the answer

    @Override
    public final void beginHead(int status) {
        assert !headSent;
        exchange().status = status;
        head.reset(memory, 0, memory.capacity()).put(Status.line(status));
    }

    @Override
    public final void header(byte[] name, byte[] value) {
        lines.header(name, value);
    }

    @Override
    public final void header(byte[] name, ByteBuffer value, int offset, int length) {
        lines.header(name, value, offset, length);
    }

    @Override
    public final void header(ByteBuffer name, int nameOffset, int nameLength, ByteBuffer value,
            int valueOffset, int valueLength) {
        lines.header(name, nameOffset, nameLength, value, valueOffset, valueLength);
    }

    @Override
    public final void headerDecimal(byte[] name, long value) {
        lines.headerDecimal(name, value);
    }

    @Override
    public final ByteSink beginHeader(byte[] name) {
        return lines.beginHeader(name);
    }

    @Override
    public final void endHeader() {
        lines.endHeader();
    }

    @Override
    public final void interim(int status) {
        // Nobody waits for it.
    }

    @Override
    public final boolean headSent() {
        return headSent;
    }

    // ---- the body of the answer, which goes nowhere

    @Override
    public final int room() {
        return Integer.MAX_VALUE;
    }

    @Override
    public final int writeCopy(ByteBuffer source, int offset, int length) {
        return length;
    }

    @Override
    public final void writeLent(ByteBuffer lent, long address, int offset, int length) {
        assert headSent;
    }

    @Override
    public final void writeFile(int fd, long offset, long length) {
        assert headSent;
    }

    // ---- the request has no body

    @Override
    public final boolean bodyPending() {
        return false;
    }

    @Override
    public long requestContentLength() {
        return 0;
    }

    @Override
    public final int readBody(ByteBuffer into, long address, int from, int limit) {
        return BODY_END;
    }

    @Override
    public final void discardBody() {
        // There is none.
    }
}
