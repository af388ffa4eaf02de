package dev.sluice.worker.cache;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Tags of answers, by which many are purged at once: Surrogate-Key and Cache-Tag. They stand
 * between blanks or commas; in a record one blank stands behind each. Stateless.
 */
final class Tags {

    private static final byte[] SURROGATE_KEY =
            "surrogate-key".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CACHE_TAG = "cache-tag".getBytes(StandardCharsets.US_ASCII);

    private Tags() {}

    static void write(HeaderTable headers, ByteSink out) {
        put(headers, SURROGATE_KEY, out);
        put(headers, CACHE_TAG, out);
    }

    /** Whether a field carries tags: it is for caches, not for clients. */
    static boolean isField(ByteBuffer name, int offset, int length) {
        return AsciiBytes.equalsIgnoreCase(name, offset, length, SURROGATE_KEY)
                || AsciiBytes.equalsIgnoreCase(name, offset, length, CACHE_TAG);
    }

    /** The tag that a PURGE names; null without. */
    static String named(HeaderTable headers) {
        int i = headers.find(CACHE_TAG);
        i = i < 0 ? headers.find(SURROGATE_KEY) : i;
        if (i < 0) {
            return null;
        }
        byte[] value = new byte[headers.valueLength(i)];
        headers.buffer().get(headers.valueOffset(i), value);
        return new String(value, StandardCharsets.ISO_8859_1);
    }

    private static void put(HeaderTable headers, byte[] name, ByteSink out) {
        for (int i = 0; i < headers.count(); i++) {
            if (!headers.nameEqualsIgnoreCase(i, name)) {
                continue;
            }
            boolean inTag = false;
            for (int at = 0; at < headers.valueLength(i); at++) {
                byte c = headers.buffer().get(headers.valueOffset(i) + at);
                boolean blank = c == ' ' || c == ',' || c == '\t';
                if (!blank) {
                    out.put(c);
                } else if (inTag) {
                    out.put(' ');
                }
                inTag = !blank;
            }
            if (inTag) {
                out.put(' ');
            }
        }
    }
}
