package dev.sluice.worker.http1;

import java.nio.ByteBuffer;

/**
 * Host and port as RFC 9110 §7.2 and RFC 3986 §3.2.2 have them, narrower where the grammar lets in
 * what no name has: no user information, no percent escape (it could be read two ways), no
 * sub-delimiters, no empty label. Stateless.
 */
public final class HostRule {

    public static final long INVALID = -1;

    private static final int HOST_BYTES_MAX = 255;

    private static final byte NAME = 1;
    private static final byte DOT = 2;
    private static final byte[] KINDS = new byte[256];

    static {
        for (char c = 0; c < 128; c++) {
            int letter = c | 0x20;
            if (letter >= 'a' && letter <= 'z' || c >= '0' && c <= '9'
                    || c == '-' || c == '_' || c == '~') {
                KINDS[c] = NAME;
            }
        }
        KINDS['.'] = DOT;
    }

    private HostRule() {}

    /**
     * @return {@link #INVALID}, or the length of the host shifted left by 32, plus its port (0 if
     *     none is written). The length counts brackets and leaves out a dot at the end.
     */
    public static long check(ByteBuffer b, int offset, int length) {
        int end = offset + length;
        int hostEnd = length > 0 && b.get(offset) == '['
                ? literalEnd(b, offset, end) : nameEnd(b, offset, end);
        if (hostEnd < 0) {
            return INVALID;
        }
        int port = 0;
        if (hostEnd < end) {
            port = port(b, hostEnd, end);
            if (port < 0) {
                return INVALID;
            }
        }
        int hostLength = hostEnd - offset;
        if (b.get(hostEnd - 1) == '.') {
            hostLength--;
        }
        if (hostLength == 0 || hostLength > HOST_BYTES_MAX) {
            return INVALID;
        }
        return (long) hostLength << 32 | port;
    }

    /** Index behind the last byte of a name or IPv4 address, -1 if it is none. */
    private static int nameEnd(ByteBuffer b, int at, int end) {
        int from = at;
        int before = DOT;
        for (; at < end; at++) {
            int kind = KINDS[b.get(at) & 0xff];
            // Two dots in a row, or one at the start, leave no bit.
            if ((kind & (NAME | DOT & ~before)) == 0) {
                if (b.get(at) == ':') {
                    break;
                }
                return -1;
            }
            before = kind;
        }
        return at == from ? -1 : at;
    }

    /** Index behind the closing bracket of an IPv6 address, -1 if it is none. */
    private static int literalEnd(ByteBuffer b, int at, int end) {
        int colons = 0;
        for (int i = at + 1; i < end; i++) {
            byte c = b.get(i);
            if (c == ']') {
                return colons >= 2 && colons <= 8 ? i + 1 : -1;
            }
            if (c == ':') {
                colons++;
            } else if (c != '.' && ByteScan.hex(c) < 0) {
                return -1;
            }
        }
        return -1;
    }

    /** The port behind a colon: 0 if there are no digits, -1 if it is none. */
    private static int port(ByteBuffer b, int at, int end) {
        if (b.get(at) != ':' || end - at > 6) {
            return -1;
        }
        int port = 0;
        for (int i = at + 1; i < end; i++) {
            int digit = b.get(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            port = port * 10 + digit;
        }
        return port > 65_535 || port == 0 && end - at > 1 ? -1 : port;
    }
}
