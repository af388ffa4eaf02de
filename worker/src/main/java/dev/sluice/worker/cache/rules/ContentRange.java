package dev.sluice.worker.cache.rules;

import dev.sluice.worker.http.AsciiBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A Content-Range that says everything: {@code bytes 0-99/1000} (RFC 9110 §14.4). Reused.
 *
 * <p>Owner: event loop (or one test thread).
 */
public final class ContentRange {

    private static final byte[] UNIT = "bytes ".getBytes(StandardCharsets.US_ASCII);

    private long from;
    private long to;
    private long total;

    /** @return false when it is none, is of another unit, or leaves something open */
    public boolean read(ByteBuffer b, int offset, int length) {
        int end = offset + length;
        if (length <= UNIT.length
                || !AsciiBytes.equalsIgnoreCase(b, offset, UNIT.length, UNIT)) {
            return false;
        }
        int at = offset + UNIT.length;
        int dash = AsciiBytes.indexOf(b, at, end, '-');
        int slash = AsciiBytes.indexOf(b, dash, end, '/');
        if (slash >= end) {
            return false;
        }
        from = AsciiBytes.parseDecimal(b, at, dash - at);
        to = AsciiBytes.parseDecimal(b, dash + 1, slash - dash - 1) + 1;
        total = AsciiBytes.parseDecimal(b, slash + 1, end - slash - 1);
        return from >= 0 && to > from && total >= to;
    }

    /** The first byte. */
    public long from() {
        return from;
    }

    /** Behind the last one. */
    public long to() {
        return to;
    }

    /** Bytes of the whole. */
    public long total() {
        return total;
    }
}
