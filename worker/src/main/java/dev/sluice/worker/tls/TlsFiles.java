package dev.sluice.worker.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** Certificates and keys of the configuration. Used at boot. */
final class TlsFiles {

    private static final String KEY = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_END = "-----END PRIVATE KEY-----";

    private static byte[] read(String path) {
        try {
            return Files.readAllBytes(Path.of(path));
        } catch (IOException e) {
            throw new IllegalArgumentException("\"" + path + "\" cannot be read: "
                    + e.getClass().getSimpleName(), e);
        }
    }

    /** The certificates of the file in its order. */
    X509Certificate[] certificates(String path) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(read(path)))
                .toArray(X509Certificate[]::new);
    }

    PrivateKey key(String path, String algorithm) throws GeneralSecurityException {
        String text = new String(read(path), StandardCharsets.ISO_8859_1);
        int from = text.indexOf(KEY);
        int to = text.indexOf(KEY_END);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("\"" + path + "\" holds no private key");
        }
        byte[] der = Base64.getMimeDecoder().decode(text.substring(from + KEY.length(), to));
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    }
}
