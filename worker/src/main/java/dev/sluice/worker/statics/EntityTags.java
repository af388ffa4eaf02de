package dev.sluice.worker.statics;

import java.nio.ByteBuffer;

/** Lists of entity tags (RFC 9110 §8.8.3) compared with a file's own. Stateless. */
final class EntityTags {

    private EntityTags() {}

    /**
     * Whether {@code *} or a list of tags names this one. A file's tag is strong, so a weak one in
     * the list matches only where weak comparison is asked for.
     *
     * @param tag the file's tag with its quotes; null matches only {@code *}
     */
    static boolean match(ByteBuffer b, int offset, int length, byte[] tag, boolean weakly) {
        int at = offset;
        int end = offset + length;
        if (length == 1 && b.get(at) == '*') {
            return true;
        }
        while (at < end) {
            byte c = b.get(at);
            if (c == ',' || c == ' ' || c == '\t') {
                at++;
                continue;
            }
            boolean weak = c == 'W' && at + 1 < end && b.get(at + 1) == '/';
            if (weak) {
                at += 2;
            }
            // A comma may stand within the quotes: the closing quote ends a tag.
            int close = closingQuote(b, at, end);
            if (close < 0) {
                return false;
            }
            if ((weakly || !weak) && equal(b, at, close + 1 - at, tag)) {
                return true;
            }
            at = close + 1;
        }
        return false;
    }

    private static int closingQuote(ByteBuffer b, int open, int end) {
        if (open >= end || b.get(open) != '"') {
            return -1;
        }
        for (int at = open + 1; at < end; at++) {
            if (b.get(at) == '"') {
                return at;
            }
        }
        return -1;
    }

    /** Whether the range is this very tag, strong (If-Range). */
    static boolean equal(ByteBuffer b, int offset, int length, byte[] tag) {
        if (tag == null || length != tag.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (b.get(offset + i) != tag[i]) {
                return false;
            }
        }
        return true;
    }
}
