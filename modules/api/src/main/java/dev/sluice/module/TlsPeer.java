package dev.sluice.module;

/**
 * A client that has proved in a handshake to own a certificate, lent to a {@link TlsPeerHook}:
 * outside of the call every method throws {@link IllegalStateException}. What it gives are copies.
 */
public interface TlsPeer {

    /** The client's own certificate in DER. */
    byte[] certificate();

    /** SHA-256 of the certificate. */
    byte[] fingerprint();

    /** The subject, as RFC 2253 writes names. */
    String subject();

    /** The issuer, as RFC 2253 writes names. */
    String issuer();

    /** {@code SUCCESS}, or {@code FAILED:} and why, as {@code $ssl_client_verify} has it. */
    String verified();

    /** The name that the client asked for (RFC 6066 section 3), lower case; empty for none. */
    String serverName();

    /** {@code TLSv1.3}. */
    String protocol();

    /** Whether an earlier session was taken up again. */
    boolean resumed();
}
