package dev.sluice.worker.cache;

import dev.sluice.common.cache.CacheRecord;
import dev.sluice.worker.exchange.CacheStatus;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.Status;
import dev.sluice.worker.statics.Preconditions;
import dev.sluice.worker.statics.RangeSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes the head of an answer that is given out of the cache: whole, in part (one range), or 304
 * where the client has it. One for all caches of a worker.
 *
 * <p>Owner: event loop. What is to be sent stands in {@link #from} and {@link #to} afterwards.
 */
final class HitHead {

    /** {@link #to}: all that comes. */
    static final long ALL = -1;

    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int NOT_MODIFIED = 304;
    private static final int UNSATISFIABLE = 416;
    private static final byte[] UNSATISFIED = ascii("bytes */");
    private static final byte[] BYTES = ascii("bytes ");

    private final RangeSet ranges = new RangeSet();
    private long from;
    private long to;
    private long bytes;
    private boolean slice;
    private Forward why;
    private boolean kept;
    private boolean diskFails;
    private boolean collapsed;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The first byte of the body that is to be sent. */
    long from() {
        return from;
    }

    /** Behind the last one, or {@link #ALL}. */
    long to() {
        return to;
    }

    /**
     * Of the next one, for Cache-Status.
     *
     * @param reason why the peer is asked for it, if it is
     * @param stored whether what comes of that is stored
     * @param failing whether the disk has not taken the last one
     * @param shared whether it comes out of what another client's request has begun to fetch
     */
    HitHead because(Forward reason, boolean stored, boolean failing, boolean shared) {
        why = reason;
        kept = stored;
        diskFails = failing;
        collapsed = shared;
        return this;
    }

    /**
     * Writes it.
     *
     * @param whole bytes of the whole, of which this may be a slice; below zero while not known
     * @return false when it does not fit
     */
    boolean write(Exchange x, CachePlan plan, Stored s, CacheStatus status, long whole) {
        HeaderTable request = x.request.headers;
        from = 0;
        slice = s.status == PARTIAL;
        bytes = whole;
        to = slice || s.complete ? whole : ALL;
        int code = slice ? OK : s.status;
        if (code == OK) {
            code = Preconditions.evaluate(request, opaque(s), s.modifiedS());
            code = code == Preconditions.SEND ? OK : code;
            if (code == OK && request.has(HeaderName.RANGE) && bytes >= 0
                    && x.request.method == Method.GET && !isUnpacked(x, s)) {
                code = range(request, s);
            }
        }
        ClientStream client = x.client;
        x.dateS = s.dateS();
        client.beginHead(code);
        if (code == s.status && s.inTier) {
            client.sameBody(s.bodySerial != 0 ? s.bodySerial
                    : (s.bodySerial = x.ctx.nextBodySerial()));
        }
        boolean asked = isAsked(status);
        writeLines(client, s, code, asked);
        long nowMs = plan.cache.ctx.clock.nowMs();
        if (s.ageAt(nowMs) > 0 || status == CacheStatus.HIT) {
            client.headerDecimal(HeaderName.bytes(HeaderName.AGE), s.ageAt(nowMs));
        }
        if (plan.use.statusField()) {
            writeStatus(client, s, status, asked, nowMs);
        }
        return client.endHead(length(client, s, code));
    }

    /** Without the mark of a weak one: comparing is weak here. */
    private static byte[] opaque(Stored s) {
        return isWeak(s) ? s.opaque() : s.etag;
    }

    private static boolean isWeak(Stored s) {
        return s.etag != null && s.etag.length > 2 && s.etag[0] == 'W' && s.etag[1] == '/';
    }

    /** A client gets no part of what it gets in another form: the whole (RFC 9110 §14.2). */
    private static boolean isUnpacked(Exchange x, Stored s) {
        return x.coding != null && s.isGzip() && x.coding.unpacksGzip(x);
    }

    private int range(HeaderTable request, Stored s) {
        if (request.isRepeated(HeaderName.RANGE)
                || !Preconditions.rangeCounts(request, isWeak(s) ? null : s.etag,
                        s.lastModifiedS)) {
            return OK;
        }
        int i = request.find(HeaderName.RANGE);
        RangeSet.Result result = ranges.parse(request.buffer(), request.valueOffset(i),
                request.valueLength(i), bytes, 1);
        if (result == RangeSet.Result.PARTIAL) {
            from = ranges.from(0);
            to = ranges.to(0);
            return PARTIAL;
        }
        return result == RangeSet.Result.UNSATISFIABLE ? UNSATISFIABLE : OK;
    }

    /** Whether it is this client's request that the peer has answered. */
    private boolean isAsked(CacheStatus status) {
        return !collapsed && status != CacheStatus.HIT && status != CacheStatus.STALE
                && status != CacheStatus.UPDATING;
    }

    private void writeLines(ClientStream client, Stored s, int code, boolean asked) {
        ByteBuffer b = s.slab.bytes;
        boolean all = code == s.status || code == PARTIAL || slice && code == OK;
        if (all && !slice && (asked || !s.withholds())) {
            int from = CacheRecord.headAt(b, 0);
            client.headerLines(b, from, s.bodyAt - from);
            return;
        }
        for (int i = 0; i < s.lineCount(); i++) {
            if ((all || !describesBody(s.lineId(i)))
                    && s.lineId(i) != HeaderName.CONTENT_RANGE
                    && (asked || !s.withholds(i))) {
                client.header(b, s.nameAt(i), s.nameLength(i), b, s.valueAt(i),
                        s.valueLength(i));
            }
        }
    }

    /** What a 304 leaves out (RFC 9110 §15.4.5), and an error does not have. */
    private static boolean describesBody(int id) {
        return id == HeaderName.CONTENT_TYPE || id == HeaderName.CONTENT_ENCODING
                || id == HeaderName.CONTENT_LANGUAGE || id == HeaderName.CONTENT_DISPOSITION;
    }

    private long length(ClientStream client, Stored s, int code) {
        if (code == NOT_MODIFIED) {
            to = 0;
            return ClientStream.NO_BODY;
        }
        if (code == UNSATISFIABLE) {
            client.beginHeader(HeaderName.bytes(HeaderName.CONTENT_RANGE)).put(UNSATISFIED)
                    .putDecimal(bytes);
            client.endHeader();
            to = 0;
            return 0;
        }
        if (code == PARTIAL) {
            client.beginHeader(HeaderName.bytes(HeaderName.CONTENT_RANGE)).put(BYTES)
                    .putDecimal(from).put('-').putDecimal(to - 1).put('/')
                    .putDecimal(bytes);
            client.endHeader();
            return to - from;
        }
        if (Status.isBodiless(code)) {
            to = 0;
            return ClientStream.NO_BODY;
        }
        return bytes >= 0 ? bytes : ClientStream.LENGTH_UNKNOWN;
    }

    private void writeStatus(ClientStream client, Stored s, CacheStatus status, boolean asked,
            long nowMs) {
        if (asked || collapsed) {
            StatusField.fetched(client, why, status == CacheStatus.REVALIDATED, kept,
                    diskFails, collapsed);
        } else {
            StatusField.hit(client, s.ttlS(nowMs));
        }
    }
}
