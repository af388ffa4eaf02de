package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.HTTP;
import static dev.sluice.common.config.SectionKind.SERVER;
import static dev.sluice.common.config.SectionKind.STREAM;

import java.util.List;

/** The part of the table for TLS towards clients. Written at boot, then read-only. */
public final class TlsKeys {

    private static final long HOUR_MS = 3_600_000;

    public static final ConfigKey<String> SSL_CERTIFICATE = ConfigKey.list("ssl_certificate",
            Scalars.PATH, "The certificate, in PEM with its chain, that is shown to clients. Given"
                    + " again for another kind of key; a server's own replace inherited ones.",
            HTTP, SERVER, STREAM).shows("/etc/sluice/tls/example.com.crt");

    public static final ConfigKey<String> SSL_CERTIFICATE_KEY = ConfigKey.list(
            "ssl_certificate_key", Scalars.PATH,
            "The private key of the ssl_certificate at the same place of the list, in PEM"
                    + " of any kind. The master alone reads it, so it may belong to root.",
            HTTP, SERVER, STREAM).shows("/etc/sluice/tls/example.com.key");

    public static final ConfigKey<String> SSL_PASSWORD_FILE = ConfigKey.single(
            "ssl_password_file", Scalars.PATH, null,
            "A file with the passwords of encrypted keys, one a line; each is tried.",
            HTTP, SERVER, STREAM).shows("/etc/sluice/tls/passwords");

    public static final ConfigKey<Long> SSL_CERTIFICATE_WATCH = ConfigKey.single(
            "ssl_certificate_watch", Scalars.Time.orOff(24 * HOUR_MS), "10s",
            "How often the files of certificates, keys, authorities and revoked certificates are"
                    + " looked at. What has changed is used from then on, without a reload; files"
                    + " that cannot be used leave what was there. off waits for a reload.", HTTP);

    public static final ConfigKey<Boolean> SSL_REJECT_HANDSHAKE = ConfigKey.single(
            "ssl_reject_handshake", Scalars.FLAG, "off",
            "Whether handshakes that ask for this server are refused. On in the default server of"
                    + " an address it refuses every name that no other server has.",
            SERVER);

    public static final ConfigKey<List<String>> SSL_PROTOCOLS = ConfigKey.single("ssl_protocols",
            new TransportTypes.Protocols(), "TLSv1.2 TLSv1.3",
            "The versions of TLS that clients may speak.", HTTP, SERVER, STREAM);

    public static final ConfigKey<String> SSL_CIPHERS = ConfigKey.single("ssl_ciphers",
            new TransportTypes.Ciphers(),
            null, "The cipher suites of TLS 1.2, OpenSSL's names separated by colons; without it"
                    + " those with ECDHE and authenticated encryption. TLS 1.3 has all of its own.",
            HTTP, SERVER, STREAM)
            .shows("ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256");

    public static final ConfigKey<List<String>> SSL_ECDH_CURVE = ConfigKey.single(
            "ssl_ecdh_curve", new TlsTypes.Groups(), "X25519MLKEM768:X25519:prime256v1:secp384r1",
            "The groups keys are agreed upon in, separated by colons, the best first. The first"
                    + " also resists quantum computers.", HTTP, SERVER, STREAM);

    public static final ConfigKey<Boolean> SSL_PREFER_SERVER_CIPHERS = ConfigKey.single(
            "ssl_prefer_server_ciphers", Scalars.FLAG, "off",
            "Whether the order of ssl_ciphers counts more than the client's.",
            HTTP, SERVER, STREAM);

    public static final ConfigKey<ClientAuthConfig.Mode> SSL_VERIFY_CLIENT = ConfigKey.single(
            "ssl_verify_client", new Scalars.Choice<>(ClientAuthConfig.Mode.class), "off",
            "Whether clients need a certificate: on refuses requests without a good one with 400"
                    + " (error_page 495 and 496); optional those with a bad one; optional_no_ca"
                    + " lets somebody else judge who has signed it.", HTTP, SERVER, STREAM);

    public static final ConfigKey<String> SSL_CLIENT_CERTIFICATE = ConfigKey.single(
            "ssl_client_certificate", Scalars.PATH, null,
            "A file with the authorities, in PEM, that sign certificates of clients. Their names"
                    + " are sent to clients.", HTTP, SERVER, STREAM)
            .shows("/etc/sluice/tls/clients-ca.crt");

    public static final ConfigKey<String> SSL_TRUSTED_CERTIFICATE = ConfigKey.single(
            "ssl_trusted_certificate", Scalars.PATH, null,
            "The same, for authorities whose names are not sent.", HTTP, SERVER, STREAM)
            .shows("/etc/sluice/tls/clients-more.crt");

    public static final ConfigKey<Integer> SSL_VERIFY_DEPTH = ConfigKey.single(
            "ssl_verify_depth", new Scalars.Count(0, 10), "1",
            "The most authorities between a client's certificate and one that is trusted.",
            HTTP, SERVER, STREAM);

    public static final ConfigKey<String> SSL_CRL = ConfigKey.single(
            "ssl_crl", Scalars.PATH, null,
            "A file with the certificates that authorities have revoked (CRLs in PEM), one list"
                    + " for each authority of a chain; without the list of one, clients below it"
                    + " are refused.", HTTP, SERVER, STREAM).shows("/etc/sluice/tls/clients.crl");

    public static final ConfigKey<List<CertForward>> CLIENT_CERT_FORWARD = ConfigKey.single(
            "client_cert_forward", new CertForwardType(), "off",
            "By which fields peers learn of the client's certificate: rfc9440 (Client-Cert and"
                    + " Client-Cert-Chain), xfcc (X-Forwarded-Client-Cert), or a form and a field:"
                    + " pem:NAME (percent-encoded), sha256:NAME, lfdi:NAME, sfdi:NAME. No client"
                    + " gets through with such a field, whatever server it asks.", HTTP, SERVER)
            .shows("rfc9440", "lfdi:X-LFDI sfdi:X-SFDI pem:ssl-client-cert");

    public static final ConfigKey<Boolean> SSL_SESSION_TICKETS = ConfigKey.single(
            "ssl_session_tickets", Scalars.FLAG, "on",
            "Whether clients get tickets, with which they resume their session at any worker, also"
                    + " after a reload or a crash. Off, every handshake is a whole one.",
            HTTP, SERVER);

    public static final ConfigKey<Long> SSL_SESSION_TIMEOUT = ConfigKey.single(
            "ssl_session_timeout", new Scalars.Time(60_000, 168 * HOUR_MS), "1h",
            "How long a session can be resumed, for TLS 1.3 up to twice as long. The keys of"
                    + " tickets are made anew as often.", HTTP);

    public static final ConfigKey<String> SSL_SESSION_TICKET_KEY = ConfigKey.list(
            "ssl_session_ticket_key", Scalars.PATH,
            "A file of 48 or 80 random bytes that several machines share, so that each resumes"
                    + " the sessions of the others. Given again for those that still decrypt; the"
                    + " first encrypts. They are looked at as ssl_certificate_watch says. Without"
                    + " it the master makes a secret of its own.", HTTP)
            .shows("/etc/sluice/tls/tickets.key");

    public static final ConfigKey<String> TLS_PROFILE = ConfigKey.single("tls_profile",
            new Scalars.Keyword(TlsProfile.WORDS, List.of()), "default",
            "Whom the server speaks TLS with. ieee2030.5 is for devices of utilities: TLS 1.2, the"
                    + " suite with CCM-8 and, for others, the one with GCM; P-256; a certificate of"
                    + " the client below ssl_client_certificate. ieee2030.5-strict has CCM-8 alone"
                    + " and holds that certificate to the profile of devices.", SERVER);

    public static final ConfigKey<Long> SSL_HANDSHAKE_TIMEOUT = ConfigKey.single(
            "ssl_handshake_timeout", new Scalars.Time(100, HOUR_MS), "15s",
            "How long a client may take from its connection to the end of the handshake.", HTTP);

    public static final ConfigKey<Boolean> SSL_DYN_REC_ENABLE = ConfigKey.single(
            "ssl_dyn_rec_enable", Scalars.FLAG, "on",
            "Whether a connection, and one that was silent for a second, begins with records that"
                    + " fit a packet: 40 of 1369 bytes, then 40 of 4229, then of 16k. A client"
                    + " can read the beginning of an answer before the rest has come.", HTTP);

    public static final ConfigKey<Long> SSL_CLIENT_HELLO_MAX = ConfigKey.single(
            "ssl_client_hello_max", new Scalars.Size(512, 16 * 1024), "16k",
            "The longest first message of a TLS client; a longer one ends the connection.", HTTP);

    public static final ConfigKey<Integer> SSL_HANDSHAKES_MAX = ConfigKey.single(
            "ssl_handshakes_max", new Scalars.Count(1, 1_000_000), "1000",
            "The most handshakes under way in a worker; further clients are refused.", HTTP);

    static final List<ConfigKey<?>> ALL = List.of(SSL_CERTIFICATE, SSL_CERTIFICATE_KEY,
            SSL_PASSWORD_FILE, SSL_CERTIFICATE_WATCH,
            SSL_REJECT_HANDSHAKE, SSL_PROTOCOLS, SSL_CIPHERS, SSL_ECDH_CURVE,
            SSL_PREFER_SERVER_CIPHERS, TLS_PROFILE, SSL_VERIFY_CLIENT, SSL_CLIENT_CERTIFICATE,
            SSL_TRUSTED_CERTIFICATE, SSL_VERIFY_DEPTH, SSL_CRL, CLIENT_CERT_FORWARD,
            SSL_SESSION_TICKETS,
            SSL_SESSION_TIMEOUT, SSL_SESSION_TICKET_KEY, SSL_HANDSHAKE_TIMEOUT,
            SSL_DYN_REC_ENABLE,
            SSL_CLIENT_HELLO_MAX,
            SSL_HANDSHAKES_MAX);

    private TlsKeys() {
    }
}
