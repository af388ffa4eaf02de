package dev.sluice.worker.tls;

import dev.sluice.common.identity.MadeCertificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.jcajce.JcaBasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.jcajce.JcaCertificateID;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** What the responder of an authority says (RFC 6960 section 4.2). */
public final class TestAnswers {

    private TestAnswers() {
    }

    /** @param to null for one that does not say when the next one comes */
    public static byte[] of(X509Certificate about, MadeCertificate issuer, CertificateStatus status,
            Instant from, Instant to, MadeCertificate signer, MadeCertificate... shown)
            throws Exception {
        DigestCalculator sha1 = new JcaDigestCalculatorProviderBuilder().build()
                .get(CertificateID.HASH_SHA1);
        BasicOCSPRespBuilder builder = new JcaBasicOCSPRespBuilder(
                signer.certificate().getPublicKey(), sha1);
        builder.addResponse(new JcaCertificateID(sha1, issuer.certificate(),
                about.getSerialNumber()), status, Date.from(from),
                to == null ? null : Date.from(to));
        X509CertificateHolder[] beside = new X509CertificateHolder[shown.length];
        for (int i = 0; i < shown.length; i++) {
            beside[i] = new JcaX509CertificateHolder(shown[i].certificate());
        }
        return new OCSPRespBuilder().build(OCSPRespBuilder.SUCCESSFUL, builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(signer.key()), beside,
                Date.from(from))).getEncoded();
    }
}
