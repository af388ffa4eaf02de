package dev.sluice.common.config;

import java.security.GeneralSecurityException;
import java.security.interfaces.ECPublicKey;
import java.util.List;

/** What {@code tls_profile} asks of a server's other keys. Owner: the loading thread. */
final class TlsProfileCheck {

    /** Bits of the field of P-256, the only curve of that size that certificates are made with. */
    private static final int P256_BITS = 256;

    private final Problems problems;
    private final HandedFiles files;

    /** @param files gets the content of what workers need */
    TlsProfileCheck(Problems problems, HandedFiles files) {
        this.problems = problems;
        this.files = files;
    }

    /** The profile decides about them, so they are not given beside it. */
    void check(Scope server, TlsProfile profile, List<CertificateConfig> certificates) {
        if (profile == TlsProfile.DEFAULT) {
            return;
        }
        for (ConfigKey<?> key : List.of(TlsKeys.SSL_PROTOCOLS, TlsKeys.SSL_CIPHERS,
                TlsKeys.SSL_ECDH_CURVE, TlsKeys.SSL_PREFER_SERVER_CIPHERS,
                TlsKeys.SSL_VERIFY_CLIENT, TlsKeys.SSL_VERIFY_DEPTH,
                TlsKeys.SSL_TRUSTED_CERTIFICATE, TlsKeys.SSL_CRL,
                StaplingKeys.SSL_STAPLING)) {
            for (Setting<?> setting : server.own(key)) {
                problems.error(setting.value().at(), "\"" + key.name() + "\" stands beside"
                        + " \"tls_profile\", which decides about it", "leave one of them out");
            }
        }
        if (server.given(TlsKeys.SSL_CLIENT_CERTIFICATE) == null) {
            problems.error(server.at, server.title() + " has a tls_profile and no authorities for"
                    + " its clients", "set ssl_client_certificate to the root of their certificates"
                    + " (SERCA)");
        }
        if (certificates.size() > 1) {
            problems.error(server.at, server.title() + " has " + certificates.size()
                    + " certificates, and its tls_profile takes one");
        }
        Scope holder = server.nearest(TlsKeys.SSL_CERTIFICATE);
        if (holder != null && certificates.size() == 1
                && !isOnP256(certificates.getFirst().certificate())) {
            Setting<String> setting = holder.own(TlsKeys.SSL_CERTIFICATE).getFirst();
            problems.error(setting.value().at(), "\"ssl_certificate\": the key of \""
                    + setting.parsed() + "\" is not on the curve P-256, as tls_profile asks");
        }
    }

    private boolean isOnP256(String path) {
        byte[] content = files.content(path);
        try {
            return content == null || PemFiles.certificates(content).iterator().next()
                    .getPublicKey() instanceof ECPublicKey key
                    && key.getParams().getCurve().getField().getFieldSize() == P256_BITS;
        } catch (GeneralSecurityException unreadable) {
            // Said already, of the file.
            return true;
        }
    }
}
