package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.HTTP;
import static dev.sluice.common.config.SectionKind.LOCATION;
import static dev.sluice.common.config.SectionKind.SERVER;
import static dev.sluice.common.config.SectionKind.STREAM;
import static dev.sluice.common.config.SectionKind.UPSTREAM;

import java.util.List;

/** The part of the table for what is below HTTP on the way to peers. Written at boot. */
public final class TransportKeys {

    /** Where Debian keeps the authorities that the operator of the machine trusts. */
    static final String SYSTEM_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";

    public static final ConfigKey<Boolean> PROXY_SSL_VERIFY = ConfigKey.single("proxy_ssl_verify",
            Scalars.FLAG, "on", "Whether the certificate of an https peer must be valid for its"
                    + " name and signed by an authority.", HTTP, SERVER, LOCATION, STREAM);

    public static final ConfigKey<Boolean> PROXY_SSL_SERVER_NAME = ConfigKey.single(
            "proxy_ssl_server_name", Scalars.FLAG, "on",
            "Whether an https peer is told the name that is wanted of it (SNI).",
            HTTP, SERVER, LOCATION, STREAM);

    public static final ConfigKey<String> PROXY_SSL_NAME = ConfigKey.single("proxy_ssl_name",
            new TransportTypes.HostName(), null, "The name that an https peer is asked for and"
                    + " must prove; without it the host of the peer as written.",
            HTTP, SERVER, LOCATION, STREAM).shows("app.internal");

    public static final ConfigKey<String> PROXY_SSL_TRUSTED_CERTIFICATE = ConfigKey.single(
            "proxy_ssl_trusted_certificate", Scalars.PATH, SYSTEM_AUTHORITIES,
            "The authorities, in PEM, that may sign certificates of https peers.",
            HTTP, SERVER, LOCATION, STREAM);

    public static final ConfigKey<String> PROXY_SSL_CERTIFICATE = ConfigKey.single(
            "proxy_ssl_certificate", Scalars.PATH, null,
            "The certificate, in PEM with its chain, that is shown to https peers.",
            HTTP, SERVER, LOCATION, STREAM).shows("/etc/sluice/tls/client.crt");

    public static final ConfigKey<String> PROXY_SSL_CERTIFICATE_KEY = ConfigKey.single(
            "proxy_ssl_certificate_key", Scalars.PATH, null,
            "The private key of proxy_ssl_certificate, in PEM of any kind. The master alone reads"
                    + " it, so it may belong to root.",
            HTTP, SERVER, LOCATION, STREAM).shows("/etc/sluice/tls/client.key");

    public static final ConfigKey<String> PROXY_SSL_PASSWORD_FILE = ConfigKey.single(
            "proxy_ssl_password_file", Scalars.PATH, null,
            "A file with the passwords of encrypted keys for https peers, one a line; each is"
                    + " tried.", HTTP, SERVER, LOCATION, STREAM).shows("/etc/sluice/tls/passwords");

    public static final ConfigKey<String> PROXY_SSL_CRL = ConfigKey.single(
            "proxy_ssl_crl", Scalars.PATH, null,
            "Lists, in PEM, of the certificates that their authorities have revoked. All"
                    + " authorities up to a trusted one need a list that is not out of date; a"
                    + " changed file counts at the next reload.", HTTP, SERVER, LOCATION, STREAM)
            .shows("/etc/sluice/tls/revoked.crl");

    public static final ConfigKey<Integer> PROXY_SSL_VERIFY_DEPTH = ConfigKey.single(
            "proxy_ssl_verify_depth", new Scalars.Count(0, 100), "1",
            "How many authorities may stand between the certificate of an https peer and a"
                    + " trusted authority.", HTTP, SERVER, LOCATION, STREAM);

    public static final ConfigKey<List<String>> PROXY_SSL_PROTOCOLS = ConfigKey.single(
            "proxy_ssl_protocols", new TransportTypes.Protocols(), "TLSv1.2 TLSv1.3",
            "The versions of TLS that are offered to https peers.", HTTP, SERVER, LOCATION, STREAM);

    public static final ConfigKey<String> PROXY_SSL_CIPHERS = ConfigKey.single("proxy_ssl_ciphers",
            new TransportTypes.Ciphers(), null, "The cipher suites of TLS 1.2 offered to https"
                    + " peers, OpenSSL's names separated by colons; without it the library's.",
            HTTP, SERVER, LOCATION, STREAM).shows("ECDHE-ECDSA-AES128-GCM-SHA256");

    public static final ConfigKey<String> PROXY_BIND = ConfigKey.single("proxy_bind",
            new TransportTypes.BindAddress(), "off",
            "The local address of connections to peers; off leaves it to the kernel.",
            HTTP, SERVER, LOCATION, STREAM).shows("10.0.0.5");

    public static final ConfigKey<Integer> PROXY_PROTOCOL = ConfigKey.single("proxy_protocol",
            new TransportTypes.ProxyProtocol(), "off",
            "Whether connections to peers begin with a PROXY protocol header that names the"
                    + " client; such connections are not kept.", HTTP, SERVER, LOCATION, STREAM);

    public static final ConfigKey<Boolean> TCP_FASTOPEN = ConfigKey.single("tcp_fastopen",
            Scalars.FLAG, "off", "Whether a request may travel with the first packet of its"
                    + " connection (RFC 7413); the peer must have it on.", UPSTREAM);

    public static final ConfigKey<Integer> PROXY_HTTP_VERSION = ConfigKey.single(
            "proxy_http_version", new TransportTypes.HttpVersion(), "1.1",
            "What is spoken to peers. With 2 they share connections: by ALPN where proxy_pass says"
                    + " https, else from the first byte (RFC 9113 section 3.3).",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Integer> PROXY_HTTP2_MAX_STREAMS = ConfigKey.single(
            "proxy_http2_max_streams", new Scalars.Count(1, 1000), "100",
            "The most requests of one HTTP/2 connection to a peer at once, if the peer does not"
                    + " allow less.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<Long> PROXY_HTTP2_PING = ConfigKey.single("proxy_http2_ping",
            Scalars.Time.orOff(3_600_000), "30s",
            "After how long without a word from a peer with requests under way it is asked by PING"
                    + " whether it lives; it has 10 s to answer. off asks never.",
            HTTP, SERVER, LOCATION);

    static final List<ConfigKey<?>> ALL = List.of(PROXY_SSL_VERIFY, PROXY_SSL_SERVER_NAME,
            PROXY_SSL_NAME, PROXY_SSL_TRUSTED_CERTIFICATE, PROXY_SSL_CERTIFICATE,
            PROXY_SSL_CERTIFICATE_KEY, PROXY_SSL_PASSWORD_FILE, PROXY_SSL_CRL,
            PROXY_SSL_VERIFY_DEPTH, PROXY_SSL_PROTOCOLS, PROXY_SSL_CIPHERS, PROXY_BIND,
            PROXY_PROTOCOL, TCP_FASTOPEN, PROXY_HTTP_VERSION, PROXY_HTTP2_MAX_STREAMS,
            PROXY_HTTP2_PING);

    private TransportKeys() {
    }
}
