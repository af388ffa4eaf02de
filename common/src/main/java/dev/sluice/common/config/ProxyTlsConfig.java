package dev.sluice.common.config;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * How peers of a location are spoken to over TLS. A name of null stands for the peer's own host;
 * ciphers are separated by colons, empty for the library's choice. Paths are absolute; without a
 * client certificate both are null, and those of authorities and of revoked certificates are
 * without verification. Written at boot, then read-only.
 */
public record ProxyTlsConfig(
        boolean verify,
        boolean serverName,
        String name,
        String trustedCertificate,
        String crl,
        int verifyDepth,
        String certificate,
        String certificateKey,
        List<String> protocols,
        String ciphers) {

    public ProxyTlsConfig {
        protocols = List.copyOf(protocols);
    }

    /** The paths of what it needs. */
    public List<String> files() {
        return Stream.of(trustedCertificate, crl, certificate, certificateKey)
                .filter(Objects::nonNull).toList();
    }
}
