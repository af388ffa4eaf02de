package dev.sluice.common.config;

/**
 * A table of clients, or whatever else the key tells apart, and how many requests each may make,
 * or have in progress.
 * Written at boot, then read-only.
 *
 * @param key a template; an empty value is not limited
 * @param ipv6PrefixBits how much of an IPv6 address counts when the key is {@code $remote_addr}
 * @param rate null when it is {@code connections} that are limited
 * @param connections requests of one key in progress; 0 when it is their rate that is limited
 * @param burst requests beyond the rate before one is refused
 * @param delayFrom requests beyond the rate before one has to wait; {@link #NO_DELAY} never
 * @param shadow whether it only counts what it would refuse
 * @param status of a refusal
 * @param entryCount keys it can hold; a power of two
 */
public record LimitConfig(
        SourceLine at,
        String name,
        String key,
        int ipv6PrefixBits,
        LimitRate rate,
        int connections,
        int burst,
        int delayFrom,
        boolean shadow,
        int status,
        int entryCount,
        Fields fields,
        String logLevel) {

    public static final int NO_DELAY = -1;

    /** Which answers tell a client of its limit. */
    public enum Fields {
        /** All of them. */
        ON,
        /** Refusals. */
        REJECTED,
        /** None. */
        OFF
    }
}
