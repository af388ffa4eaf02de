package dev.sluice.worker.statics;

import dev.sluice.common.config.MimeTypes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Media types by the extension of a path, as header values. Asked only when a file comes into the
 * cache. Written at boot, then read-only.
 */
final class MediaTypes {

    /** Longer extensions are none. */
    private static final int EXTENSION_BYTES_MAX = 32;

    private final Map<String, byte[]> byExtension = new HashMap<>();

    MediaTypes(MimeTypes types) {
        types.all().forEach((extension, type) ->
                byExtension.put(extension, type.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** The type of the last component's extension in any case; null when there is none known. */
    byte[] of(ByteBuffer path, int offset, int length) {
        int end = offset + length;
        int at = end - 1;
        while (at >= offset && path.get(at) != '.' && path.get(at) != '/'
                && end - at <= EXTENSION_BYTES_MAX) {
            at--;
        }
        // The dot of a hidden file starts its name and no extension.
        if (at <= offset || path.get(at) != '.' || path.get(at - 1) == '/') {
            return null;
        }
        char[] extension = new char[end - at - 1];
        for (int i = 0; i < extension.length; i++) {
            char c = (char) (path.get(at + 1 + i) & 0xff);
            extension[i] = c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
        }
        return byExtension.get(new String(extension));
    }
}
