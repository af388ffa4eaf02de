package dev.sluice.worker.exchange;

import dev.sluice.common.identity.DeviceId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.security.auth.x500.X500Principal;

/**
 * The certificate that a client has shown and proved to own, and what was found of it. What a text
 * is made of once is kept for all requests of the connection.
 *
 * <p>Owner: event loop.
 */
public final class ClientCertificate {

    /** {@link #verdict} of one that is good. */
    public static final String SUCCESS = "SUCCESS";
    private static final String UNRESERVED = "-._~";
    private static final Map<String, String> KEYWORDS = Map.of(
            "1.2.840.113549.1.9.1", "emailAddress", "2.5.4.5", "serialNumber",
            "2.5.4.4", "SN", "2.5.4.42", "GN", "2.5.4.12", "title");
    /** As OpenSSL prints times: {@code Nov  6 08:00:00 2026 GMT}. */
    private static final DateTimeFormatter TIME = DateTimeFormatter
            .ofPattern("MMM ppd HH:mm:ss yyyy 'GMT'", Locale.ROOT).withZone(ZoneOffset.UTC);
    /** Kinds of names (RFC 5280 §4.2.1.6). */
    private static final int DNS = 2;
    private static final int URI = 6;
    private static final long DAY_MS = 86_400_000;

    private final X509Certificate[] chain;
    private final byte[][] ders;
    private final String verdict;
    private final byte[] fingerprint;
    private String subject;
    private String issuer;
    private String serial;
    private String sha1;
    private String pem;
    private String escapedPem;
    private String ownBytes;
    private String chainBytes;
    private String xfcc;
    private String sha256;
    private String lfdi;
    private String sfdi;

    /**
     * @param chain the client's own first, then what it has sent with it
     * @param ders the same in DER
     * @param verdict {@link #SUCCESS}, or {@code FAILED:} and why
     */
    public ClientCertificate(X509Certificate[] chain, byte[][] ders, String verdict) {
        this.chain = chain;
        this.ders = ders;
        this.verdict = verdict;
        this.fingerprint = DeviceId.fingerprint(ders[0]);
    }

    public X509Certificate certificate() {
        return chain[0];
    }

    public String verdict() {
        return verdict;
    }

    /** Certificates that the client has sent, its own included. */
    public int chainLength() {
        return ders.length;
    }

    /** DER of a certificate of the chain, 0 for the client's own; lent for reading only. */
    public byte[] der(int index) {
        return ders[index];
    }

    /** SHA-256 of the DER; lent for reading only. */
    public byte[] fingerprint() {
        return fingerprint;
    }

    /** In the form of RFC 2253, as OpenSSL writes it. */
    public String subject() {
        if (subject == null) {
            subject = name(chain[0].getSubjectX500Principal());
        }
        return subject;
    }

    public String issuer() {
        if (issuer == null) {
            issuer = name(chain[0].getIssuerX500Principal());
        }
        return issuer;
    }

    private static String name(X500Principal principal) {
        String text = principal.getName(X500Principal.RFC2253, KEYWORDS);
        StringBuilder safe = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b < 127) {
                safe.append((char) b);
            } else {
                safe.append('\\').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return safe.toString();
    }

    /** In hexadecimal digits, upper case, an even number of them. */
    public String serial() {
        if (serial == null) {
            String digits = chain[0].getSerialNumber().abs().toString(16);
            serial = (chain[0].getSerialNumber().signum() < 0 ? "-" : "")
                    + (digits.length() % 2 == 0 ? digits : "0" + digits)
                            .toUpperCase(Locale.ROOT);
        }
        return serial;
    }

    /** SHA-1 of the DER in hexadecimal digits, as nginx has it. */
    public String sha1() {
        if (sha1 == null) {
            try {
                sha1 = HexFormat.of().formatHex(
                        MessageDigest.getInstance("SHA-1").digest(ders[0]));
            } catch (GeneralSecurityException impossible) {
                // Every Java has it.
                throw new IllegalStateException(impossible);
            }
        }
        return sha1;
    }

    public String validFrom() {
        return TIME.format(chain[0].getNotBefore().toInstant());
    }

    public String validTo() {
        return TIME.format(chain[0].getNotAfter().toInstant());
    }

    /** Whole days until it expires; 0 when it has. */
    public long daysLeft(long nowMs) {
        Date end = chain[0].getNotAfter();
        return Math.max(0, end.getTime() - Instant.ofEpochMilli(nowMs).toEpochMilli()) / DAY_MS;
    }

    /** In PEM (RFC 7468 §5), each line with its LF. */
    public String pem() {
        if (pem == null) {
            pem = "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(ders[0])
                    + "\n-----END CERTIFICATE-----\n";
        }
        return pem;
    }

    /** The PEM with all but unreserved characters percent-encoded (RFC 3986 §2.3). */
    public String escapedPem() {
        if (escapedPem == null) {
            StringBuilder text = new StringBuilder();
            for (char c : pem().toCharArray()) {
                if (c < 128 && Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0) {
                    text.append(c);
                } else {
                    text.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
                }
            }
            escapedPem = text.toString();
        }
        return escapedPem;
    }

    /** For Client-Cert (RFC 9440 §2.2): the DER as a byte sequence of RFC 8941. */
    public String ownBytes() {
        if (ownBytes == null) {
            ownBytes = byteSequence(ders[0]);
        }
        return ownBytes;
    }

    /** For Client-Cert-Chain (RFC 9440 §2.3): what came with it, as it came. */
    public String chainBytes() {
        if (chainBytes == null) {
            StringBuilder text = new StringBuilder();
            for (int i = 1; i < ders.length; i++) {
                text.append(i == 1 ? "" : ", ").append(byteSequence(ders[i]));
            }
            chainBytes = text.toString();
        }
        return chainBytes;
    }

    private static String byteSequence(byte[] der) {
        return ":" + Base64.getEncoder().encodeToString(der) + ":";
    }

    /**
     * For Envoy's X-Forwarded-Client-Cert. Names are there only when the certificate is good:
     * anybody can write them into one of his own.
     */
    public String xfcc() {
        if (xfcc == null) {
            StringBuilder text = new StringBuilder("Hash=").append(sha256()).append(";Cert=\"")
                    .append(escapedPem()).append('"');
            if (verdict.equals(SUCCESS)) {
                text.append(";Subject=\"").append(quoted(subject())).append('"');
                appendNames(text);
            }
            xfcc = text.toString();
        }
        return xfcc;
    }

    private void appendNames(StringBuilder text) {
        Collection<List<?>> names;
        try {
            names = chain[0].getSubjectAlternativeNames();
        } catch (CertificateParsingException unreadable) {
            return;
        }
        if (names == null) {
            return;
        }
        for (List<?> name : names) {
            int kind = (Integer) name.get(0);
            if (kind == URI || kind == DNS) {
                text.append(kind == URI ? ";URI=\"" : ";DNS=\"")
                        .append(quoted((String) name.get(1))).append('"');
            }
        }
    }

    /** Inside of a quoted string; what is not printed in ASCII is percent-encoded. */
    private static String quoted(String text) {
        StringBuilder safe = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b < ' ' || b == 127) {
                safe.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            } else {
                safe.append(b == '"' || b == '\\' ? "\\" : "").append((char) b);
            }
        }
        return safe.toString();
    }

    /** SHA-256 of the DER in hexadecimal digits, lower case. */
    public String sha256() {
        if (sha256 == null) {
            sha256 = HexFormat.of().formatHex(fingerprint);
        }
        return sha256;
    }

    /** 40 hexadecimal digits in lower case (IEEE 2030.5-2018 §6.3.3). */
    public String lfdi() {
        if (lfdi == null) {
            lfdi = DeviceId.lfdi(fingerprint);
        }
        return lfdi;
    }

    /** 12 decimal digits (IEEE 2030.5-2018 §6.3.4). */
    public String sfdi() {
        if (sfdi == null) {
            sfdi = DeviceId.sfdi(fingerprint);
        }
        return sfdi;
    }
}
