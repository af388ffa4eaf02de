package dev.sluice.worker.statics;

import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.HttpDate;

/**
 * Conditional requests for a file, or a stored answer, by GET or HEAD, in the order of RFC 9110
 * §13.2.2. Dates that cannot be read, and fields that stand twice where one may stand, are
 * ignored. Stateless.
 */
public final class Preconditions {

    /** Nothing speaks against sending the file. */
    public static final int SEND = 0;

    private static final long NO_DATE = -1;

    private Preconditions() {}

    /**
     * @param etag the file's tag with quotes; null when tags are off
     * @return {@link #SEND}, 304 or 412
     */
    public static int evaluate(HeaderTable headers, byte[] etag, long lastModifiedSeconds) {
        if (headers.has(HeaderName.IF_MATCH)) {
            if (!anyMatches(headers, HeaderName.IF_MATCH, etag, false)) {
                return 412;
            }
        } else if (headers.has(HeaderName.IF_UNMODIFIED_SINCE)) {
            long date = date(headers, HeaderName.IF_UNMODIFIED_SINCE);
            if (date != NO_DATE && lastModifiedSeconds > date) {
                return 412;
            }
        }
        if (headers.has(HeaderName.IF_NONE_MATCH)) {
            return anyMatches(headers, HeaderName.IF_NONE_MATCH, etag, true) ? 304 : SEND;
        }
        if (headers.has(HeaderName.IF_MODIFIED_SINCE)) {
            long date = date(headers, HeaderName.IF_MODIFIED_SINCE);
            if (date != NO_DATE && lastModifiedSeconds <= date) {
                return 304;
            }
        }
        return SEND;
    }

    /** Several fields of the name are one list (RFC 9110 §5.3). */
    private static boolean anyMatches(HeaderTable headers, int id, byte[] etag, boolean weakly) {
        for (int i = headers.find(id); i >= 0; i = headers.findNext(id, i)) {
            if (EntityTags.match(headers.buffer(), headers.valueOffset(i),
                    headers.valueLength(i), etag, weakly)) {
                return true;
            }
        }
        return false;
    }

    private static long date(HeaderTable headers, int id) {
        int i = headers.find(id);
        if (headers.findNext(id, i) >= 0 || headers.valueLength(i) < 24) {
            return NO_DATE;
        }
        return HttpDate.parse(headers.buffer(), headers.valueOffset(i), headers.valueLength(i));
    }

    /**
     * Whether the Range field counts: there is no If-Range, or it names exactly what would be sent
     * (RFC 9110 §13.1.5; a date has to be the same one, not a later one).
     */
    public static boolean rangeCounts(HeaderTable headers, byte[] etag, long lastModifiedSeconds) {
        int i = headers.find(HeaderName.IF_RANGE);
        if (i < 0) {
            return true;
        }
        int offset = headers.valueOffset(i);
        int length = headers.valueLength(i);
        if (headers.findNext(HeaderName.IF_RANGE, i) >= 0 || length < 2) {
            return false;
        }
        byte first = headers.buffer().get(offset);
        if (first == '"') {
            return EntityTags.equal(headers.buffer(), offset, length, etag);
        }
        // A weak tag never counts; nor does a date too short to be one.
        return length >= 24
                && HttpDate.parse(headers.buffer(), offset, length) == lastModifiedSeconds;
    }
}
