package dev.sluice.worker.tls;

import dev.sluice.common.config.HandedFiles;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;

/** Certificates and keys of the configuration, as the master has handed them down. Boot only. */
public record TlsFiles(HandedFiles handed) {

    private byte[] read(String path) {
        byte[] content = handed.content(path);
        if (content == null) {
            throw new IllegalArgumentException("\"" + path + "\" was not handed down");
        }
        return content;
    }

    /** The certificates of the file in its order. */
    public X509Certificate[] certificates(String path) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(read(path)))
                .toArray(X509Certificate[]::new);
    }

    public PrivateKey key(String path, String algorithm) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm)
                .generatePrivate(new PKCS8EncodedKeySpec(read(path)));
    }
}
