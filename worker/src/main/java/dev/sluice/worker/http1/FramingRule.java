package dev.sluice.worker.http1;

import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.ParseError;
import java.nio.charset.StandardCharsets;

/**
 * What Content-Length and Transfer-Encoding say, refused where two readers could understand two
 * lengths (RFC 9112 §6.1, §6.3, §11.2). Stateless.
 */
final class FramingRule {

    private static final byte[] CHUNKED = "chunked".getBytes(StandardCharsets.US_ASCII);

    private FramingRule() {}

    /** Null when the two fields are fit to be believed. */
    static ParseError check(HeaderTable headers, int minorVersion) {
        boolean length = headers.has(HeaderName.CONTENT_LENGTH);
        boolean encoding = headers.has(HeaderName.TRANSFER_ENCODING);
        if (length && encoding) {
            return ParseError.LENGTH_AND_TRANSFER_ENCODING;
        }
        if (encoding) {
            return checkEncoding(headers, minorVersion);
        }
        if (!length) {
            return null;
        }
        if (headers.isRepeated(HeaderName.CONTENT_LENGTH)) {
            return ParseError.REPEATED_CONTENT_LENGTH;
        }
        return contentLength(headers) < 0 ? ParseError.BAD_CONTENT_LENGTH : null;
    }

    private static ParseError checkEncoding(HeaderTable headers, int minorVersion) {
        int first = headers.find(HeaderName.TRANSFER_ENCODING);
        if (minorVersion == 0) {
            return ParseError.TRANSFER_ENCODING_IN_HTTP_1_0;
        }
        if (headers.isRepeated(HeaderName.TRANSFER_ENCODING)) {
            return ParseError.REPEATED_TRANSFER_ENCODING;
        }
        return headers.valueEqualsIgnoreCase(first, CHUNKED)
                ? null : ParseError.BAD_TRANSFER_ENCODING;
    }

    /** The length of the field that {@link #check} found single; -1 if it is no number. */
    static long contentLength(HeaderTable headers) {
        int i = headers.find(HeaderName.CONTENT_LENGTH);
        return AsciiBytes.parseDecimal(
                headers.buffer(), headers.valueOffset(i), headers.valueLength(i));
    }
}
