package dev.sluice.master.certificate;

import dev.sluice.common.identity.CertificateNames;
import dev.sluice.common.identity.DeviceId;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.HexFormat;
import java.util.List;

/** A certificate in words. Stateless. */
final class CertificateText {

    private CertificateText() {
    }

    /** Lines that end with a line feed each. */
    static String of(X509Certificate certificate) throws CertificateEncodingException {
        byte[] fingerprint = DeviceId.fingerprint(certificate.getEncoded());
        StringBuilder text = new StringBuilder();
        line(text, "subject", orNone(certificate.getSubjectX500Principal().getName()));
        line(text, "issuer", orNone(certificate.getIssuerX500Principal().getName()));
        line(text, "serial", certificate.getSerialNumber().toString(16));
        line(text, "valid", certificate.getNotBefore().toInstant() + " to "
                + certificate.getNotAfter().toInstant());
        line(text, "key", key(certificate.getPublicKey()));
        line(text, "signature", certificate.getSigAlgName());
        line(text, "names", names(certificate));
        line(text, "sha256", HexFormat.of().formatHex(fingerprint));
        line(text, "lfdi", DeviceId.lfdi(fingerprint));
        line(text, "sfdi", DeviceId.sfdi(fingerprint));
        return text.toString();
    }

    private static void line(StringBuilder text, String what, String value) {
        text.append("  ").append(what).append(" ".repeat(10 - what.length()));
        // What others wrote must not move the cursor of a terminal.
        value.chars().forEach(c -> text.append(c < ' ' || c == 0x7f ? '?' : (char) c));
        text.append('\n');
    }

    private static String orNone(String value) {
        return value.isEmpty() ? "(none)" : value;
    }

    private static String names(X509Certificate certificate) {
        try {
            List<String> names = CertificateNames.alternative(certificate);
            return orNone(String.join(", ", names));
        } catch (RuntimeException malformed) {
            return "cannot be read";
        }
    }

    private static String key(PublicKey key) {
        return switch (key) {
            case ECPublicKey ec -> "EC, " + ec.getParams();
            case RSAPublicKey rsa -> "RSA, " + rsa.getModulus().bitLength() + " bits";
            default -> key.getAlgorithm();
        };
    }
}
