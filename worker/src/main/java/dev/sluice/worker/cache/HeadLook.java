package dev.sluice.worker.cache;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.HttpDate;

/**
 * In front of the client of a HEAD that goes past the cache (RFC 9111 §4.3.5): when its 200 names
 * another validator or length than what is stored for GET, that is not of today any more and is
 * removed. One for such a request.
 *
 * <p>Owner: event loop.
 */
final class HeadLook extends InvalidatingClient {

    private static final int OK = 200;

    private HeadLook(CachePlan plan, Exchange x, int keyLength) {
        super(plan, x, keyLength);
    }

    /** @param keyLength of the key of the URL that is asked for, in {@link Cache#key} */
    static void stand(Exchange x, CachePlan plan, int keyLength) {
        new HeadLook(plan, x, keyLength).standFirst(x);
    }

    @Override
    public void peerAnswers(int status, HeaderTable headers) {
        if (status != OK) {
            return;
        }
        Cache cache = plan.cache;
        cache.key.put(0, key);
        Stored s = cache.find(cache.hash(key.length), key.length, x.request.headers);
        if (s != null) {
            boolean same = fits(s, headers);
            s.release();
            if (!same) {
                remove();
            }
        }
    }

    private static boolean fits(Stored s, HeaderTable headers) {
        int tag = headers.find(HeaderName.ETAG);
        int modified = headers.find(HeaderName.LAST_MODIFIED);
        int length = headers.find(HeaderName.CONTENT_LENGTH);
        return (tag < 0 || s.etag != null && s.etag.length == headers.valueLength(tag)
                        && AsciiBytes.startsWith(headers.buffer(), headers.valueOffset(tag),
                                headers.valueOffset(tag) + s.etag.length, s.etag))
                && (modified < 0 || HttpDate.parse(headers.buffer(),
                        headers.valueOffset(modified), headers.valueLength(modified))
                                == s.lastModifiedS)
                && (length < 0 || AsciiBytes.parseDecimal(headers.buffer(),
                        headers.valueOffset(length), headers.valueLength(length)) == s.bodyBytes);
    }

    @Override
    public void beginHead(int status) {
        inner.beginHead(status);
    }
}
