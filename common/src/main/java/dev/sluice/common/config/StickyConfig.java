package dev.sluice.common.config;

/**
 * The cookie that brings a client back to its peer (RFC 6265). Written at boot, then read-only.
 *
 * @param expiresMs 0 for a cookie that ends with the client's session
 * @param path null for none, as is domain
 * @param sameSite {@code Strict}, {@code Lax} or {@code None} as it is sent; null for none
 */
public record StickyConfig(
        String cookie,
        long expiresMs,
        String path,
        String domain,
        boolean httpOnly,
        boolean secure,
        String sameSite) {
}
