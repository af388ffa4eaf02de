package dev.sluice.worker.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Media types as {@code gzip_types} and {@code charset_types} list them: in lower case, with
 * {@code text/*} for all that begin so and {@code *} for all. text/html is always one of them, as
 * in nginx. Written at boot, then read-only.
 */
public final class MediaTypeSet {

    private static final byte[] TEXT_HTML = "text/html".getBytes(StandardCharsets.US_ASCII);

    /** Those that end with a slash are groups; null for all types. */
    private final byte[][] types;

    public MediaTypeSet(List<String> listed) {
        types = listed.contains("*") ? null : listed.stream()
                .map(type -> type.replace("/*", "/").getBytes(StandardCharsets.US_ASCII))
                .toArray(byte[][]::new);
    }

    /** Whether a type without parameters, in any case, is one of them. */
    public boolean has(ByteBuffer b, int offset, int length) {
        if (types == null || AsciiBytes.equalsIgnoreCase(b, offset, length, TEXT_HTML)) {
            return true;
        }
        for (byte[] type : types) {
            boolean group = type[type.length - 1] == '/';
            if (group ? length > type.length
                            && AsciiBytes.equalsIgnoreCase(b, offset, type.length, type)
                    : AsciiBytes.equalsIgnoreCase(b, offset, length, type)) {
                return true;
            }
        }
        return false;
    }
}
