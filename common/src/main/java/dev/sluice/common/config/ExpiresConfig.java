package dev.sluice.common.config;

/**
 * How long clients may keep an answer. Written at boot, then read-only.
 *
 * @param seconds from the moment of the answer, from the last modification, or from midnight
 */
public record ExpiresConfig(Kind kind, long seconds) {

    /** Says nothing. */
    public static final ExpiresConfig OFF = new ExpiresConfig(Kind.OFF, 0);

    /** nginx's forms of {@code expires}. */
    public enum Kind { OFF, ACCESS, MODIFIED, DAILY, EPOCH, MAX }
}
