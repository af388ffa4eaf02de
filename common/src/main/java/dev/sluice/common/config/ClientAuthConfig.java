package dev.sluice.common.config;

/**
 * What a server asks of its clients' certificates.
 *
 * @param mode never OFF
 * @param authorities file with those whose names clients are told, and who are believed; null for
 *     none
 * @param trusted file with those who are believed without being named; null for none
 * @param crl file with lists of revoked certificates, one for each authority; null for none
 * @param depth authorities at most between a certificate and one that is believed
 */
public record ClientAuthConfig(Mode mode, String authorities, String trusted, String crl,
        int depth) {

    /** Whether a client needs one. */
    public enum Mode {
        OFF,
        /** Without a good one, every request is refused. */
        ON,
        /** A client may have none; one that is shown must be good. */
        OPTIONAL,
        /** The same, but somebody else judges who has signed it. */
        OPTIONAL_NO_CA
    }
}
