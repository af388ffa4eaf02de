package dev.sluice.common.config;

/**
 * How clients are kept to https.
 *
 * @param readStatus what a plain GET or HEAD is redirected with; 0 for no redirect
 * @param writeStatus the same for all other methods
 * @param hsts the value of Strict-Transport-Security; null for none
 */
public record HttpsConfig(int readStatus, int writeStatus, String hsts) {

    /** Nothing is said about it. */
    static final HttpsConfig NONE = new HttpsConfig(0, 0, null);
}
