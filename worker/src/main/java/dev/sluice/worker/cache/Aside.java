package dev.sluice.worker.cache;

/** What Cache-Status says of a request that goes past the cache, beside {@link Forward}. */
enum Aside {
    NOTHING(""),
    /** The folder of the cache cannot be used. */
    NO_FOLDER("; detail=no-folder"),
    /** It was not asked for so often as {@code proxy_cache_min_uses} says. */
    MIN_USES("; detail=min-uses"),
    /** It has a condition that is the peer's to decide. */
    PRECONDITION("; detail=precondition"),
    /** The peer has not answered the range of a slice so that it could be put together. */
    SLICE("; detail=slice"),
    /** It has waited for another one as long as {@code proxy_cache_lock_timeout} says. */
    LOCK_TIMEOUT("; detail=lock-timeout"),
    /** {@code proxy_no_cache} says so. */
    NOT_STORED("; detail=no-cache");

    private final String text;

    Aside(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
