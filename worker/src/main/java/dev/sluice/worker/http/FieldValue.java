package dev.sluice.worker.http;

import java.nio.ByteBuffer;

/** What may stand as the value of a header field (RFC 9110 §5.5). Stateless. */
public final class FieldValue {

    private FieldValue() {}

    /**
     * Whether the range holds no control character but a tab. One with a line end in it, which a
     * variable could bring in from the request, would split the message (CWE-113).
     */
    public static boolean isSafe(ByteBuffer b, int from, int end) {
        for (int i = from; i < end; i++) {
            int c = b.get(i);
            if (c >= 0 && c < 0x20 && c != '\t' || c == 0x7f) {
                return false;
            }
        }
        return true;
    }
}
