package dev.sluice.worker.cache;

import dev.sluice.common.cache.CacheIndex;
import dev.sluice.common.cache.CachePurge;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.cache.rules.ContentRange;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How far a client has got with an answer that is stored in slices: each is a 206 of a range of
 * its own, with an entry of its own. They are put together only where all have the validator and
 * the length of the first one (RFC 9111 §3.4, RFC 9110 §15.3.7.3).
 *
 * <p>The whole has a place in the index without a file: its serial is a part of the keys of all
 * slices. So all of them are removed with it, however many there are and whichever are stored;
 * their files leave as what nobody asks for any more.
 *
 * <p>Owner: event loop; a part of its reader.
 */
final class Slices {

    /** Of a request that is not answered in slices. */
    static final long NONE = -1;
    /** The whole has fewer: {@code slice} is at least 64 KiB. */
    private static final long COUNT_MAX = 1 << 24;
    private static final byte[] SUFFIX = CachePurge.SLICE.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FIRST = "bytes=".getBytes(StandardCharsets.US_ASCII);

    private final long bytes;
    private final ContentRange range = new ContentRange();
    /** The slice that is wanted. */
    long index;
    /** The next byte that the client is to have, and behind the last one. */
    long at;
    long to;
    private long firstHash;
    private long total;
    private byte[] etag;
    private long lastModifiedS;

    Slices(long bytes, long index) {
        this.bytes = bytes;
        this.index = index;
    }

    /** The slice that has the first byte the client asks for; that of suffixes is not known. */
    static long first(Exchange x, long bytes) {
        HeaderTable headers = x.request.headers;
        int i = headers.find(HeaderName.RANGE);
        if (i < 0) {
            return 0;
        }
        ByteBuffer b = headers.buffer();
        int from = headers.valueOffset(i);
        int end = from + headers.valueLength(i);
        if (!AsciiBytes.startsWith(b, from, end, FIRST)) {
            return 0;
        }
        int at = from + FIRST.length;
        long first = AsciiBytes.parseDecimal(b, at, AsciiBytes.indexOf(b, at, end, '-') - at);
        return first < 0 || first / bytes >= COUNT_MAX ? 0 : first / bytes;
    }

    /**
     * Makes the key of the whole, in {@link Cache#key}, that of a slice.
     *
     * @return its length; below zero when it is too long, or the index has no place for it
     */
    static int lengthenKey(CachePlan plan, int keyLength, long index) {
        long serial = serialOfWhole(plan.cache, plan.cache.hash(keyLength));
        ByteSink behind = plan.cache.keySinkBehind(keyLength);
        behind.put(SUFFIX).putDecimal(plan.use.sliceBytes()).put(' ').putDecimal(index)
                .put(' ').putDecimal(serial);
        return serial == 0 || behind.overflowed() ? -1 : behind.position();
    }

    /** 0 when there is no place for it. */
    private static long serialOfWhole(Cache cache, long hash) {
        long nowS = cache.nowS();
        long place = cache.index.findOrTake(hash, nowS, cache::discard);
        if (place == CacheIndex.NOWHERE) {
            return 0;
        }
        long serial = cache.index.serial(place);
        if (serial != 0) {
            cache.index.used(place, nowS);
            return serial;
        }
        long fresh = cache.index.newSerial();
        return cache.index.store(place, hash, fresh, 0, nowS) == CacheIndex.NOWHERE ? 0 : fresh;
    }

    /** Of the request for a slice. */
    static byte[] range(long index, long bytes) {
        return ("bytes=" + index * bytes + "-" + ((index + 1) * bytes - 1))
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Whether an answer to such a request may be stored: a 206 must be just what was asked for and
     * must name a strong validator; a whole answer counts for the first slice alone.
     */
    static boolean fits(HeaderTable headers, int status, long index, long bytes) {
        if (status != 206) {
            return status != 416 && (status != 200 || index == 0);
        }
        int i = headers.find(HeaderName.CONTENT_RANGE);
        int length = headers.find(HeaderName.CONTENT_LENGTH);
        ContentRange is = new ContentRange();
        if (i < 0 || length < 0
                || !is.read(headers.buffer(), headers.valueOffset(i), headers.valueLength(i))) {
            return false;
        }
        int tag = headers.find(HeaderName.ETAG);
        boolean named = tag < 0 ? headers.has(HeaderName.LAST_MODIFIED)
                : headers.buffer().get(headers.valueOffset(tag)) == '"';
        return named && is.from() == index * bytes
                && is.to() == Math.min(is.total(), (index + 1) * bytes)
                && AsciiBytes.parseDecimal(headers.buffer(), headers.valueOffset(length),
                        headers.valueLength(length)) == is.to() - is.from();
    }

    /** The first one that was found says what the others must be of. @return its whole's bytes */
    long begin(Stored first) {
        if (!read(first)) {
            return NONE;
        }
        firstHash = first.hash;
        total = range.total();
        etag = first.etag;
        lastModifiedS = first.lastModifiedS;
        return total;
    }

    private boolean read(Stored s) {
        for (int i = 0; i < s.lineCount(); i++) {
            if (s.lineId(i) == HeaderName.CONTENT_RANGE) {
                return range.read(s.slab.bytes, s.valueAt(i), s.valueLength(i));
            }
        }
        return false;
    }

    /** Whether it is a part of the same whole. */
    boolean isSame(Stored s) {
        return read(s) && range.total() == total && Arrays.equals(s.etag, etag)
                && (etag != null || s.lastModifiedS == lastModifiedS);
    }

    /** What this slice has of it: where it begins in the whole. */
    long from() {
        return index * bytes;
    }

    /** Whether the next byte is in this slice. */
    boolean holdsNext() {
        return at >= from() && at < from() + bytes;
    }

    /** Behind the last byte of this slice that the client is to have, in the slice. */
    long endInSlice() {
        return Math.min(to - from(), bytes);
    }

    /** What the client has by now. @return whether there is more in another slice */
    boolean advance(long atInSlice) {
        at = from() + atInSlice;
        return at < to;
    }

    void turnToNext() {
        index = at / bytes;
    }

    /** Two slices are of different wholes: none of the first may be found again. */
    long firstHash() {
        return firstHash;
    }
}
