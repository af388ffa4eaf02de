package dev.sluice.worker.exchange;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.FieldValue;
import java.nio.ByteBuffer;

/**
 * Puts the fields of a head into a sink as lines of HTTP/1 (RFC 9112 §5). Methods are those of a
 * {@link ClientStream}, which has more to say of them.
 *
 * <p>Owner: event loop.
 */
public class FieldLines {

    protected static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] COLON = {':', ' '};

    /** Where lines are put; lent until the next one is set. */
    protected ByteSink sink;
    private int lineFrom;
    private int valueFrom;

    public void header(byte[] name, byte[] value) {
        sink.put(name).put(COLON).put(value).put(CRLF);
    }

    public void header(byte[] name, ByteBuffer value, int offset, int length) {
        sink.put(name).put(COLON).put(value, offset, length).put(CRLF);
    }

    public void header(ByteBuffer name, int nameOffset, int nameLength, ByteBuffer value,
            int valueOffset, int valueLength) {
        sink.put(name, nameOffset, nameLength).put(COLON);
        sink.put(value, valueOffset, valueLength).put(CRLF);
    }

    public final void headerDecimal(byte[] name, long value) {
        sink.put(name).put(COLON).putDecimal(value).put(CRLF);
    }

    public final ByteSink beginHeader(byte[] name) {
        lineFrom = sink.position();
        sink.put(name).put(COLON);
        valueFrom = sink.position();
        return sink;
    }

    /** One whose value is empty, or would split the message, is taken back whole. */
    public final void endHeader() {
        if (sink.position() == valueFrom
                || !FieldValue.isSafe(sink.buffer(), valueFrom, sink.position())) {
            sink.position(lineFrom);
        } else {
            sink.put(CRLF);
        }
    }
}
