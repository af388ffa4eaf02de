package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.HTTP;
import static dev.sluice.common.config.SectionKind.LIMIT;
import static dev.sluice.common.config.SectionKind.LOCATION;
import static dev.sluice.common.config.SectionKind.SERVER;

import java.util.List;

/** The part of the table for limits. Written at boot, then read-only. */
public final class LimitKeys {

    /** Bytes that one key takes. */
    static final int ENTRY_BYTES = 8;

    private static final long SIZE_MIN = 4 << 10;
    private static final long SIZE_MAX = 1L << 30;

    public static final ConfigKey<String> KEY = ConfigKey.single(
            "key", LimitTypes.KEY, "$remote_addr",
            "What is counted apart; a request for which it is empty is not limited.", LIMIT);

    public static final ConfigKey<Integer> IPV6_PREFIX = ConfigKey.single("ipv6_prefix",
            new Scalars.Count(16, 128), "64",
            "How many bits of an IPv6 address count when the key is $remote_addr: a client usually"
                    + " has all addresses of a /64.", LIMIT);

    public static final ConfigKey<LimitRate> RATE = ConfigKey.single("rate", LimitTypes.RATE, null,
            "How many requests one key may make, over all workers; another rate begins with all"
                    + " keys at rest. A limit has a rate or connections.", LIMIT).shows("100r/s");

    public static final ConfigKey<Integer> CONNECTIONS = ConfigKey.single("connections",
            new Scalars.Count(1, LimitTypes.CONNECTIONS_MAX), null,
            "In place of a rate: how many requests of one key may be in progress at once, over all"
                    + " workers, from the complete head to the end of the answer; as nginx's"
                    + " limit_conn. An idle connection does not count.", LIMIT).shows("20");

    public static final ConfigKey<Integer> BURST = ConfigKey.single("burst",
            new Scalars.Count(0, LimitTypes.BURST_MAX), "0",
            "How many requests beyond the rate a key may be ahead before one is refused.", LIMIT);

    public static final ConfigKey<Integer> DELAY = ConfigKey.single(
            "delay", LimitTypes.DELAY, "off",
            "How many requests beyond the rate pass at once; later ones wait until the rate has"
                    + " caught up. off: none waits, as with nginx's nodelay.", LIMIT);

    public static final ConfigKey<String> MODE = ConfigKey.single("mode",
            new Scalars.Keyword(List.of("enforce", "shadow"), List.of()), "enforce",
            "shadow only counts and logs what it would refuse or delay.", LIMIT);

    public static final ConfigKey<Integer> STATUS = ConfigKey.single("status",
            new Scalars.Count(400, 599), "429", "The status of a refusal.", LIMIT);

    public static final ConfigKey<Long> SIZE = ConfigKey.single("size",
            new Scalars.Size(SIZE_MIN, SIZE_MAX), "1m",
            "Memory for the keys, 8 bytes each, rounded up to a power of two. When a place is full"
                    + " the key that is nearest to rest is forgotten and counted; one with requests"
                    + " in progress is not, and a further key is refused.", LIMIT);

    public static final ConfigKey<LimitConfig.Fields> HEADERS = ConfigKey.single("headers",
            new Scalars.Choice<>(LimitConfig.Fields.class), "rejected",
            "Which answers carry RateLimit and RateLimit-Policy, of limits with a rate. Retry-After"
                    + " is in every refusal: when the rate admits a request again, or 1 where"
                    + " connections are limited, as nobody knows when one of them ends.",
            LIMIT);

    public static final ConfigKey<String> LOG_LEVEL = ConfigKey.single("log_level",
            new Scalars.Keyword(List.of("error", "warn", "notice", "info", "debug"), List.of()),
            "warn", "The level of the line about a refusal; a worker writes at most five a second"
                    + " for each limit. Delays are logged as debug.", LIMIT);

    public static final ConfigKey<LimitTypes.Use> LIMIT_USE = ConfigKey.list(
            "limit", LimitTypes.USE,
            "A [limit] that requests must pass, perhaps with another burst, delay or number of"
                    + " connections; all of them must let a request pass. A section's own limits"
                    + " replace inherited ones.",
            HTTP, SERVER, LOCATION).shows("per_client burst=50");

    public static final ConfigKey<SizeText> LIMIT_RATE = ConfigKey.single("limit_rate",
            new LimitTypes.SizeOrText(1 << 30), "0",
            "Bytes a second at which one answer is sent, after a first second's worth at once; a"
                    + " client that makes several requests has the rate for each. 0, and a value"
                    + " that is no size, for as fast as the client takes it.",
            HTTP, SERVER, LOCATION).shows("500k");

    public static final ConfigKey<SizeText> LIMIT_RATE_AFTER = ConfigKey.single("limit_rate_after",
            new LimitTypes.SizeOrText(1L << 40), "0",
            "Bytes of an answer, with its head, before limit_rate begins.",
            HTTP, SERVER, LOCATION);

    static final List<ConfigKey<?>> ALL = List.of(KEY, IPV6_PREFIX, RATE, CONNECTIONS, BURST,
            DELAY, MODE, STATUS, SIZE, HEADERS, LOG_LEVEL, LIMIT_USE,
            LIMIT_RATE, LIMIT_RATE_AFTER);

    private LimitKeys() {
    }
}
