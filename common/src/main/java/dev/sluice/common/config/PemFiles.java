package dev.sluice.common.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;

/**
 * Looks at certificates and keys in PEM (RFC 7468) before a worker needs them. Each answer is null
 * for a good file, else what is wrong with it. Secrets never appear in one. Any thread.
 */
final class PemFiles {

    private static final String CERTIFICATE = "-----BEGIN CERTIFICATE-----";
    private static final String KEY = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_END = "-----END PRIVATE KEY-----";
    /** What is signed to see whether two halves of a key belong together. */
    private static final byte[] SAMPLE = "sluice".getBytes(StandardCharsets.US_ASCII);

    private static final long EXPIRY_WARNING_MS = 14 * 86_400_000L;

    private PemFiles() {
    }

    static String wrongCertificates(String path) {
        try {
            byte[] content = Files.readAllBytes(Path.of(path));
            if (!new String(content, StandardCharsets.ISO_8859_1).contains(CERTIFICATE)) {
                return "\"" + path + "\" holds no certificate in PEM";
            }
            certificates(content);
            return null;
        } catch (IOException e) {
            return unreadable(path, e);
        } catch (GeneralSecurityException e) {
            return "\"" + path + "\" holds a certificate that cannot be read: " + e.getMessage();
        }
    }

    static Collection<? extends Certificate> certificates(byte[] content)
            throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(content));
    }

    /** The key must be that of the first certificate of the other file. */
    static String wrongKey(String path, String certificatePath) {
        try {
            String text = Files.readString(Path.of(path), StandardCharsets.ISO_8859_1);
            int from = text.indexOf(KEY);
            int to = text.indexOf(KEY_END);
            if (from < 0 || to < from) {
                return "\"" + path + "\" holds no private key of PKCS #8 in the open"
                        + " (openssl pkcs8 -topk8 -nodes makes one)";
            }
            byte[] der = Base64.getMimeDecoder().decode(text.substring(from + KEY.length(), to));
            PublicKey other = certificates(Files.readAllBytes(Path.of(certificatePath)))
                    .iterator().next().getPublicKey();
            return belong(der, other) ? null
                    : "\"" + path + "\" is not the key of \"" + certificatePath + "\"";
        } catch (IOException e) {
            return unreadable(path, e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return "\"" + path + "\" holds a key that cannot be read";
        }
    }

    /** Whether a key, as PKCS #8, is that of the first certificate of the file. */
    static boolean belongs(byte[] key, String certificatePath)
            throws IOException, GeneralSecurityException {
        return belong(key, certificates(Files.readAllBytes(Path.of(certificatePath)))
                .iterator().next().getPublicKey());
    }

    /** What an operator should look at although it works, or will for a while. */
    static List<String> doubts(String path, long nowMs)
            throws IOException, GeneralSecurityException {
        List<String> doubts = new ArrayList<>();
        X509Certificate before = null;
        for (Certificate one : certificates(Files.readAllBytes(Path.of(path)))) {
            X509Certificate at = (X509Certificate) one;
            if (before != null
                    && !before.getIssuerX500Principal().equals(at.getSubjectX500Principal())) {
                doubts.add("\"" + path + "\" is no chain: \"" + at.getSubjectX500Principal()
                        + "\" has not signed what stands before it");
            }
            before = at;
            long leftMs = at.getNotAfter().getTime() - nowMs;
            if (leftMs < EXPIRY_WARNING_MS) {
                doubts.add("\"" + path + "\": the certificate of \""
                        + at.getSubjectX500Principal() + "\" " + (leftMs < 0 ? "has expired on "
                        : "expires on ") + at.getNotAfter().toInstant());
            }
        }
        return doubts;
    }

    private static boolean belong(byte[] der, PublicKey other) throws GeneralSecurityException {
        String algorithm = other.getAlgorithm();
        PrivateKey key;
        try {
            key = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException otherKind) {
            return false;
        }
        Signature signature = Signature.getInstance(switch (algorithm) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> algorithm;
        });
        signature.initSign(key);
        signature.update(SAMPLE);
        byte[] signed = signature.sign();
        signature.initVerify(other);
        signature.update(SAMPLE);
        return signature.verify(signed);
    }

    static String unreadable(String path, IOException e) {
        return "\"" + path + "\" " + (e instanceof NoSuchFileException ? "does not exist"
                : "cannot be read: " + e.getClass().getSimpleName());
    }
}
