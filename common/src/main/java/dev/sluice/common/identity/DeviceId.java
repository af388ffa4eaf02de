package dev.sluice.common.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The two identifiers that IEEE 2030.5 makes of a device's certificate. Both are the beginning of
 * its fingerprint, the SHA-256 of its DER (IEEE 2030.5-2018 §6.3.2):
 *
 * <pre>
 *  fingerprint, 32 bytes:  | 36 bits        |              |                      |
 *  LFDI, 20 bytes (§6.3.3): -----------------------------
 *  SFDI (§6.3.4):           11 digits, and one that makes the sum of all a multiple of 10
 * </pre>
 *
 * <p>Stateless.
 */
public final class DeviceId {

    /** Bytes of a fingerprint. */
    public static final int FINGERPRINT_BYTES = 32;
    public static final int LFDI_BYTES = 20;
    public static final int SFDI_DIGITS = 12;

    private static final int SFDI_BYTES = 5;

    private DeviceId() {
    }

    /** @param certificate its DER, as it came in the handshake */
    public static byte[] fingerprint(byte[] certificate) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(certificate);
        } catch (NoSuchAlgorithmException impossible) {
            // Every Java has it.
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * The long form: 40 hexadecimal digits in lower case, which is how servers compare it.
     *
     * @param fingerprint of which the first 20 bytes count
     */
    public static String lfdi(byte[] fingerprint) {
        return HexFormat.of().formatHex(fingerprint, 0, LFDI_BYTES);
    }

    /**
     * The short form, for people: 12 decimal digits, of which the first may be 0.
     *
     * @param fingerprint or LFDI, of which the first 36 bits count
     */
    public static String sfdi(byte[] fingerprint) {
        long value = 0;
        for (int i = 0; i < SFDI_BYTES; i++) {
            value = value << 8 | fingerprint[i] & 0xff;
        }
        value >>>= 4;
        byte[] digits = new byte[SFDI_DIGITS];
        int sum = 0;
        for (int i = SFDI_DIGITS - 2; i >= 0; i--) {
            int digit = (int) (value % 10);
            value /= 10;
            sum += digit;
            digits[i] = (byte) ('0' + digit);
        }
        assert value == 0;
        digits[SFDI_DIGITS - 1] = (byte) ('0' + (10 - sum % 10) % 10);
        return new String(digits, StandardCharsets.US_ASCII);
    }
}
