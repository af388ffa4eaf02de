package dev.sluice.worker.http2;

import dev.sluice.worker.http1.ByteScan;
import dev.sluice.worker.http.FieldValue;
import dev.sluice.worker.http.ParseError;
import java.nio.ByteBuffer;

/** What every field of HTTP/2 has to be like (RFC 9113 §8.2.1). Stateless. */
final class FieldRules {

    /** What a field counts besides its bytes (RFC 9113 §6.5.2). */
    static final int OVERHEAD = 32;

    private FieldRules() {}

    /** Why a field that has been counted cannot be; null when it can, but for its name. */
    static ParseError fieldError(int count, int countMax, int bytes, int bytesMax,
            int nameLength, ByteBuffer values, int valueAt, int valueLength) {
        return count > countMax ? ParseError.TOO_MANY_HEADERS
                : bytes > bytesMax ? ParseError.HEADERS_TOO_LARGE
                : nameLength == 0 ? ParseError.EMPTY_HEADER_NAME
                : valueError(values, valueAt, valueLength);
    }

    /** Why the value cannot be; null when it can. */
    private static ParseError valueError(ByteBuffer b, int at, int length) {
        if (!FieldValue.isSafe(b, at, at + length)) {
            return ParseError.BAD_HEADER_VALUE;
        }
        return length > 0 && (isSpace(b.get(at)) || isSpace(b.get(at + length - 1)))
                ? ParseError.SPACE_AROUND_VALUE : null;
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\t';
    }

    /** Why the name cannot be; null when it can. */
    static ParseError nameError(ByteBuffer b, int at, int length) {
        for (int i = at; i < at + length; i++) {
            byte c = b.get(i);
            if (ByteScan.tokenClass(c) == ByteScan.NO_TOKEN) {
                return ParseError.BAD_HEADER_NAME;
            }
            if (c >= 'A' && c <= 'Z') {
                return ParseError.UPPER_CASE_NAME;
            }
        }
        return null;
    }
}
