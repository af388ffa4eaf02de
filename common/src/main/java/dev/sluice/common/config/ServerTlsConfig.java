package dev.sluice.common.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * How a server speaks TLS to its clients, where it listens with {@code ssl}. Ciphers are separated
 * by colons; groups are the library's names. Without certificates every handshake is refused.
 * Clients are asked for no certificate where {@code clients} is null, and get no answers about
 * those of the server where {@code stapling} is. What is spoken inside is HTTP, and ALPN says so,
 * where {@code http} is true.
 * Written at boot, then read-only.
 */
public record ServerTlsConfig(
        List<CertificateConfig> certificates,
        boolean rejectHandshake,
        List<String> protocols,
        String ciphers,
        List<String> groups,
        boolean preferServerCiphers,
        TicketConfig tickets,
        TlsProfile profile,
        ClientAuthConfig clients,
        boolean http,
        boolean http2,
        StaplingConfig stapling,
        TlsLimits limits) {

    public ServerTlsConfig {
        certificates = List.copyOf(certificates);
        protocols = List.copyOf(protocols);
        groups = List.copyOf(groups);
    }

    /** The paths of what it needs, without the keys of tickets. */
    public List<String> files() {
        List<String> all = new ArrayList<>();
        for (CertificateConfig one : certificates) {
            all.add(one.certificate());
            all.add(one.key());
        }
        if (clients != null) {
            Stream.of(clients.authorities(), clients.trusted(), clients.crl())
                    .filter(Objects::nonNull).forEach(all::add);
        }
        return all;
    }
}
