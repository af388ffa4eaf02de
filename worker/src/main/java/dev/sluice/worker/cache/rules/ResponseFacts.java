package dev.sluice.worker.cache.rules;

import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.HttpDate;
import java.nio.charset.StandardCharsets;

/**
 * What the head of a peer's answer to a GET means for a shared cache: whether it may be stored
 * (RFC 9111 §3), how old it is already (§4.2.3) and for how long it is fresh (§4.2.1). Reused.
 *
 * <p>Owner: event loop (or one test thread).
 */
public final class ResponseFacts {

    /** Why an answer is not stored; {@link #STORE} when it is. */
    public enum Verdict {
        STORE, NO_STORE, PRIVATE, AUTHORIZED, SET_COOKIE, VARIES_BY_ANYTHING, STATUS, NO_LIFETIME
    }

    private static final long NONE = -1;
    private static final long HEURISTIC_MAX_S = 86_400;
    private static final int HEURISTIC_SHARE = 10;
    private static final byte[] X_ACCEL_EXPIRES =
            "x-accel-expires".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANYTHING = {'*'};

    private final Directives directives = new Directives();
    private final TargetedDirectives targeted = new TargetedDirectives();
    private HeaderTable headers;
    private int status;
    private boolean byTarget;
    private boolean explicit;
    private long lifetimeS;
    private long ageS;
    private long ageAtPeerS;
    private long dateS;
    private long lastModifiedS;

    /**
     * Reads the head.
     *
     * @param nowMs when it came, in wall time
     * @param delayMs how long it was asked for
     * @param authorized whether the request had Authorization
     * @param cookies whether it had cookies: no guess is made then
     */
    public Verdict judge(HeaderTable of, int statusOfAnswer, long nowMs, long delayMs,
            Policy policy, boolean authorized, boolean cookies) {
        headers = of;
        status = statusOfAnswer;
        long nowS = nowMs / 1000;
        byTarget = !policy.ignoresCacheControl() && targeted.read(of, directives);
        if (!byTarget) {
            directives.clear();
            if (!policy.ignoresCacheControl()) {
                directives.read(of, HeaderName.CACHE_CONTROL);
            }
        }
        dateS = date(HeaderName.DATE);
        lastModifiedS = date(HeaderName.LAST_MODIFIED);
        long fromDate = dateS == NONE ? nowS : dateS;
        ageAtPeerS = age();
        ageS = Math.max(Math.max(0, nowS - fromDate), ageAtPeerS + Math.max(0, delayMs) / 1000);
        lifetimeS = lifetime(policy, nowS, fromDate, authorized || cookies);
        return verdict(policy, authorized);
    }

    private long date(int id) {
        int i = headers.find(id);
        return i < 0 ? NONE : headers.valueLength(i) < 24 ? NONE
                : HttpDate.parse(headers.buffer(), headers.valueOffset(i), headers.valueLength(i));
    }

    /** The first of a list counts, and what is no number does not (RFC 9111 §5.1). */
    private long age() {
        int i = headers.find(HeaderName.AGE);
        if (i < 0) {
            return 0;
        }
        int from = headers.valueOffset(i);
        int end = AsciiBytes.tokenEnd(headers.buffer(), from, from + headers.valueLength(i));
        end = AsciiBytes.trimSpace(headers.buffer(), from, end);
        long value = 0;
        for (int at = from; at < end; at++) {
            int digit = headers.buffer().get(at) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            value = Math.min(Directives.SECONDS_MAX, value * 10 + digit);
        }
        return value;
    }

    /** nginx's order: X-Accel-Expires, the directives, Expires, what the operator says, a guess. */
    private long lifetime(Policy policy, long nowS, long fromDate, boolean personal) {
        explicit = true;
        long accel = policy.ignoresAccelExpires() ? NONE : accelExpires(nowS);
        if (accel != NONE) {
            // It counts from now on, whatever has passed before.
            return accel + ageS;
        }
        if (directives.sharedMaxAge() != Directives.ABSENT) {
            return directives.sharedMaxAge();
        }
        if (directives.maxAge() != Directives.ABSENT) {
            return directives.maxAge();
        }
        if (!byTarget && !policy.ignoresExpires() && headers.has(HeaderName.EXPIRES)) {
            // A date that is none has passed already (RFC 9111 §5.3).
            return Math.max(0, date(HeaderName.EXPIRES) - fromDate);
        }
        explicit = false;
        boolean says = directives.has(Directives.NO_CACHE);
        long valid = says ? NONE : policy.validFor(status);
        if (valid != NONE) {
            explicit = true;
            return valid == 0 ? 0 : valid + ageS;
        }
        if (says || !policy.heuristic() || personal || lastModifiedS == NONE
                || !isHeuristic(status) && !directives.has(Directives.PUBLIC)) {
            return 0;
        }
        return Math.clamp((fromDate - lastModifiedS) / HEURISTIC_SHARE, 0, HEURISTIC_MAX_S);
    }

    /** Seconds, or @ and a time since 1970, as nginx reads it. */
    private long accelExpires(long nowS) {
        int i = headers.find(X_ACCEL_EXPIRES);
        if (i < 0 || headers.valueLength(i) == 0) {
            return NONE;
        }
        int from = headers.valueOffset(i);
        boolean absolute = headers.buffer().get(from) == '@';
        int skipped = absolute ? 1 : 0;
        long value = AsciiBytes.parseDecimal(headers.buffer(), from + skipped,
                headers.valueLength(i) - skipped);
        return value < 0 ? NONE : absolute ? Math.max(0, value - nowS)
                : Math.min(value, Directives.SECONDS_MAX);
    }

    /** Statuses of RFC 9110 §15.1 that may be stored without being told for how long. */
    private static boolean isHeuristic(int status) {
        return switch (status) {
            case 200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501 -> true;
            default -> false;
        };
    }

    /** Statuses whose meaning for caches is known here, for must-understand (§5.2.2.3). */
    private static boolean isUnderstood(int status) {
        return isHeuristic(status) || switch (status) {
            case 302, 303, 307, 400, 401, 403, 406, 409, 421, 422, 429, 451, 500, 502, 503, 504 ->
                    true;
            default -> false;
        };
    }

    private Verdict verdict(Policy policy, boolean authorized) {
        boolean understands = directives.has(Directives.MUST_UNDERSTAND);
        if (status < 200 || isOfCondition() || understands && !isUnderstood(status)) {
            return Verdict.STATUS;
        }
        if (directives.has(Directives.NO_STORE) && !understands) {
            return Verdict.NO_STORE;
        }
        if (directives.has(Directives.PRIVATE)) {
            return Verdict.PRIVATE;
        }
        if (authorized && !directives.has(Directives.PUBLIC | Directives.MUST_REVALIDATE)
                && directives.sharedMaxAge() == Directives.ABSENT) {
            return Verdict.AUTHORIZED;
        }
        if (!policy.ignoresSetCookie() && headers.has(HeaderName.SET_COOKIE)) {
            return Verdict.SET_COOKIE;
        }
        if (!policy.ignoresVary() && variesByAnything()) {
            return Verdict.VARIES_BY_ANYTHING;
        }
        // Without a time it is kept only where its peer can be asked whether it still holds.
        boolean worth = lifetimeS > ageS || isValidatable()
                && (explicit || isHeuristic(status) || directives.has(Directives.PUBLIC))
                || explicit && (staleWhileRevalidateS() > 0 || staleIfErrorS() > 0);
        return worth ? Verdict.STORE : Verdict.NO_LIFETIME;
    }

    /** Statuses that answer a range or a condition, which is no part of any key. */
    private boolean isOfCondition() {
        return status == 206 || status == 304 || status == 412 || status == 416;
    }

    private boolean variesByAnything() {
        for (int i = headers.find(HeaderName.VARY); i >= 0;
                i = headers.findNext(HeaderName.VARY, i)) {
            if (headers.valueHasToken(i, ANYTHING)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the peer can be asked whether it still holds: it has an ETag or a date. */
    public boolean isValidatable() {
        return headers.has(HeaderName.ETAG) || lastModifiedS != NONE;
    }

    /** How long it is fresh, in seconds from its birth, whatever its age is by now. */
    public long lifetimeS() {
        return directives.has(Directives.NO_CACHE) ? 0 : lifetimeS;
    }

    /**
     * Whether others that wait for it may have it, too (RFC 9111 §4): it was fresh when its peer
     * sent it, or may be used while it is asked for again. How long it took is no matter, as all of
     * them have waited for it.
     */
    public boolean isForAll() {
        return lifetimeS() > ageAtPeerS || staleWhileRevalidateS() > 0 && !mustRevalidate();
    }

    /** How old it was when it came, in seconds. */
    public long ageS() {
        return ageS;
    }

    /** Whether it may never be used stale without asking (RFC 9111 §4.2.4). */
    public boolean mustRevalidate() {
        boolean says = directives.staleIfError() != Directives.ABSENT
                || directives.staleWhileRevalidate() != Directives.ABSENT;
        return directives.has(Directives.MUST_REVALIDATE | Directives.PROXY_REVALIDATE
                | Directives.NO_CACHE)
                || directives.sharedMaxAge() != Directives.ABSENT && !says;
    }

    /** Whether fields that no-cache names may not be given without asking (RFC 9111 §5.2.2.4). */
    public boolean withholds() {
        return directives.has(Directives.NO_CACHE_FIELDS);
    }

    /** How long it may be used stale while it is asked for again (RFC 5861 §3); 0 never. */
    public long staleWhileRevalidateS() {
        return Math.max(0, directives.staleWhileRevalidate());
    }

    /** How long it may be used stale when nothing better can be had (RFC 5861 §4); 0 never. */
    public long staleIfErrorS() {
        return Math.max(0, directives.staleIfError());
    }

    /** Seconds since 1970, or below zero. */
    public long dateS() {
        return dateS;
    }

    /** Seconds since 1970, or below zero. */
    public long lastModifiedS() {
        return lastModifiedS;
    }
}
