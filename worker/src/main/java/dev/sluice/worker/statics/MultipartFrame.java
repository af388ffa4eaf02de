package dev.sluice.worker.statics;

import dev.sluice.worker.arena.ByteSink;
import java.nio.charset.StandardCharsets;

/**
 * What stands around the parts of a multipart/byteranges body (RFC 9110 §14.6):
 *
 * <pre>
 *   CRLF --BOUNDARY CRLF Content-Type: T CRLF Content-Range: bytes A-B/SIZE CRLF CRLF  bytes ...
 *   CRLF --BOUNDARY-- CRLF
 * </pre>
 *
 * <p>Stateless.
 */
final class MultipartFrame {

    /** Hexadecimal digits of a boundary. */
    static final int BOUNDARY_BYTES = 16;

    private static final byte[] DASHES = ascii("\r\n--");
    private static final byte[] TYPE = ascii("\r\nContent-Type: ");
    private static final byte[] RANGE = ascii("\r\nContent-Range: ");
    private static final byte[] BLANK = ascii("\r\n\r\n");
    private static final byte[] END = ascii("--\r\n");
    private static final byte[] BYTES = ascii("bytes ");
    private static final byte[] MEDIA_TYPE = ascii("multipart/byteranges; boundary=");

    private MultipartFrame() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Sixteen digits whatever the number. */
    static void putBoundary(ByteSink out, long boundary) {
        for (int shift = 60; shift >= 0; shift -= 4) {
            out.putHex(boundary >>> shift & 15);
        }
    }

    static void putMediaType(ByteSink out, long boundary) {
        out.put(MEDIA_TYPE);
        putBoundary(out, boundary);
    }

    /** {@code bytes 0-99/1000}: the range without its last bound. */
    static void putContentRange(ByteSink out, long from, long to, long size) {
        out.put(BYTES).putDecimal(from).put((byte) '-').putDecimal(to - 1)
                .put((byte) '/').putDecimal(size);
    }

    static void putHead(ByteSink out, long boundary, byte[] type, long from, long to, long size) {
        out.put(DASHES);
        putBoundary(out, boundary);
        out.put(TYPE).put(type).put(RANGE);
        putContentRange(out, from, to, size);
        out.put(BLANK);
    }

    static void putEnd(ByteSink out, long boundary) {
        out.put(DASHES);
        putBoundary(out, boundary);
        out.put(END);
    }

    /** Bytes that {@link #putHead} writes. */
    static int headLength(byte[] type, long from, long to, long size) {
        return DASHES.length + BOUNDARY_BYTES + TYPE.length + type.length + RANGE.length
                + BYTES.length + ByteSink.decimalDigits(from) + 1 + ByteSink.decimalDigits(to - 1)
                + 1 + ByteSink.decimalDigits(size) + BLANK.length;
    }

    /** Bytes that {@link #putEnd} writes. */
    static int endLength() {
        return DASHES.length + BOUNDARY_BYTES + END.length;
    }
}
