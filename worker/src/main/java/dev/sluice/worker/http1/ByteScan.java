package dev.sluice.worker.http1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Searches that look at eight bytes at a time, and the table of token characters. The words are
 * little endian, so the lowest set bit of a mask belongs to the first byte; a mask may have false
 * marks above its first true one, never below. Stateless.
 */
public final class ByteScan {

    static final byte CR = '\r';
    static final byte LF = '\n';
    /** CR LF read as a little-endian short. */
    static final short CR_LF = LF << 8 | CR;
    static final byte HTAB = '\t';

    /** Not a token character (RFC 9110 §5.6.2). */
    public static final byte NO_TOKEN = 0;
    public static final byte TOKEN = 1;
    /** The underscore: a token character that gateways confuse with the hyphen. */
    public static final byte TOKEN_UNDERSCORE = 3;

    /** Per byte: NO_TOKEN, TOKEN or TOKEN_UNDERSCORE. */
    static final byte[] TOKENS = new byte[256];

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long LOW_SEVEN = 0x7f7f7f7f7f7f7f7fL;

    static {
        for (char c = '0'; c <= '9'; c++) {
            TOKENS[c] = TOKEN;
        }
        for (char c = 'a'; c <= 'z'; c++) {
            TOKENS[c] = TOKEN;
            TOKENS[c - 'a' + 'A'] = TOKEN;
        }
        for (char c : "!#$%&'*+-.^`|~".toCharArray()) {
            TOKENS[c] = TOKEN;
        }
        TOKENS['_'] = TOKEN_UNDERSCORE;
    }

    private ByteScan() {}

    /** NO_TOKEN, TOKEN or TOKEN_UNDERSCORE: two classes are joined by OR. */
    public static int tokenClass(byte c) {
        return TOKENS[c & 0xff];
    }

    public static boolean isToken(byte c) {
        return TOKENS[c & 0xff] != NO_TOKEN;
    }

    /** Index of the first C0 control or DEL in {@code [at, end)}, or {@code end}. */
    public static int control(ByteBuffer b, int at, int end) {
        assert b.order() == ByteOrder.LITTLE_ENDIAN;
        while (at + 8 <= end) {
            long w = b.getLong(at);
            long found = (w - ONES * 0x20 | (w & LOW_SEVEN) + ONES) & ~w & HIGH_BITS;
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
            at += 8;
        }
        while (at < end && !isControl(b.get(at))) {
            at++;
        }
        return at;
    }

    static boolean isControl(byte c) {
        return c >= 0 && c < 0x20 || c == 0x7f;
    }

    /** Index of the first control, space, DEL, '?' or '#' in {@code [at, end)}, or {@code end}. */
    public static int targetStop(ByteBuffer b, int at, int end) {
        assert b.order() == ByteOrder.LITTLE_ENDIAN;
        while (at + 8 <= end) {
            long w = b.getLong(at);
            long question = w ^ ONES * '?';
            long hash = w ^ ONES * '#';
            long found = (w - ONES * 0x21 | (w & LOW_SEVEN) + ONES) & ~w
                    | question - ONES & ~question | hash - ONES & ~hash;
            found &= HIGH_BITS;
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
            at += 8;
        }
        while (at < end && !isTargetStop(b.get(at))) {
            at++;
        }
        return at;
    }

    private static boolean isTargetStop(byte c) {
        return c >= 0 && c <= 0x20 || c == 0x7f || c == '?' || c == '#';
    }

    /** Value of a hexadecimal digit, -1 for any other byte. */
    static int hex(byte c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int letter = (c | 0x20) - 'a';
        return letter >= 0 && letter < 6 ? letter + 10 : -1;
    }
}
