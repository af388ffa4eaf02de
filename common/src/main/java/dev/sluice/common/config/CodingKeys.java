package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.HTTP;
import static dev.sluice.common.config.SectionKind.LOCATION;
import static dev.sluice.common.config.SectionKind.SERVER;

import dev.sluice.common.config.CodingConfig.Proxied;
import dev.sluice.common.config.StaticConfig.Precompressed;
import java.util.List;

/** The part of the table for content codings. Written at boot, then read-only. */
public final class CodingKeys {

    public static final ConfigKey<Boolean> GZIP = ConfigKey.single("gzip", Scalars.FLAG, "off",
            "Whether answers are compressed by gzip for clients that accept it. Of several codings"
                    + " a client likes equally it gets zstd, else br, else gzip. Never compressed:"
                    + " what has a Content-Encoding or Content-Range, Cache-Control: no-transform,"
                    + " digest fields, and answers to HTTP/1.0.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<Integer> GZIP_COMP_LEVEL = ConfigKey.single("gzip_comp_level",
            new Scalars.Count(1, 9), "1", "The level of gzip; 9 is the slowest and smallest.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Boolean> BROTLI = ConfigKey.single("brotli", Scalars.FLAG, "off",
            "Whether answers are compressed by brotli (RFC 7932, br) for clients that accept it.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Integer> BROTLI_COMP_LEVEL = ConfigKey.single(
            "brotli_comp_level", new Scalars.Count(0, 11), "4",
            "The level of brotli. From 7 on it is slow: for files compressed beforehand rather.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Boolean> ZSTD = ConfigKey.single("zstd", Scalars.FLAG, "off",
            "Whether answers are compressed by Zstandard (RFC 8878, zstd) for clients that accept"
                    + " it.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<Integer> ZSTD_COMP_LEVEL = ConfigKey.single("zstd_comp_level",
            new Scalars.Count(1, 12), "3", "The level of Zstandard.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<List<String>> GZIP_TYPES = ConfigKey.single("gzip_types",
            new MediaTypeList(), "text/* application/javascript application/json"
                    + " application/xml image/svg+xml",
            "The media types that are compressed, by every coding; text/html always is. * stands"
                    + " for all. Parameters of a type, such as charset, do not count."
                    + " Of text/event-stream, and of whatever comes without a length, each piece"
                    + " is sent when it comes.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Long> GZIP_MIN_LENGTH = ConfigKey.single("gzip_min_length",
            new Scalars.Size(0, 1 << 30), "256",
            "The shortest answer that is compressed, by every coding, where its length is known.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Boolean> GZIP_VARY = ConfigKey.single("gzip_vary", Scalars.FLAG,
            "on", "Whether answers that are or might have been sent in a coding have Vary:"
                    + " Accept-Encoding. Without it caches mix them up.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<List<Proxied>> GZIP_PROXIED = ConfigKey.single("gzip_proxied",
            new ProxiedList(), "any", "Which answers to requests with a Via field are compressed:"
                    + " those that expire in the past, whose Cache-Control has no-cache, no-store"
                    + " or private, without Last-Modified or ETag, to requests with Authorization;"
                    + " off for none, any for all.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<List<String>> GZIP_BYPASS = ConfigKey.single("gzip_bypass",
            new TextList(), null, "Answers are not compressed when one of these texts is neither"
                    + " empty nor 0. Where a page holds a secret, such as a token against forged"
                    + " requests, beside what a request says, its length tells of the secret"
                    + " (BREACH): name the field or cookie of those who have one.",
            HTTP, SERVER, LOCATION).shows("$cookie_session $http_authorization");

    public static final ConfigKey<Boolean> GZIP_STATIC = ConfigKey.single("gzip_static",
            Scalars.FLAG, "off", "Whether FILE.gz is sent in place of FILE to clients that accept"
                    + " gzip, if it is not older. It has an ETag of its own, and ranges are its"
                    + " own. Where a module reads bodies, FILE is sent.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<Boolean> BROTLI_STATIC = ConfigKey.single("brotli_static",
            Scalars.FLAG, "off", "The same of FILE.br and brotli.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<Boolean> ZSTD_STATIC = ConfigKey.single("zstd_static",
            Scalars.FLAG, "off", "The same of FILE.zst and Zstandard.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<Boolean> GUNZIP = ConfigKey.single("gunzip", Scalars.FLAG, "off",
            "Whether answers of peers that come by gzip are unpacked for clients that do not"
                    + " accept it. For those of HTTP/1.0 the connection's close ends such a one.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Long> GUNZIP_MAX_SIZE = ConfigKey.single("gunzip_max_size",
            new Scalars.Size(1 << 10, 1L << 40), "100m",
            "The most that gunzip makes of one answer; a longer one is cut.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Integer> GZIP_MAX_ACTIVE = ConfigKey.single("gzip_max_active",
            new Scalars.Count(1, 10_000), "100",
            "The most answers a worker compresses or unpacks at once, by all codings; others are"
                    + " sent as they are. Each takes 64k and, from the first byte that is worked on"
                    + " to the last, what its coding needs: 260k for gzip, 0.5m to 3m for brotli"
                    + " and Zstandard by their levels. Of gzip and Zstandard four are kept.",
            HTTP);

    public static final ConfigKey<Long> GZIP_CACHE = ConfigKey.single("gzip_cache",
            new Scalars.Size(0, 1L << 36), "8m",
            "Memory of each worker for what files, and answers out of a [cache], have been"
                    + " compressed to, by every coding, so that it is done once: forms of up to"
                    + " 64k each. Those that nobody asks for go first. 0 keeps none.", HTTP);

    static final List<ConfigKey<?>> ALL = List.of(GZIP, GZIP_COMP_LEVEL, BROTLI,
            BROTLI_COMP_LEVEL, ZSTD, ZSTD_COMP_LEVEL, GZIP_TYPES, GZIP_MIN_LENGTH, GZIP_VARY,
            GZIP_PROXIED, GZIP_BYPASS, GZIP_STATIC, BROTLI_STATIC, ZSTD_STATIC, GUNZIP,
            GUNZIP_MAX_SIZE, GZIP_MAX_ACTIVE, GZIP_CACHE);

    private CodingKeys() {
    }

    /** Null where files are sent as they are. */
    static Precompressed precompressed(Scope scope) {
        boolean gzip = scope.value(GZIP_STATIC);
        boolean brotli = scope.value(BROTLI_STATIC);
        boolean zstd = scope.value(ZSTD_STATIC);
        return gzip || brotli || zstd
                ? new Precompressed(gzip, brotli, zstd, scope.value(GZIP_VARY)) : null;
    }

    /** Null where answers stay as they are. */
    static CodingConfig of(Scope scope) {
        if (!scope.value(GZIP) && !scope.value(BROTLI) && !scope.value(ZSTD)
                && !scope.value(GUNZIP)) {
            return null;
        }
        return new CodingConfig(
                scope.value(GZIP) ? scope.value(GZIP_COMP_LEVEL) : 0,
                scope.value(BROTLI) ? scope.value(BROTLI_COMP_LEVEL) + 1 : 0,
                scope.value(ZSTD) ? scope.value(ZSTD_COMP_LEVEL) : 0,
                scope.value(GZIP_TYPES), scope.value(GZIP_MIN_LENGTH), scope.value(GZIP_PROXIED),
                scope.value(GZIP_VARY),
                scope.given(GZIP_BYPASS) == null ? List.of() : scope.given(GZIP_BYPASS),
                scope.value(GUNZIP), scope.value(GUNZIP_MAX_SIZE));
    }
}
