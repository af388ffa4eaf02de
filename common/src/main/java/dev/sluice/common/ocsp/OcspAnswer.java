package dev.sluice.common.ocsp;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * An answer that says that a certificate is good (RFC 6960 §4.2), as it is shown to clients beside
 * it (RFC 6066 §8).
 *
 * @param der the whole response; lent for reading only
 * @param endsMs when it is not good any more, wall time
 */
public record OcspAnswer(byte[] der, long endsMs) {

    /** What is longer is no answer about one certificate. */
    public static final int BYTES_MAX = 32 * 1024;

    /** Clocks differ. */
    private static final long SKEW_MS = 300_000;
    /** Of an answer that does not say when the next one comes. */
    private static final long LIFE_MS = 3_600_000;
    /** Who signs answers in the name of an authority (RFC 6960 §4.2.2.2). */
    private static final String OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";

    /** Why an answer is of no use. */
    public static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String why) {
            super(why, null, false, false);
        }
    }

    /**
     * @param verify whether its signature must be the issuer's, or of somebody the issuer names
     * @throws Unusable it is not a good one about this certificate, now
     */
    public static OcspAnswer of(byte[] der, X509Certificate certificate, X509Certificate issuer,
            boolean verify, long nowMs) throws Unusable {
        try {
            OCSPResp response = new OCSPResp(der);
            if (response.getStatus() != OCSPResp.SUCCESSFUL
                    || !(response.getResponseObject() instanceof BasicOCSPResp basic)) {
                throw new Unusable("the responder refuses to answer (status "
                        + response.getStatus() + ")");
            }
            if (verify && !isSigned(basic, issuer, nowMs)) {
                throw new Unusable("it is not signed by the issuer");
            }
            for (SingleResp one : basic.getResponses()) {
                if (one.getCertID().getSerialNumber().equals(certificate.getSerialNumber())
                        && one.getCertID().matchesIssuer(
                                new X509CertificateHolder(issuer.getEncoded()),
                                new JcaDigestCalculatorProviderBuilder().build())) {
                    return new OcspAnswer(der, ends(one, nowMs));
                }
            }
            throw new Unusable("it is about another certificate");
        } catch (IOException | OCSPException | OperatorCreationException
                | GeneralSecurityException | RuntimeException e) {
            throw new Unusable("it cannot be read: " + e.getMessage());
        }
    }

    private static long ends(SingleResp one, long nowMs) throws Unusable {
        if (one.getCertStatus() instanceof RevokedStatus revoked) {
            throw new Unusable("the certificate is revoked since "
                    + revoked.getRevocationTime().toInstant());
        }
        if (one.getCertStatus() != CertificateStatus.GOOD) {
            throw new Unusable("the responder does not know the certificate");
        }
        if (one.getThisUpdate().getTime() > nowMs + SKEW_MS) {
            throw new Unusable("it is from the future: " + one.getThisUpdate().toInstant());
        }
        long endsMs = one.getNextUpdate() == null ? one.getThisUpdate().getTime() + LIFE_MS
                : one.getNextUpdate().getTime();
        if (endsMs <= nowMs) {
            throw new Unusable("it was good until " + Instant.ofEpochMilli(endsMs));
        }
        return endsMs;
    }

    private static boolean isSigned(BasicOCSPResp basic, X509Certificate issuer, long nowMs)
            throws OperatorCreationException, OCSPException, GeneralSecurityException {
        if (isSignedBy(basic, issuer.getPublicKey())) {
            return true;
        }
        for (X509CertificateHolder holder : basic.getCerts()) {
            X509Certificate named = new JcaX509CertificateConverter().getCertificate(holder);
            List<String> uses = named.getExtendedKeyUsage();
            if (uses != null && uses.contains(OCSP_SIGNING)
                    && named.getNotBefore().getTime() <= nowMs
                    && named.getNotAfter().getTime() > nowMs
                    && named.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
                    && isSignedBy(named, issuer.getPublicKey())
                    && isSignedBy(basic, named.getPublicKey())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSignedBy(BasicOCSPResp basic, PublicKey key)
            throws OperatorCreationException {
        try {
            return basic.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key));
        } catch (OCSPException otherKindOfKey) {
            return false;
        }
    }

    private static boolean isSignedBy(X509Certificate named, PublicKey key) {
        try {
            named.verify(key);
            return true;
        } catch (GeneralSecurityException other) {
            return false;
        }
    }
}
