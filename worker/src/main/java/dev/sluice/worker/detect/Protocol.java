package dev.sluice.worker.detect;

import dev.sluice.worker.http2.Preface;
import java.nio.ByteBuffer;

/** What the first bytes of a connection say. Stateless. */
public enum Protocol {
    /** So far they may become one of several. */
    UNKNOWN,
    /** A header of the PROXY protocol, in either version. */
    PROXY,
    /** A handshake record (RFC 8446 §5.1). */
    TLS,
    /** A request line of HTTP/1, or the preface of HTTP/2 (RFC 9113 §3.4). */
    HTTP,
    /** None of these. */
    OTHER;

    /** Enough to tell: the longest method, a space, and what a target begins with. */
    static final int BYTES_MAX = 64;

    private static final int HANDSHAKE = 22;
    private static final int MAJOR_VERSION = 3;
    /** No registered method is longer (RFC 9110 §16.1.1: UPDATEREDIRECTREF has 17). */
    private static final int METHOD_BYTES_MAX = 20;
    private static final byte[] PROXY_1 = {'P', 'R', 'O', 'X', 'Y', ' '};
    private static final byte[] PROXY_2 = {
        '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};

    /** @param count how many bytes there are, from byte 0 */
    static Protocol of(ByteBuffer b, int count) {
        if (count == 0) {
            return UNKNOWN;
        }
        if (b.get(0) == HANDSHAKE) {
            return count == 1 ? UNKNOWN : b.get(1) == MAJOR_VERSION ? TLS : OTHER;
        }
        if (begins(b, count, PROXY_1) || begins(b, count, PROXY_2)) {
            int signature = b.get(0) == PROXY_1[0] ? PROXY_1.length : PROXY_2.length;
            return count < signature ? UNKNOWN : PROXY;
        }
        int preface = Preface.match(b, 0, count);
        if (preface != Preface.OTHER) {
            // No method has this name but the preface's own.
            return count < 4 ? UNKNOWN : HTTP;
        }
        return http1(b, count);
    }

    private static boolean begins(ByteBuffer b, int count, byte[] with) {
        for (int i = 0; i < Math.min(count, with.length); i++) {
            if (b.get(i) != with[i]) {
                return false;
            }
        }
        return true;
    }

    /** A method in capitals, a space, and a target in one of its forms (RFC 9112 §3.2). */
    private static Protocol http1(ByteBuffer b, int count) {
        int at = 0;
        while (at < count && at <= METHOD_BYTES_MAX && isMethodPart(b.get(at))) {
            at++;
        }
        if (at == count) {
            return at <= METHOD_BYTES_MAX ? UNKNOWN : OTHER;
        }
        if (at == 0 || at > METHOD_BYTES_MAX || b.get(at) != ' ') {
            return OTHER;
        }
        if (at + 1 == count) {
            return UNKNOWN;
        }
        byte first = b.get(at + 1);
        boolean connect = at == 7 && b.get(0) == 'C' && b.get(1) == 'O' && b.get(3) == 'N';
        return first == '/' || first == '*' || first == 'h' || first == 'H' || connect
                ? HTTP : OTHER;
    }

    private static boolean isMethodPart(byte c) {
        return c >= 'A' && c <= 'Z' || c == '-' || c == '_';
    }
}
