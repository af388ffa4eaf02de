package dev.sluice.worker.cache;

import dev.sluice.common.cache.CacheClaims;
import dev.sluice.common.cache.CacheIndex;
import dev.sluice.common.cache.CacheRecord;
import dev.sluice.worker.arena.ByteSink;
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
    private static final int UNSATISFIABLE = 416;
    private static final int SERVER_ERROR = 500;
    private static final int BAD_GATEWAY = 502;
    private static final int GATEWAY_TIMEOUT = 504;

    private final Fetch fetch;
    private final Cache cache;
    private final ResponseFacts facts = new ResponseFacts();
    private final HeadLines lines = new HeadLines();
    private final Validation validation;
    /** What the key alone is stored as, and what is expected to be wanted: as it was found. */
    private long keyHash;
    private long wanted;
    private long place;
    /** The part that is asked for, or {@link Slices#NONE}. */
    private final long slice;
    /** Its claim of the place, or {@link CacheClaims#NONE}. */
    private long claim;
    private CacheStatus miss = CacheStatus.MISS;
    private Verdict verdict;
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
        this.validation = new Validation(fetch);
    }

    /**
     * Is told what it is about, before it begins.
     *
     * @param stale what is stored and too old, of which this makes a use of its own; null without
     * @param atPlace of the index, or {@link CacheIndex#NOWHERE} where it has not claimed one
     */
    void begin(long hashOfKey, long hashWanted, Stored stale, long atPlace,
            long claimOfPlace, CacheStatus statusOfMiss) {
        keyHash = hashOfKey;
        wanted = hashWanted;
        place = atPlace;
        claim = claimOfPlace;
        miss = statusOfMiss;
        fetch.recorder.startsNow(hashOfKey);
        validation.begin(stale);
        verdict = null;
        marker = null;
        varies = false;
    }

    /** What the cache itself asks for: a part, and whether what is stored holds still. */
    void addFields() {
        if (slice != Slices.NONE) {
            byte[] range = Slices.range(slice, fetch.plan.use.sliceBytes());
            fetch.addField(HeaderName.RANGE, ByteBuffer.wrap(range), 0, range.length);
        }
        if (fetch.plan.use.revalidate()) {
            validation.addConditions();
        }
    }

    // ---- the head of the answer

    void judge(int statusOfPeer, HeaderTable headers) {
        status = statusOfPeer;
        if (validation.isAnsweredBy(statusOfPeer)) {
            judgeConfirmed(headers);
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

    private void judgeConfirmed(HeaderTable headers) {
        if (!validation.confirm(headers, lines)) {
            return;
        }
        status = validation.old().status;
        verdict = facts.judge(validation.merged(headers), rulesFor(status),
                cache.ctx.clock.nowMs(), delayMs(), fetch.plan.policy, false, false);
        if (claim == CacheClaims.NONE) {
            place = cache.index.findOrTake(validation.old().hash, cache.nowS(), cache::discard);
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

    /** Whether the peer has said that there is no byte of which a range could be given. */
    boolean isOfEmpty() {
        return slice == 0 && status == UNSATISFIABLE;
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
        if (claim != CacheClaims.NONE && hash == wanted) {
            return true;
        }
        release();
        place = cache.index.findOrTake(hash, cache.nowS(), cache::discard);
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
        b.putInt(CacheRecord.FLAGS, (facts.mustRevalidate() ? CacheRecord.MUST_REVALIDATE : 0)
                | (facts.withholds() ? CacheRecord.WITHHOLDS : 0));
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

    // ---- questions

    HeadLines lines() {
        return lines;
    }

    /** What is too old, and what the peer says of it. */
    Validation validation() {
        return validation;
    }

    Verdict verdict() {
        return verdict;
    }

    int status() {
        return status;
    }

    CacheStatus statusOfMiss() {
        return miss;
    }

    boolean mayKeep() {
        return place != CacheIndex.NOWHERE && (verdict == Verdict.STORE
                || validation.holds() && verdict == Verdict.NO_LIFETIME);
    }

    /** Whether clients are told that it is stored, before that is so: if the disk takes it. */
    boolean promises() {
        return mayKeep() && !fetch.recorder.isOutdated();
    }

    /** What a 304 has made an answer that must not be stored is removed. */
    void notKept() {
        if (validation.holds() && (verdict == Verdict.NO_STORE || verdict == Verdict.PRIVATE
                || verdict == Verdict.VARIES_BY_ANYTHING)) {
            cache.remove(validation.old().hash);
        }
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
        Stored old = validation.old();
        if (old == null || validation.isAnswered() || old.mustRevalidate) {
            return false;
        }
        boolean ours = verdict == null;
        if (ours && (fetch.plan.staleFor & (statusToPass == GATEWAY_TIMEOUT ? CachePlan.TIMEOUT
                : CachePlan.ERROR | CachePlan.INVALID_HEADER)) != 0
                && statusToPass >= SERVER_ERROR || !ours && fetch.plan.isStaleFor(statusToPass)) {
            return true;
        }
        long staleS = old.ageAt(cache.ctx.clock.nowMs()) - old.lifetimeS;
        return isError(statusToPass) && staleS < old.ifErrorS;
    }

    /** What stale-if-error means by it (RFC 5861 §4). */
    private static boolean isError(int status) {
        return status == SERVER_ERROR || status >= BAD_GATEWAY && status <= GATEWAY_TIMEOUT;
    }

    /**
     * Whether another request than the one that was sent may have what is recorded: it need not be
     * asked about again for each, the request says the same in what Vary names, and a 304 has
     * brought nothing that is for one alone.
     */
    boolean isFor(HeaderTable request) {
        if (validation.holds() && !mayKeep() || !facts.isForAll() && !isGivenStale()) {
            return false;
        }
        if (!varies) {
            return true;
        }
        cache.key.put(0, fetch.copy.bytes, fetch.keyAt, fetch.keyLength);
        Stored s = fetch.recorder.stored;
        return cache.variant(s.slab.bytes, namesAt, namesLength, salt, keyHash, fetch.keyLength,
                request) == s.hash;
    }

    /** Whether the operator has it given while it is asked for again, however old. */
    private boolean isGivenStale() {
        return (fetch.plan.staleFor & CachePlan.UPDATING) != 0 && !facts.mustRevalidate();
    }

    /** Whether nobody has removed it meanwhile, here or in another process. */
    boolean isWanted() {
        return cache.index.isOf(place, fetch.recorder.stored.hash);
    }

    /** The answer was not for the cache. */
    void passed() {
        if (verdict != null) {
            // Others may ask for the same without what kept this answer from being stored.
            HeaderTable request = fetch.exchange.request.headers;
            long of = verdict == Verdict.AUTHORIZED || verdict == Verdict.NO_LIFETIME
                    ? Passes.of(wanted, request) : wanted;
            cache.passes.add(of, status < SERVER_ERROR ? Passes.MS : Passes.OF_ERROR_MS);
        }
        release();
    }

    /** Another fetch of the same answer takes its place. */
    void makeWay() {
        release();
        cache.fetches.remove(wanted, fetch);
    }

    private void release() {
        if (claim != CacheClaims.NONE) {
            cache.index.claims().release(place, wanted, claim);
            claim = CacheClaims.NONE;
        }
    }

    /** It is in the index by now, which has ended the claim. */
    void kept(Stored s, long serial) {
        claim = CacheClaims.NONE;
        cache.keepFetched(s, place, serial);
    }

    void end() {
        release();
        cache.fetches.remove(wanted, fetch);
        validation.end();
        if (marker != null) {
            marker.release();
            marker = null;
        }
    }
}
