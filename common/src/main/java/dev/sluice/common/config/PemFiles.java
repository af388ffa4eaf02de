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
import java.security.cert.CRL;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Looks at certificates and keys in PEM (RFC 7468) before a worker needs them. Each answer is null
 * for a good file, else what is wrong with it. Secrets never appear in one. Any thread.
 */
final class PemFiles {

    private static final String CERTIFICATE = "-----BEGIN CERTIFICATE-----";
    private static final String CERTIFICATE_END = "-----END CERTIFICATE-----";
    private static final String REVOCATIONS = "-----BEGIN X509 CRL-----";
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
                .generateCertificates(new ByteArrayInputStream(onlyCertificates(content)));
    }

    /** What stands beside certificates, such as their key, is left out. */
    static byte[] onlyCertificates(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        StringBuilder only = new StringBuilder();
        for (int at = text.indexOf(CERTIFICATE); at >= 0; at = text.indexOf(CERTIFICATE, at)) {
            int end = text.indexOf(CERTIFICATE_END, at);
            end = end < 0 ? text.length() : end + CERTIFICATE_END.length();
            only.append(text, at, end).append('\n');
            at = end;
        }
        return only.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Lists of revoked certificates (RFC 5280 §5). */
    static String wrongRevocations(String path) {
        try {
            byte[] content = Files.readAllBytes(Path.of(path));
            if (!new String(content, StandardCharsets.ISO_8859_1).contains(REVOCATIONS)) {
                return "\"" + path + "\" holds no list of revoked certificates in PEM";
            }
            CertificateFactory.getInstance("X.509")
                    .generateCRLs(new ByteArrayInputStream(content));
            return null;
        } catch (IOException e) {
            return unreadable(path, e);
        } catch (GeneralSecurityException e) {
            return "\"" + path + "\" holds a list that cannot be read: " + e.getMessage();
        }
    }

    /** From which lists no certificate of their authorities is accepted any more. */
    static List<String> staleRevocations(String path, long nowMs)
            throws IOException, GeneralSecurityException {
        List<String> stale = new ArrayList<>();
        for (CRL one : CertificateFactory.getInstance("X.509").generateCRLs(
                new ByteArrayInputStream(Files.readAllBytes(Path.of(path))))) {
            X509CRL list = (X509CRL) one;
            if (list.getNextUpdate() != null && list.getNextUpdate().getTime() < nowMs) {
                stale.add("\"" + path + "\": the list of \"" + list.getIssuerX500Principal()
                        + "\" was good until " + list.getNextUpdate().toInstant()
                        + ": no certificate of this authority is accepted");
            }
        }
        return stale;
    }

    /** Whether a key, as PKCS #8, is that of the first certificate. */
    static boolean belongs(byte[] key, byte[] certificates) throws GeneralSecurityException {
        return belong(key, certificates(certificates).iterator().next().getPublicKey());
    }

    /**
     * What an operator should look at although it works, or will for a while.
     *
     * @param content of the file
     */
    static List<String> doubts(String path, byte[] content, long nowMs)
            throws GeneralSecurityException {
        List<String> doubts = new ArrayList<>();
        X509Certificate before = null;
        for (Certificate one : certificates(content)) {
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
