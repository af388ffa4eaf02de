package dev.sluice.worker.exchange;

/** What a cache did for an exchange: nginx's words, {@code $upstream_cache_status}. */
public enum CacheStatus {
    /** There is no cache, or it was not asked. */
    NONE,
    /** Nothing was stored: the peer was asked. */
    MISS,
    /** The request was not for the cache. */
    BYPASS,
    /** Something was stored that was too old: the peer was asked, and has given another. */
    EXPIRED,
    /** Something old was given, since the peer could not be asked, or need not be. */
    STALE,
    /** Something old was given while the peer is asked. */
    UPDATING,
    /** Something was stored, and the peer has said that it holds still. */
    REVALIDATED,
    /** What was stored was given. */
    HIT
}
