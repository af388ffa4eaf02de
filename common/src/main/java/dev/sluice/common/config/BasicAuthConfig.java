package dev.sluice.common.config;

/**
 * HTTP Basic authentication (RFC 7617) against a file of users and hashed passwords. Written at
 * boot, then read-only.
 *
 * @param realm what the client is told that the password is for; null when there is no
 *     authentication
 * @param file its absolute path
 */
public record BasicAuthConfig(String realm, String file) {

    /** {@code off}: ends what an outer section asks for. */
    public static final BasicAuthConfig OFF = new BasicAuthConfig(null, null);
}
