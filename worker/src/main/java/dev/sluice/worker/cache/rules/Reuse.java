package dev.sluice.worker.cache.rules;

/**
 * Whether a stored answer may be given to a request (RFC 9111 §4). Times are seconds. Stateless.
 */
public final class Reuse {

    /** What may be done with a stored answer. */
    public enum Decision {
        /** It is given as it is. */
        FRESH,
        /** It is stale, and the request does not mind. */
        STALE_ALLOWED,
        /** It is given, and asked for again behind the client's back. */
        STALE_WHILE_REVALIDATE,
        /** The peer is asked first. */
        VALIDATE
    }

    private Reuse() {}

    /**
     * Decides.
     *
     * @param ageS how old the answer is now
     * @param request what the request says; directives that are {@link Directives#clear} for
     *     clients that have no say
     */
    public static Decision decide(long ageS, long lifetimeS, long staleWhileRevalidateS,
            boolean mustRevalidate, Directives request) {
        if (request.has(Directives.NO_CACHE | Directives.NO_CACHE_FIELDS)
                || request.maxAge() != Directives.ABSENT && ageS > request.maxAge()
                        && request.maxStale() == Directives.ABSENT
                || request.minFresh() != Directives.ABSENT
                        && lifetimeS - ageS < request.minFresh()) {
            return Decision.VALIDATE;
        }
        if (ageS < lifetimeS) {
            return Decision.FRESH;
        }
        if (mustRevalidate) {
            return Decision.VALIDATE;
        }
        long stale = ageS - lifetimeS;
        if (request.maxStale() != Directives.ABSENT && stale <= request.maxStale()) {
            return Decision.STALE_ALLOWED;
        }
        return stale < staleWhileRevalidateS ? Decision.STALE_WHILE_REVALIDATE
                : Decision.VALIDATE;
    }
}
