package dev.sluice.common.config;

import java.util.List;

/**
 * Which answers of a location are sent in a content coding (RFC 9110 section 8.4.1), and how. A
 * level of 0 stands for a coding that is off. Written at boot, then read-only.
 *
 * @param brotliLevel one more than brotli's own, which begins with 0
 * @param types media types in lower case; {@code *} for all
 * @param bypass templates; an answer is left as it is when one gives neither nothing nor 0
 */
public record CodingConfig(
        int gzipLevel,
        int brotliLevel,
        int zstdLevel,
        List<String> types,
        long lengthMin,
        List<Proxied> proxied,
        boolean vary,
        List<String> bypass,
        boolean gunzip,
        long gunzipBytesMax) {

    public CodingConfig {
        types = List.copyOf(types);
        proxied = List.copyOf(proxied);
        bypass = List.copyOf(bypass);
    }

    /** Whether any answer is compressed. */
    public boolean compresses() {
        return gzipLevel + brotliLevel + zstdLevel > 0;
    }

    /** nginx's conditions for an answer to a request that another proxy has made (Via). */
    public enum Proxied {
        OFF, EXPIRED, NO_CACHE, NO_STORE, PRIVATE, NO_LAST_MODIFIED, NO_ETAG, AUTH, ANY
    }
}
