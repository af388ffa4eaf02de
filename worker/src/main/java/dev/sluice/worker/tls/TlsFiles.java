package dev.sluice.worker.tls;

import dev.sluice.common.config.HandedFiles;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CRL;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Collection;

/** Certificates and keys of the configuration, as the master has handed them down. On the loop. */
public record TlsFiles(HandedFiles handed) {

    private static byte[] there(byte[] content, String path) {
        if (content == null) {
            throw new IllegalArgumentException("\"" + path + "\" was not handed down");
        }
        return content;
    }

    /** The certificates of the file in its order. */
    public X509Certificate[] certificates(String path) throws GeneralSecurityException {
        X509Certificate[] all = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(there(handed.content(path), path)))
                .toArray(X509Certificate[]::new);
        if (all.length == 0) {
            throw new IllegalArgumentException("\"" + path + "\" holds no certificate");
        }
        return all;
    }

    /** The lists of revoked certificates of the file. */
    Collection<? extends CRL> revocations(String path) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509").generateCRLs(
                new ByteArrayInputStream(there(handed.revocations(path), path)));
    }

    public PrivateKey key(String path, String algorithm) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm)
                .generatePrivate(new PKCS8EncodedKeySpec(there(handed.key(path), path)));
    }
}
