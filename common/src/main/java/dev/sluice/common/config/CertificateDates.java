package dev.sluice.common.config;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;

/** When the certificates end that servers show to clients. Stateless. */
public final class CertificateDates {

    private CertificateDates() {
    }

    /** @return the end of each file's first certificate, wall time in milliseconds, by path */
    public static Map<String, Long> endsMs(SluiceConfig config, HandedFiles files) {
        Map<String, Long> ends = new LinkedHashMap<>();
        for (ServerTlsConfig tls : config.clientTls()) {
            if (tls != null) {
                for (CertificateConfig one : tls.certificates()) {
                    ends.computeIfAbsent(one.certificate(),
                            path -> endMs(files.content(path)));
                }
            }
        }
        return ends;
    }

    /** Null, which is no entry, for one that cannot be read: its check has told of that. */
    private static Long endMs(byte[] content) {
        try {
            return content == null ? null : ((X509Certificate) PemFiles.certificates(content)
                    .iterator().next()).getNotAfter().getTime();
        } catch (GeneralSecurityException unreadable) {
            return null;
        }
    }
}
