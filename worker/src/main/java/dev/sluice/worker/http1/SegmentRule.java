package dev.sluice.worker.http1;

import java.nio.ByteBuffer;

/**
 * Finds decoded path segments that a later reader could take for something else. Stateless.
 */
final class SegmentRule {

    private SegmentRule() {}

    /**
     * Whether the segment, split at backslashes and at "%2F" and each part cut at its first ';',
     * has a part that is "." or "..", or holds overlong UTF-8 of an ASCII character. Plain dot
     * segments are gone already.
     */
    static boolean isAmbiguous(ByteBuffer b, int at, int end) {
        int part = at;
        // The part's length before a ';', -1 while none was seen.
        int cut = -1;
        boolean split = false;
        for (int i = at; i < end; i++) {
            byte c = b.get(i);
            if (c < 0 && isOverlong(b, i, end)) {
                return true;
            }
            if (c == ';' && cut < 0) {
                cut = i - part;
                split = true;
            } else if (c == '\\' || isSlashEscape(b, i, end)) {
                if (isDotsBefore(b, part, cut < 0 ? i - part : cut)) {
                    return true;
                }
                i += c == '\\' ? 0 : 2;
                part = i + 1;
                cut = -1;
                split = true;
            }
        }
        return split && isDotsBefore(b, part, cut < 0 ? end - part : cut);
    }

    private static boolean isSlashEscape(ByteBuffer b, int at, int end) {
        return b.get(at) == '%' && at + 2 < end && b.get(at + 1) == '2' && b.get(at + 2) == 'F';
    }

    private static boolean isDotsBefore(ByteBuffer b, int part, int length) {
        return length == 1 && b.get(part) == '.'
                || length == 2 && b.get(part) == '.' && b.get(part + 1) == '.';
    }

    /**
     * Two bytes from C0 or C1, three from E0 80 or E0 81, four from F0 80 80 or F0 80 81 would
     * spell an ASCII character in a decoder that does not check (RFC 3629 §10).
     */
    private static boolean isOverlong(ByteBuffer b, int at, int end) {
        int lead = b.get(at) & 0xff;
        if (lead == 0xc0 || lead == 0xc1) {
            return isContinuation(b, at + 1, end);
        }
        if (lead == 0xe0) {
            return isLow(b, at + 1, end) && isContinuation(b, at + 2, end);
        }
        return lead == 0xf0 && at + 1 < end && (b.get(at + 1) & 0xff) == 0x80
                && isLow(b, at + 2, end) && isContinuation(b, at + 3, end);
    }

    private static boolean isContinuation(ByteBuffer b, int at, int end) {
        return at < end && (b.get(at) & 0xc0) == 0x80;
    }

    private static boolean isLow(ByteBuffer b, int at, int end) {
        return at < end && (b.get(at) & 0xfe) == 0x80;
    }
}
