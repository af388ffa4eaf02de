package dev.sluice.worker.http1;

import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads the Connection field (RFC 9110 §7.6.1). Stateless. */
final class ConnectionRule {

    static final int CLOSE = 1;
    static final int KEEP_ALIVE = 2;
    static final int UPGRADE = 4;
    /** More options than anybody needs: each of them costs a search of the table. */
    static final int TOO_MANY = 8;

    private static final int OPTIONS_MAX = 32;
    private static final byte[] CLOSE_TOKEN = ascii("close");
    private static final byte[] KEEP_ALIVE_TOKEN = ascii("keep-alive");
    private static final byte[] UPGRADE_TOKEN = ascii("upgrade");

    private ConnectionRule() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** OR of the constants of this class. */
    static int options(HeaderTable headers) {
        int flags = 0;
        int count = 0;
        ByteBuffer b = headers.buffer();
        for (int i = headers.find(HeaderName.CONNECTION); i >= 0;
                i = headers.findNext(HeaderName.CONNECTION, i)) {
            int at = headers.valueOffset(i);
            int end = at + headers.valueLength(i);
            while (at < end) {
                int optionEnd = AsciiBytes.tokenEnd(b, at, end);
                int from = AsciiBytes.skipSpace(b, at, optionEnd);
                flags |= option(b, from, AsciiBytes.trimSpace(b, from, optionEnd) - from);
                if (++count > OPTIONS_MAX) {
                    return flags | TOO_MANY;
                }
                at = optionEnd + 1;
            }
        }
        return flags;
    }

    private static int option(ByteBuffer b, int offset, int length) {
        return switch (length) {
            case 5 -> AsciiBytes.equalsIgnoreCase(b, offset, length, CLOSE_TOKEN) ? CLOSE : 0;
            case 7 -> AsciiBytes.equalsIgnoreCase(b, offset, length, UPGRADE_TOKEN) ? UPGRADE : 0;
            case 10 -> AsciiBytes.equalsIgnoreCase(b, offset, length, KEEP_ALIVE_TOKEN)
                    ? KEEP_ALIVE : 0;
            default -> 0;
        };
    }

    /** RFC 9112 §9.3: 1.1 persists unless told to close, 1.0 closes unless told to persist. */
    static boolean keepAlive(int options, int minorVersion) {
        return (options & CLOSE) == 0 && (minorVersion == 1 || (options & KEEP_ALIVE) != 0);
    }
}
