package dev.sluice.worker.http2;

import dev.sluice.worker.http.HeaderName;

/**
 * Fields that speak of a connection of HTTP/1 and that no message of HTTP/2 may have (RFC 9113
 * §8.2.2). Stateless.
 */
final class ConnectionFields {

    private ConnectionFields() {}

    static boolean has(int nameId) {
        return switch (nameId) {
            case HeaderName.CONNECTION, HeaderName.PROXY_CONNECTION, HeaderName.KEEP_ALIVE,
                    HeaderName.TRANSFER_ENCODING, HeaderName.UPGRADE -> true;
            default -> false;
        };
    }
}
