package dev.sluice.worker.http2;

import dev.sluice.worker.arena.ByteSink;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Sec-WebSocket-Key of a request that is made here: 16 bytes by chance, as base64 (RFC 6455 §4.1).
 * It shows that the peer has understood the request, and is no secret. Stateless.
 */
final class WebSocketKey {

    static final int BYTES = 24;

    private static final String DIGITS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    /** Digits of six bits each. */
    private static final int WHOLE_DIGITS = 21;

    private WebSocketKey() {}

    static void write(ByteSink out) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int i = 0; i < WHOLE_DIGITS; i++) {
            out.put(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
        // 128 bits are 21 digits and two bits more.
        out.put(DIGITS.charAt(random.nextInt(4) << 4)).put('=').put('=');
    }
}
