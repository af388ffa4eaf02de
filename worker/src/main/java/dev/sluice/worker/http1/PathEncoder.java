package dev.sluice.worker.http1;

import dev.sluice.worker.arena.ByteSink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes a canonical path for the wire: what is neither pchar (RFC 3986 §3.3) nor '/' becomes %XX.
 * The escapes a canonical path holds, "%2F" and "%25", stay as they are; a '%' that starts no
 * escape, which only a rewrite can bring in, becomes "%25". Stateless.
 */
public final class PathEncoder {

    /** One byte becomes at most so many. */
    public static final int GROWTH_MAX = 3;

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final boolean[] PLAIN = new boolean[256];

    static {
        for (char c = '0'; c <= '9'; c++) {
            PLAIN[c] = true;
        }
        for (char c = 'a'; c <= 'z'; c++) {
            PLAIN[c] = true;
            PLAIN[c - 'a' + 'A'] = true;
        }
        for (char c : "-._~!$&'()*+,;=:@/".toCharArray()) {
            PLAIN[c] = true;
        }
    }

    private PathEncoder() {}

    /** Runs of plain bytes are copied whole. */
    public static void encode(ByteBuffer canonical, int off, int len, ByteSink out) {
        int end = off + len;
        int run = off;
        for (int at = off; at < end; at++) {
            byte c = canonical.get(at);
            if (PLAIN[c & 0xff]) {
                continue;
            }
            if (c == '%' && isEscape(canonical, at, end)) {
                at += 2;
                continue;
            }
            out.put(canonical, run, at - run);
            out.put((byte) '%').put(HEX[c >> 4 & 15]).put(HEX[c & 15]);
            run = at + 1;
        }
        out.put(canonical, run, end - run);
    }

    private static boolean isEscape(ByteBuffer b, int at, int end) {
        return at + 2 < end && ByteScan.hex(b.get(at + 1)) >= 0 && ByteScan.hex(b.get(at + 2)) >= 0;
    }
}
