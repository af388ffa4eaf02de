package dev.sluice.worker.cache;

import dev.sluice.common.cache.CacheClaims;
import dev.sluice.common.cache.CacheIndex;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.cache.rules.Directives;
import dev.sluice.worker.cache.rules.Reuse;
import dev.sluice.worker.cache.rules.Reuse.Decision;
import dev.sluice.worker.exchange.CacheStatus;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.Method;
import java.nio.charset.StandardCharsets;

/**
 * Stands in front of what answers a location: gives what is stored, has fetched what is not, and
 * lets pass what is not for a cache.
 *
 * <p>Owner: event loop.
 */
final class CacheHandler implements ContentHandler {

    private static final long NS_PER_MS = 1_000_000;
    private static final long MS_PER_S = 1000;
    private static final int GATEWAY_TIMEOUT = 504;
    private static final byte[] NO_CACHE = "no-cache".getBytes(StandardCharsets.US_ASCII);
    private static final Directives SILENT = new Directives().clear();

    final CachePlan plan;
    final Cache cache;
    private final CacheReaders readers;
    private final PurgeHandler purges;
    private final int headersMax;
    private final Directives directives = new Directives();
    /** Of the request that is decided about now. */
    private long slice = Slices.NONE;
    /** The same, or none where the peer is asked for all of it. */
    private long asked = Slices.NONE;
    /** Of it, too: why the peer is asked, if it is. */
    private Forward why;

    /** @param headersMax fields of a request */
    CacheHandler(CachePlan plan, CacheReaders readers, int headersMax) {
        this.plan = plan;
        this.cache = plan.cache;
        this.readers = readers;
        this.headersMax = headersMax;
        this.purges = plan.use.purgeFrom().isEmpty() ? null : new PurgeHandler(plan);
    }

    @Override
    public void handle(Exchange x) {
        int method = x.request.method;
        why = Forward.BYPASS;
        // That of another location, which has led here.
        x.pastCache = null;
        if (x.errorStatus != 0 || x.fetchesPage || x.parent != null) {
            plan.inner.handle(x);
        } else if (method != Method.GET && method != Method.HEAD) {
            other(x, method);
        } else if (cache.folder.isAbsent()) {
            passBy(x, CacheStatus.BYPASS, Aside.NO_FOLDER);
        } else if (hasCondition(x.request.headers)) {
            why = Forward.REQUEST;
            passBy(x, CacheStatus.BYPASS, Aside.PRECONDITION);
        } else if (x.client.requestContentLength() != 0 || x.request.upgrade) {
            passBy(x, CacheStatus.BYPASS, Aside.NOTHING);
        } else if (method == Method.HEAD && !plan.use.head()) {
            int keyLength = plan.use.sliceBytes() == 0 ? writeKey(x) : -1;
            if (keyLength >= 0) {
                HeadLook.stand(x, plan, keyLength);
            }
            passBy(x, CacheStatus.BYPASS, Aside.NOTHING);
        } else {
            long bytes = plan.use.sliceBytes();
            ask(x, bytes == 0 ? Slices.NONE : Slices.first(x, bytes));
        }
    }

    /** @param part of the answer that is wanted, or {@link Slices#NONE} for all of it */
    void ask(Exchange x, long part) {
        ask(x, part, part);
    }

    /** Of what has no byte that a range could have: the first slice is asked for as the whole. */
    void askWhole(Exchange x) {
        ask(x, 0, Slices.NONE);
    }

    private void ask(Exchange x, long part, long rangeOf) {
        slice = part;
        asked = rangeOf;
        why = Forward.BYPASS;
        int keyLength = writeKey(x);
        if (keyLength >= 0 && part != Slices.NONE) {
            keyLength = Slices.lengthenKey(plan, keyLength, part);
        }
        Directives request = directivesOf(x.request.headers);
        if (keyLength < 0 || request.has(Directives.NO_STORE)) {
            why = keyLength < 0 ? Forward.BYPASS : Forward.REQUEST;
            passBy(x, CacheStatus.BYPASS, Aside.NOTHING);
        } else {
            answer(x, keyLength, request);
        }
    }

    /** Who wants the answer: one that goes on, or a new one. */
    private CacheReader reader(Exchange x) {
        return x.responder instanceof CacheReader one && one.continues() ? one
                : readers.take().of(x, this).inSlices(plan.use.sliceBytes(), slice)
                        .because(why);
    }

    /** One of those that are the peer's to decide (RFC 9111 §4.3.2). */
    private static boolean hasCondition(HeaderTable headers) {
        return headers.has(HeaderName.IF_MATCH) || headers.has(HeaderName.IF_UNMODIFIED_SINCE);
    }

    /** @return its length; below zero when it is too long */
    private int writeKey(Exchange x) {
        ByteSink out = cache.keySink();
        plan.writeKey(x, out);
        return out.overflowed() ? -1 : out.position();
    }

    private Directives directivesOf(HeaderTable headers) {
        if (!plan.use.clientDirectives()) {
            return SILENT;
        }
        if (headers.has(HeaderName.CACHE_CONTROL)) {
            return directives.read(headers, HeaderName.CACHE_CONTROL);
        }
        int pragma = headers.find(HeaderName.PRAGMA);
        if (pragma >= 0 && headers.valueHasToken(pragma, NO_CACHE)) {
            return directives.clear().with(Directives.NO_CACHE);
        }
        return SILENT;
    }

    private void answer(Exchange x, int keyLength, Directives request) {
        long hash = cache.hash(keyLength);
        Stored s = cache.find(hash, keyLength, x.request.headers);
        long wanted = cache.wanted();
        boolean bypass = plan.bypasses(x);
        if (s != null && !bypass) {
            long ageS = s.ageAt(cache.ctx.clock.nowMs());
            why = ageS < s.lifetimeS ? Forward.REQUEST : Forward.STALE;
            Decision decision = Reuse.decide(ageS, s.lifetimeS, s.whileRevalidateS,
                    s.mustRevalidate, request);
            switch (decision) {
                case FRESH -> give(x, s, CacheStatus.HIT);
                case STALE_ALLOWED -> give(x, s, CacheStatus.STALE);
                case STALE_WHILE_REVALIDATE -> giveAndFetch(x, s, hash, wanted, keyLength);
                default -> fetchFor(x, s, hash, wanted, keyLength, request);
            }
            s.release();
        } else {
            if (s != null) {
                s.release();
            }
            why = bypass ? Forward.BYPASS
                    : wanted == hash ? Forward.URI_MISS : Forward.VARY_MISS;
            fetchFor(x, bypass ? CacheStatus.BYPASS : CacheStatus.MISS, null, hash, wanted,
                    keyLength, request);
        }
    }

    private void give(Exchange x, Stored s, CacheStatus status) {
        reader(x).begin(s, status, null);
    }

    // ---- stale

    private void giveAndFetch(Exchange x, Stored s, long hash, long wanted, int keyLength) {
        long place = cache.running(wanted) != null ? CacheIndex.NOWHERE : place(wanted);
        long claim = place == CacheIndex.NOWHERE ? CacheClaims.NONE : claim(place, wanted);
        boolean begins = claim != CacheClaims.NONE;
        Fetch fetch = begins ? newFetch(x, s, hash, wanted, keyLength, place, claim,
                CacheStatus.UPDATING) : null;
        give(x, s, begins ? CacheStatus.STALE : CacheStatus.UPDATING);
        if (fetch != null) {
            fetch.start(null);
        }
    }

    private void fetchFor(Exchange x, Stored s, long hash, long wanted, int keyLength,
            Directives request) {
        boolean updating = (plan.staleFor & CachePlan.UPDATING) != 0 && !s.mustRevalidate
                && !request.isPresent();
        if (updating && plan.use.backgroundUpdate()) {
            giveAndFetch(x, s, hash, wanted, keyLength);
        } else if (updating && cache.running(wanted) != null) {
            give(x, s, CacheStatus.UPDATING);
        } else {
            fetchFor(x, CacheStatus.EXPIRED, s, hash, wanted, keyLength, request);
        }
    }

    // ---- fetching

    /** The client wants nothing that has to be fetched. */
    private void notAtHand(Exchange x, CacheStatus status) {
        if (isContinued(x)) {
            passBy(x, status, Aside.NOTHING);
        } else {
            x.cacheStatus = status;
            count(status);
            Answers.status(x, GATEWAY_TIMEOUT);
        }
    }

    private static boolean isContinued(Exchange x) {
        return x.responder instanceof CacheReader one && one.continues();
    }

    private void fetchFor(Exchange x, CacheStatus status, Stored stale, long hash, long wanted,
            int keyLength, Directives request) {
        if (request.has(Directives.ONLY_IF_CACHED)) {
            notAtHand(x, status);
            return;
        }
        boolean shares = plan.use.lock() && status != CacheStatus.BYPASS
                && (stale == null || stale.isForAll());
        Fetch running = shares ? cache.running(wanted) : null;
        // Who wants it from the peer is not served by what has come before.
        if (running != null && running.isOpen(x.request.headers)
                && (running.mode == Fetch.Mode.ASKING || !request.isPresent())) {
            CacheReader reader = reader(x);
            reader.waitFor(running);
            running.join(reader);
            return;
        }
        boolean forbidden = plan.forbidsStoring(x);
        if (forbidden || stale == null && cache.passes.has(wanted, x.request.headers)) {
            passBy(x, status, forbidden ? Aside.NOT_STORED : Aside.NOTHING);
            return;
        }
        long place = place(wanted);
        if (place == CacheIndex.NOWHERE || stale == null && plan.use.minUses() > 1
                && cache.index.serial(place) == 0
                && cache.index.missed(place) < plan.use.minUses()) {
            passBy(x, status, place == CacheIndex.NOWHERE ? Aside.NOTHING : Aside.MIN_USES);
            return;
        }
        long claim = claim(place, wanted);
        boolean claimed = claim != CacheClaims.NONE;
        if (!claimed && shares && running == null) {
            waitForOthers(x, status, place, wanted);
            return;
        }
        if (claimed && shares && isOvertaken(x, stale, hash, place, keyLength)) {
            cache.index.claims().release(place, wanted, claim);
            answer(x, keyLength, request);
            return;
        }
        Fetch fetch = newFetch(x, stale, hash, wanted, keyLength,
                claimed ? place : CacheIndex.NOWHERE, claim, status);
        if (fetch == null) {
            passBy(x, status, Aside.NOTHING);
            return;
        }
        CacheReader reader = reader(x);
        reader.waitFor(fetch);
        fetch.start(reader);
    }

    /** Whether another worker has stored the answer since it was looked for, before the claim. */
    private boolean isOvertaken(Exchange x, Stored looked, long hash, long place, int keyLength) {
        long serial = cache.index.serial(place);
        if (serial == (looked == null ? 0 : looked.serial)) {
            return false;
        }
        Stored now = cache.find(hash, keyLength, x.request.headers);
        if (now == null) {
            return false;
        }
        boolean other = looked == null || now.serial != looked.serial;
        now.release();
        return other;
    }

    private void waitForOthers(Exchange x, CacheStatus status, long place, long wanted) {
        long timeoutMs = plan.use.lockTimeoutMs();
        if (timeoutMs == 0) {
            passBy(x, status, Aside.LOCK_TIMEOUT);
        } else {
            reader(x).poll(place, wanted, timeoutMs * NS_PER_MS);
        }
    }

    private long place(long wanted) {
        return cache.index.findOrTake(wanted, cache.nowS(), cache::discard);
    }

    private long claim(long place, long wanted) {
        long nowS = cache.nowS();
        return cache.index.claims().take(place, wanted, nowS,
                nowS + (plan.use.lockAgeMs() + MS_PER_S - 1) / MS_PER_S);
    }

    /** Null when there is no memory for it; a claim is given back then. */
    private Fetch newFetch(Exchange x, Stored stale, long hash, long wanted, int keyLength,
            long place, long claim, CacheStatus status) {
        Fetch fetch = new Fetch(cache, plan, x, headersMax, asked);
        if (!fetch.begin(x, cache.key, keyLength)) {
            if (place != CacheIndex.NOWHERE) {
                cache.index.claims().release(place, wanted, claim);
            }
            return null;
        }
        fetch.facts.begin(hash, wanted, stale, place, claim, status);
        if (place == CacheIndex.NOWHERE) {
            cache.fetches.putIfAbsent(wanted, fetch);
        } else {
            // One that is about to end has had the claim before.
            cache.fetches.put(wanted, fetch);
        }
        return fetch;
    }

    // ---- past the cache

    private void passBy(Exchange x, CacheStatus status, Aside beside) {
        if (x.responder instanceof CacheReader one && one.continues()) {
            one.goAlone(status, beside);
        } else {
            passBy(x, status, why.told(beside));
        }
    }

    /** The peer is asked as if there were no cache. @param told of why, in Cache-Status */
    void passBy(Exchange x, CacheStatus status, byte[] told) {
        x.cacheStatus = status;
        x.pastCache = told;
        count(status);
        plan.inner.handle(x);
    }

    private void other(Exchange x, int method) {
        if (purges != null && PurgeHandler.isPurge(x)) {
            purges.handle(x);
            return;
        }
        x.cacheStatus = CacheStatus.BYPASS;
        x.pastCache = Forward.METHOD.told(Aside.NOTHING);
        if (method != Method.OPTIONS && method != Method.TRACE && method != Method.CONNECT
                && !cache.folder.isAbsent()) {
            int keyLength = writeKey(x);
            if (keyLength >= 0) {
                InvalidatingClient.stand(x, plan, keyLength);
            }
        }
        plan.inner.handle(x);
    }

    void count(CacheStatus status) {
        if (cache.folder.isAbsent()) {
            return;
        }
        CacheIndex.Count what = switch (status) {
            case HIT -> CacheIndex.Count.HIT;
            case MISS -> CacheIndex.Count.MISS;
            case EXPIRED -> CacheIndex.Count.EXPIRED;
            case STALE -> CacheIndex.Count.STALE;
            case UPDATING -> CacheIndex.Count.UPDATING;
            case REVALIDATED -> CacheIndex.Count.REVALIDATED;
            default -> CacheIndex.Count.BYPASS;
        };
        cache.index.count(what);
    }
}
