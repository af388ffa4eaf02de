package dev.sluice.common.config;

/**
 * One {@code allow} or {@code deny}: a network in CIDR form, {@code all} or {@code unix:}. Written
 * at boot, then read-only.
 */
public record AccessRule(boolean allow, String network) {

    /** Matches every client, whatever its address. */
    public static final String ALL = "all";
    /** Matches the clients of unix sockets. */
    public static final String UNIX = "unix:";
}
