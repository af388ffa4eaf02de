package dev.sluice.worker.cache;

import dev.sluice.common.cache.CacheIndex;
import dev.sluice.common.cache.CacheRecord;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.cache.rules.HeadMerge;
import dev.sluice.worker.cache.rules.ResponseFacts.Verdict;
import dev.sluice.worker.cache.rules.ResponseFacts;
import dev.sluice.worker.cache.rules.VaryKey;
import dev.sluice.worker.exchange.CacheStatus;
import dev.sluice.worker.exchange.HeadRules;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;

/**
 * What a {@link Fetch} knows of its answer: whether it may be stored, as what, and the head of its
 * record.
 *
 * <p>Owner: event loop; a part of its fetch.
 */
final class FetchFacts {

    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int NOT_MODIFIED = 304;
    private static final int UNSATISFIABLE = 416;
    private static final int SERVER_ERROR = 500;
    private static final int GATEWAY_TIMEOUT = 504;

    private final Fetch fetch;
    private final Cache cache;
    private final ResponseFacts facts = new ResponseFacts();
    private final HeadLines lines = new HeadLines();
    /** What the key alone is stored as, and what is expected to be wanted: as it was found. */
    private long keyHash;
    private long wanted;
    private long place;
    /** The part that is asked for, or {@link Slices#NONE}. */
    private final long slice;
    private boolean claimed;
    private boolean validates;
    private CacheStatus miss = CacheStatus.MISS;
    /** What is stored and too old; null without. */
    private Stored old;
    private Verdict verdict;
    private boolean confirmed;
    private int status;
    private Stored marker;
    private long markerPlace;
    private boolean varies;
    private int namesAt;
    private int namesLength;
    private long salt;

    FetchFacts(Fetch fetch, long slice) {
        this.fetch = fetch;
        this.slice = slice;
        this.cache = fetch.cache;
    }

    /**
     * Is told what it is about, before it begins.
     *
     * @param stale what is stored and too old, of which this makes a use of its own; null without
     * @param atPlace of the index, claimed by this fetch, or {@link CacheIndex#NOWHERE}
     */
    void begin(long hashOfKey, long hashWanted, Stored stale, long atPlace,
            CacheStatus statusOfMiss) {
        keyHash = hashOfKey;
        wanted = hashWanted;
        place = atPlace;
        claimed = atPlace != CacheIndex.NOWHERE;
        miss = statusOfMiss;
        old = stale == null ? null : stale.use();
        validates = false;
        verdict = null;
        confirmed = false;
        marker = null;
        varies = false;
    }

    /** Lets the peer say that what is stored holds still (RFC 9111 §4.3.1), by both validators. */
    void addConditions() {
        if (slice != Slices.NONE) {
            byte[] range = Slices.range(slice, fetch.plan.use.sliceBytes());
            fetch.addField(HeaderName.RANGE, ByteBuffer.wrap(range), 0, range.length);
        }
        if (old == null || !fetch.plan.use.revalidate()) {
            return;
        }
        ByteBuffer b = old.slab.bytes;
        for (int i = 0; i < old.lineCount(); i++) {
            int id = old.lineId(i);
            int condition = id == HeaderName.ETAG ? HeaderName.IF_NONE_MATCH
                    : id == HeaderName.LAST_MODIFIED ? HeaderName.IF_MODIFIED_SINCE : 0;
            if (condition != 0) {
                validates |= fetch.addField(condition, b, old.valueAt(i), old.valueLength(i));
            }
        }
    }

    // ---- the head of the answer

    void judge(int statusOfPeer, HeaderTable headers) {
        status = statusOfPeer;
        if (validates && statusOfPeer == NOT_MODIFIED) {
            confirmed = confirm(headers);
            return;
        }
        HeaderTable request = fetch.exchange.request.headers;
        if (slice != Slices.NONE
                && !Slices.fits(headers, statusOfPeer, slice, fetch.plan.use.sliceBytes())) {
            verdict = Verdict.STATUS;
            return;
        }
        verdict = facts.judge(headers, rulesFor(statusOfPeer), cache.ctx.clock.nowMs(),
                delayMs(), fetch.plan.policy, request.has(HeaderName.AUTHORIZATION),
                request.has(HeaderName.COOKIE));
        if (cache.tooLong(headers)) {
            verdict = Verdict.NO_STORE;
        }
        if (verdict == Verdict.STORE && !beginRecord(headers)) {
            verdict = Verdict.NO_STORE;
        }
    }

    /** A slice is kept by the rules for the whole. */
    private int rulesFor(int statusOfPeer) {
        return slice != Slices.NONE && statusOfPeer == PARTIAL ? OK : statusOfPeer;
    }

    /** Whether it is no answer to what clients have asked: the range was the cache's own. */
    boolean isOfRange() {
        return slice != Slices.NONE && verdict != Verdict.STORE
                && (status == PARTIAL || status == UNSATISFIABLE);
    }

    private long delayMs() {
        return (cache.ctx.clock.nowNs() - fetch.exchange.startNs) / 1_000_000;
    }

    /** Key, names of Vary and tags; the lines follow. */
    private boolean beginRecord(HeaderTable headers) {
        ByteSink out = fetch.recorder.begin(keyHash);
        if (out == null) {
            return false;
        }
        out.put(fetch.copy.bytes, fetch.keyAt, fetch.keyLength);
        namesAt = out.position();
        if (!fetch.plan.policy.ignoresVary()) {
            VaryKey.names(headers, out);
        }
        namesLength = out.position() - namesAt;
        int tagsAt = out.position();
        Tags.write(headers, out);
        ByteBuffer b = out.buffer();
        b.putInt(CacheRecord.KEY_LENGTH, fetch.keyLength);
        b.putInt(CacheRecord.VARY_LENGTH, namesLength);
        b.putInt(CacheRecord.TAGS_LENGTH, out.position() - tagsAt);
        if (out.overflowed() || !findPlace(b)) {
            fetch.recorder.end();
            return false;
        }
        lines.begin(out, out.position(), false);
        return true;
    }

    /** By Vary it may be stored as something else than was looked for. */
    private boolean findPlace(ByteBuffer record) {
        varies = namesLength > 0;
        long hash = keyHash;
        if (varies) {
            cache.key.put(0, fetch.copy.bytes, fetch.keyAt, fetch.keyLength);
            salt = saltOf(record);
            hash = cache.variant(record, namesAt, namesLength, salt, keyHash, fetch.keyLength,
                    fetch.exchange.request.headers);
            record.putLong(CacheRecord.SALT, salt);
        }
        fetch.recorder.stored.hash = hash;
        if (claimed && hash == wanted) {
            return true;
        }
        release();
        place = cache.index.findOrTake(hash, cache.nowS(), cache::discard);
        claimed = false;
        return place != CacheIndex.NOWHERE;
    }

    /** The salt of variants that are stored already and differ by the same fields, or a new one. */
    private long saltOf(ByteBuffer record) {
        Stored known = cache.markerOf(keyHash, fetch.keyLength);
        if (known != null) {
            ByteBuffer b = known.slab.bytes;
            int at = CacheRecord.varyAt(b, 0);
            long same = b.getInt(CacheRecord.VARY_LENGTH) == namesLength
                    && AsciiBytes.rangesEqualIgnoreCase(b, at, namesLength, record, namesAt,
                            namesLength) ? known.salt : 0;
            known.release();
            if (same != 0) {
                return same;
            }
        }
        long fresh = cache.index.newSerial() << 32 ^ cache.ctx.clock.nowMs() | 1;
        markerPlace = cache.index.findOrTake(keyHash, cache.nowS(), cache::discard);
        marker = markerPlace == CacheIndex.NOWHERE ? null
                : cache.newMarker(keyHash, record, fetch.keyLength + namesLength, fresh);
        return fresh;
    }

    /** The lines are complete. @param length of the body, below zero when it is not known */
    boolean endHead(long length) {
        Location at = fetch.exchange.location;
        HeadRules rules = at == null ? null : at.peerRules();
        if (rules != null && !lines.edit(rules, fetch.exchange, cache.edits())) {
            return false;
        }
        Stored s = fetch.recorder.stored;
        ByteBuffer b = s.slab.bytes;
        b.putInt(CacheRecord.HEAD_LENGTH, lines.length());
        b.putInt(CacheRecord.STATUS, status);
        b.putInt(CacheRecord.FLAGS, facts.mustRevalidate() ? CacheRecord.MUST_REVALIDATE : 0);
        b.putLong(CacheRecord.CAME_MS, cache.ctx.clock.nowMs());
        b.putLong(CacheRecord.AGE_S, facts.ageS());
        b.putLong(CacheRecord.LIFETIME_S, facts.lifetimeS());
        b.putLong(CacheRecord.WHILE_REVALIDATE_S, facts.staleWhileRevalidateS());
        b.putLong(CacheRecord.IF_ERROR_S, facts.staleIfErrorS());
        b.putLong(CacheRecord.DATE_S, facts.dateS());
        b.putLong(CacheRecord.LAST_MODIFIED_S, facts.lastModifiedS());
        b.putInt(CacheRecord.ETAG_OFFSET, lines.etagFrom());
        b.putInt(CacheRecord.ETAG_LENGTH, lines.etagLength());
        return fetch.recorder.headEnds(length);
    }

    // ---- a 304

    /** Merges what is stored with the head of a 304; the lines of that follow. */
    private boolean confirm(HeaderTable headers) {
        ByteSink out = fetch.recorder.begin(old.hash);
        if (out == null) {
            return false;
        }
        ByteBuffer b = old.slab.bytes;
        int head = CacheRecord.headAt(b, 0);
        out.put(b, CacheRecord.FIXED_BYTES, head - CacheRecord.FIXED_BYTES);
        ByteBuffer record = out.buffer();
        for (int field = CacheRecord.KEY_LENGTH; field <= CacheRecord.TAGS_LENGTH; field += 4) {
            record.putInt(field, b.getInt(field));
        }
        record.putLong(CacheRecord.SALT, old.salt);
        int linesFrom = out.position();
        HeadMerge.copyKept(b, head, old.bodyAt, headers, out);
        lines.begin(out, linesFrom, true);
        status = old.status;
        verdict = facts.judge(new MergedFields(old).with(headers), rulesFor(old.status),
                cache.ctx.clock.nowMs(), delayMs(), fetch.plan.policy, false, false);
        return !out.overflowed();
    }

    /** The lines of the 304 are complete; the body is that of the stored answer. */
    boolean endConfirmed() {
        Stored s = fetch.recorder.stored;
        if (!endHead(old.bodyBytes)) {
            return false;
        }
        if (lines.etagLength() == 0 && old.etag != null) {
            s.etag = old.etag;
            s.placeEtag();
        }
        if (old.inMemory && old.bodyBytes <= fetch.recorder.room()) {
            fetch.recorder.copy(old.slab.bytes, old.bodyAt, (int) old.bodyBytes);
        } else {
            s.readBodyOf(old);
        }
        s.complete = true;
        return true;
    }

    // ---- questions

    HeadLines lines() {
        return lines;
    }

    boolean isConfirmed() {
        return confirmed;
    }

    Verdict verdict() {
        return verdict;
    }

    int status() {
        return status;
    }

    Stored old() {
        return old;
    }

    CacheStatus statusOfMiss() {
        return miss;
    }

    boolean mayKeep() {
        return verdict == Verdict.STORE || confirmed && verdict == Verdict.NO_LIFETIME;
    }

    long place() {
        return place;
    }

    Stored marker() {
        return marker;
    }

    long markerPlace() {
        return markerPlace;
    }

    /** Whether a stale answer is better than one with this status (RFC 9111 §4.2.4). */
    boolean prefersStale(int statusToPass) {
        if (old == null || confirmed || old.mustRevalidate) {
            return false;
        }
        boolean ours = verdict == null;
        if (ours && (fetch.plan.staleFor & (statusToPass == GATEWAY_TIMEOUT ? CachePlan.TIMEOUT
                : CachePlan.ERROR | CachePlan.INVALID_HEADER)) != 0
                && statusToPass >= SERVER_ERROR || !ours && fetch.plan.isStaleFor(statusToPass)) {
            return true;
        }
        long staleS = old.ageAt(cache.ctx.clock.nowMs()) - old.lifetimeS;
        return statusToPass >= SERVER_ERROR && staleS < old.ifErrorS;
    }

    /** Whether a request may have what is recorded: it says the same in what Vary names. */
    boolean isFor(HeaderTable request) {
        if (!varies) {
            return true;
        }
        cache.key.put(0, fetch.copy.bytes, fetch.keyAt, fetch.keyLength);
        Stored s = fetch.recorder.stored;
        return cache.variant(s.slab.bytes, namesAt, namesLength, salt, keyHash, fetch.keyLength,
                request) == s.hash;
    }

    /** Whether nobody has removed it meanwhile, here or in another process. */
    boolean isWanted() {
        return cache.index.isOf(place, fetch.recorder.stored.hash);
    }

    /** The answer was not for the cache. */
    void passed() {
        if (status < SERVER_ERROR && verdict != null && !isForRequest()) {
            cache.pass(wanted);
        }
        release();
    }

    /** Others may ask for the same without what kept this answer from being stored. */
    private boolean isForRequest() {
        return verdict == Verdict.AUTHORIZED || verdict == Verdict.NO_LIFETIME
                && fetch.exchange.request.headers.has(HeaderName.COOKIE);
    }

    private void release() {
        if (claimed) {
            claimed = false;
            cache.index.release(place, wanted);
        }
    }

    /** It is in the index by now, which has ended the claim. */
    void kept(Stored s, long serial, boolean forgotten) {
        claimed = false;
        if (forgotten) {
            cache.index.remove(place, s.hash);
            cache.discard(s.hash, serial);
        } else {
            cache.keepFetched(s, place, serial);
        }
    }

    void end() {
        release();
        cache.fetches.remove(wanted, fetch);
        if (old != null) {
            old.release();
            old = null;
        }
        if (marker != null) {
            marker.release();
            marker = null;
        }
    }
}
