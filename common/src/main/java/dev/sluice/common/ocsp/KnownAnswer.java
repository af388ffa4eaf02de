package dev.sluice.common.ocsp;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Arrays;

/**
 * An answer of an authority as one worker has found it to be good, on its way to the others, who
 * need not read and verify it again:
 *
 * <pre>
 *   | 0 | long endsMs | 32 bytes SHA-256 of the certificate | response in DER |    big-endian
 * </pre>
 *
 * <p>A response by itself begins with 0x30, so both can stand in one place.
 *
 * @param der the whole response; lent for reading only
 * @param endsMs when it is not good any more, wall time
 * @param about SHA-256 of the certificate in DER; lent for reading only
 */
public record KnownAnswer(byte[] der, long endsMs, byte[] about) {

    private static final int DIGEST_BYTES = 32;
    /** What stands before the response. */
    public static final int HEAD_BYTES = 1 + Long.BYTES + DIGEST_BYTES;

    public static KnownAnswer of(byte[] der, long endsMs, X509Certificate certificate) {
        return new KnownAnswer(der, endsMs, digest(certificate));
    }

    /** @return null when that is not what {@link #packed} makes */
    public static KnownAnswer of(byte[] packed) {
        if (packed.length <= HEAD_BYTES || packed[0] != 0) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(packed, 1, packed.length - 1);
        long endsMs = in.getLong();
        byte[] about = new byte[DIGEST_BYTES];
        in.get(about);
        return new KnownAnswer(Arrays.copyOfRange(packed, HEAD_BYTES, packed.length), endsMs,
                about);
    }

    public byte[] packed() {
        return ByteBuffer.allocate(HEAD_BYTES + der.length).put((byte) 0).putLong(endsMs)
                .put(about).put(der).array();
    }

    public boolean isAbout(X509Certificate certificate) {
        return Arrays.equals(about, digest(certificate));
    }

    private static byte[] digest(X509Certificate certificate) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        } catch (GeneralSecurityException impossible) {
            // Every Java has it, and what was parsed has its bytes.
            throw new IllegalStateException(impossible);
        }
    }
}
