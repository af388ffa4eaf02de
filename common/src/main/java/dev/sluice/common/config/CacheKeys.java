package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.CACHE;
import static dev.sluice.common.config.SectionKind.HTTP;
import static dev.sluice.common.config.SectionKind.LOCATION;
import static dev.sluice.common.config.SectionKind.SERVER;

import java.util.List;
import java.util.stream.Stream;

/** The part of the table for caches. Written at boot, then read-only. */
public final class CacheKeys {

    private static final long DAY_MS = 86_400_000;
    static final String OFF = "off";

    public static final ConfigKey<String> PATH = ConfigKey.single("path", Scalars.PATH, null,
            "The folder, which belongs to this cache alone and which workers can write to; it is"
                    + " made when it is missing. While workers of a master with another"
                    + " run_directory use it the start is refused.", CACHE)
            .shows("/var/cache/sluice/pages");

    public static final ConfigKey<Long> MAX_SIZE = ConfigKey.single("max_size",
            new Scalars.Size(1 << 20, 1L << 50), "1g",
            "Bytes of all answers on disk, each in blocks of 4k. Whatever is stored makes its own"
                    + " room: what nobody has asked for again goes first (S3-FIFO). What is being"
                    + " fetched comes on top, and what leaves while a client is sent it, until"
                    + " that ends; workers that have a file open which another one has removed"
                    + " close it within a second.", CACHE);

    public static final ConfigKey<Long> INACTIVE = ConfigKey.single("inactive",
            new Scalars.Time(1000, 365 * DAY_MS), "10m",
            "How long an answer is kept that nobody asks for, fresh or not.", CACHE);

    public static final ConfigKey<Integer> KEYS = ConfigKey.single("keys",
            new Scalars.Count(1024, 1 << 24), "131072",
            "How many answers it can hold, rounded up to a power of two: 56 bytes each in a file"
                    + " that all workers map. When more than three quarters are in use, some push"
                    + " others out. Another number begins with an empty cache.", CACHE);

    public static final ConfigKey<Long> MEMORY = ConfigKey.single("memory",
            new Scalars.Size(64 << 10, 16L << 30), "16m",
            "What each worker keeps at hand: answers of up to 32k whole, heads of longer ones, and"
                    + " up to 512 open files. It is taken when it is needed.", CACHE);

    public static final ConfigKey<Long> MAX_OBJECT_SIZE = ConfigKey.single("max_object_size",
            new Scalars.Size(1024, 1L << 40), "1g",
            "The longest body that is stored; longer ones pass through.", CACHE);

    public static final ConfigKey<String> PROXY_CACHE = ConfigKey.single("proxy_cache",
            Scalars.TEXT, OFF,
            "The [cache] that answers of peers to GET are stored in, by the rules of RFC 9111; off"
                    + " for none.", HTTP, SERVER, LOCATION).shows("pages");

    public static final ConfigKey<String> PROXY_CACHE_KEY = ConfigKey.single("proxy_cache_key",
            LimitTypes.KEY, null,
            "What tells answers apart besides their Vary. Without it: scheme, host and port as the"
                    + " client asked for them, the upstream, the canonical path and the query."
                    + " Whoever leaves out what the peer's answer depends on mixes answers up."
                    + " PURGE finds by it what its own request has: with $request_method, nothing.",
            HTTP, SERVER, LOCATION).shows("$scheme$host$request_uri");

    public static final ConfigKey<CacheUse.Valid> PROXY_CACHE_VALID = ConfigKey.list(
            "proxy_cache_valid", CacheTypes.VALID,
            "How long answers of these statuses are fresh that do not say so themselves by"
                    + " X-Accel-Expires, CDN-Cache-Control, Cache-Control or Expires.",
            HTTP, SERVER, LOCATION).shows("200 302 10m", "404 1m", "any 10s");

    public static final ConfigKey<List<String>> PROXY_CACHE_BYPASS = ConfigKey.single(
            "proxy_cache_bypass", CacheTypes.CONDITIONS, null,
            "The cache is not asked when one of these is neither empty nor 0; the answer may be"
                    + " stored all the same.", HTTP, SERVER, LOCATION)
            .shows("$cookie_nocache $arg_nocache");

    public static final ConfigKey<List<String>> PROXY_NO_CACHE = ConfigKey.single(
            "proxy_no_cache", CacheTypes.CONDITIONS, null,
            "The answer is not stored when one of these is neither empty nor 0.",
            HTTP, SERVER, LOCATION).shows("$cookie_session");

    public static final ConfigKey<List<String>> PROXY_CACHE_METHODS = ConfigKey.single(
            "proxy_cache_methods", CacheTypes.METHODS, "GET HEAD",
            "Methods that the cache answers. What is fetched for a HEAD is fetched by GET.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Integer> PROXY_CACHE_MIN_USES = ConfigKey.single(
            "proxy_cache_min_uses", new Scalars.Count(1, 1_000_000), "1",
            "How often something must be asked for before it is stored.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<List<String>> PROXY_CACHE_USE_STALE = ConfigKey.single(
            "proxy_cache_use_stale", CacheTypes.USE_STALE, "off",
            "For which failures of the peer a stale answer is given, or while it is asked for:"
                    + " besides what stale-if-error and stale-while-revalidate of the answer"
                    + " allow, and never against its must-revalidate.",
            HTTP, SERVER, LOCATION).shows("error timeout updating http_500 http_503");

    public static final ConfigKey<Boolean> PROXY_CACHE_BACKGROUND_UPDATE = ConfigKey.single(
            "proxy_cache_background_update", Scalars.FLAG, "off",
            "Whether with use_stale = updating nobody waits for a stale answer to be fetched"
                    + " again. Answers with stale-while-revalidate never let anybody wait.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Boolean> PROXY_CACHE_REVALIDATE = ConfigKey.single(
            "proxy_cache_revalidate", Scalars.FLAG, "on",
            "Whether a stale answer with ETag or Last-Modified is fetched with If-None-Match and"
                    + " If-Modified-Since.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<Boolean> PROXY_CACHE_LOCK = ConfigKey.single("proxy_cache_lock",
            Scalars.FLAG, "on",
            "Whether of all requests for one answer that is not stored only one goes to the peer:"
                    + " those in its worker read what it writes, those in others wait.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Long> PROXY_CACHE_LOCK_TIMEOUT = ConfigKey.single(
            "proxy_cache_lock_timeout", new Scalars.Time(0, 3_600_000), "5s",
            "How long a request waits for another worker's fetch before it goes to the peer itself,"
                    + " past the cache.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<Long> PROXY_CACHE_LOCK_AGE = ConfigKey.single(
            "proxy_cache_lock_age", new Scalars.Time(1000, 3_600_000), "5s",
            "How long a fetch keeps those of other workers waiting before one more is made.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Boolean> PROXY_CACHE_CLIENT_CONTROL = ConfigKey.single(
            "proxy_cache_client_control", Scalars.FLAG, "on",
            "Whether Cache-Control and Pragma of requests count (RFC 9111 section 5.2.1). Off keeps"
                    + " clients from sending requests through to the peer.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Boolean> PROXY_CACHE_HEURISTIC = ConfigKey.single(
            "proxy_cache_heuristic", Scalars.FLAG, "on",
            "Whether an answer with Last-Modified that names no time is fresh for a tenth of its"
                    + " age, a day at most (RFC 9111 section 4.2.2); never one to a request with"
                    + " cookies or Authorization.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<Boolean> PROXY_CACHE_STATUS = ConfigKey.single(
            "proxy_cache_status", Scalars.FLAG, "on",
            "Whether answers say in Cache-Status what the cache did (RFC 9211).",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<List<String>> PROXY_IGNORE_HEADERS = ConfigKey.single(
            "proxy_ignore_headers", CacheTypes.IGNORED, null,
            "Fields of answers that do not count for the cache. Without Set-Cookie or Vary answers"
                    + " that are for one client alone may be given to all.",
            HTTP, SERVER, LOCATION).shows("X-Accel-Expires Expires");

    public static final ConfigKey<List<String>> PROXY_CACHE_PURGE = ConfigKey.single(
            "proxy_cache_purge", CacheTypes.NETWORKS, null,
            "Clients that may remove answers by the method PURGE: that of the URL, with * at its"
                    + " end all that begin so, with a field Cache-Tag or Surrogate-Key those that"
                    + " have the tag. Others get 403. %2A is a star of the URL itself. What begins"
                    + " so is told by proxy_cache_key: 400 where that does not hold the * and"
                    + " something before it.",
            HTTP, SERVER, LOCATION).shows("127.0.0.1 ::1");

    public static final ConfigKey<Long> SLICE = ConfigKey.single("slice",
            new Scalars.Size(64 << 10, 1 << 30), null,
            "Large answers are asked for and stored in ranges of so many bytes, each when somebody"
                    + " wants a part of it; the peer must answer ranges with ETag or Last-Modified"
                    + " and Content-Length. What changes between two of them is cut, and is asked"
                    + " for anew by the next request. Only where proxy_cache is on.",
            HTTP, SERVER, LOCATION).shows("1m");

    /** Of locations: a section that gives none of them shares what the one around it says. */
    static final List<ConfigKey<?>> OF_LOCATIONS = List.of(PROXY_CACHE, PROXY_CACHE_KEY,
            PROXY_CACHE_VALID, PROXY_CACHE_BYPASS, PROXY_NO_CACHE, PROXY_CACHE_METHODS,
            PROXY_CACHE_MIN_USES, PROXY_CACHE_USE_STALE, PROXY_CACHE_BACKGROUND_UPDATE,
            PROXY_CACHE_REVALIDATE, PROXY_CACHE_LOCK, PROXY_CACHE_LOCK_TIMEOUT,
            PROXY_CACHE_LOCK_AGE, PROXY_CACHE_CLIENT_CONTROL, PROXY_CACHE_HEURISTIC,
            PROXY_CACHE_STATUS, PROXY_IGNORE_HEADERS, PROXY_CACHE_PURGE, SLICE);

    private static final List<ConfigKey<?>> OF_CACHES =
            List.of(PATH, MAX_SIZE, INACTIVE, KEYS, MEMORY, MAX_OBJECT_SIZE);

    static final List<ConfigKey<?>> ALL =
            Stream.concat(OF_CACHES.stream(), OF_LOCATIONS.stream()).toList();

    private CacheKeys() {
    }
}
