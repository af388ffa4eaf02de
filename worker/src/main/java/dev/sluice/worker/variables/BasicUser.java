package dev.sluice.worker.variables;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.AsciiBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The user name in an Authorization field of the Basic scheme (RFC 7617 §2). Stateless. */
final class BasicUser {

    private static final byte[] SCHEME = "basic ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DIGITS = new byte[128];

    static {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        Arrays.fill(DIGITS, (byte) -1);
        for (int i = 0; i < alphabet.length(); i++) {
            DIGITS[alphabet.charAt(i)] = (byte) i;
        }
    }

    private BasicUser() {}

    /**
     * Appends the name. What is not base64, has no colon, or whose name is empty or holds a control
     * character names nobody: such a name could break a line wherever it is written.
     */
    static boolean append(ByteBuffer b, int offset, int length, ByteSink out) {
        if (length <= SCHEME.length
                || !AsciiBytes.equalsIgnoreCase(b, offset, SCHEME.length, SCHEME)) {
            return false;
        }
        int start = out.position();
        int end = offset + length;
        int bits = 0;
        int bitCount = 0;
        for (int at = AsciiBytes.skipSpace(b, offset + SCHEME.length, end); at < end; at++) {
            byte c = b.get(at);
            int digit = c < 0 ? -1 : DIGITS[c];
            if (digit < 0) {
                break;
            }
            bits = bits << 6 | digit;
            bitCount += 6;
            if (bitCount < 8) {
                continue;
            }
            bitCount -= 8;
            byte decoded = (byte) (bits >>> bitCount);
            if (decoded == ':') {
                return out.position() > start;
            }
            if (decoded >= 0 && decoded < 0x20 || decoded == 0x7f) {
                break;
            }
            out.put(decoded);
        }
        out.position(start);
        return false;
    }
}
