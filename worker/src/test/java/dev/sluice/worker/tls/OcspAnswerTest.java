package dev.sluice.worker.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.identity.CertificateMaker;
import dev.sluice.common.identity.MadeCertificate;
import dev.sluice.common.ocsp.OcspAnswer;
import dev.sluice.common.ocsp.OcspQuestion;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which answers of responders are shown to clients (RFC 6960 section 4.2.2). */
class OcspAnswerTest {

    private static final Instant NOW = Instant.ofEpochMilli(SystemClock.INSTANCE.nowMs())
            .truncatedTo(ChronoUnit.SECONDS);
    private static final Instant BEFORE = NOW.minus(Duration.ofHours(1));
    private static final Instant AFTER = NOW.plus(Duration.ofHours(5));

    private static MadeCertificate authority;
    private static MadeCertificate stranger;
    private static MadeCertificate own;

    @BeforeAll
    static void make() throws Exception {
        authority = authority();
        stranger = authority();
        own = server().signedBy(authority);
    }

    private static MadeCertificate authority() throws Exception {
        return CertificateMaker.ofAuthority("CN=authority", 0, BEFORE, AFTER).selfSigned();
    }

    private static CertificateMaker server() throws Exception {
        return CertificateMaker.ofServer(List.of("a.test"), false, BEFORE, AFTER);
    }

    private static OcspAnswer read(byte[] der, boolean verify) throws OcspAnswer.Unusable {
        return OcspAnswer.of(der, own.certificate(), authority.certificate(), verify,
                NOW.toEpochMilli());
    }

    private static byte[] answer(CertificateStatus status, Instant from, Instant to,
            MadeCertificate signer, MadeCertificate... shown) throws Exception {
        return TestAnswers.of(own.certificate(), authority, status, from, to, signer, shown);
    }

    private static void assertUnusable(String why, byte[] der) {
        OcspAnswer.Unusable e = assertThrows(OcspAnswer.Unusable.class, () -> read(der, true));
        assertTrue(e.getMessage().startsWith(why), e.getMessage());
    }

    @Test
    void shouldTakeWhatTheIssuerHasSigned() throws Exception {
        byte[] der = answer(CertificateStatus.GOOD, BEFORE, AFTER, authority);
        assertEquals(AFTER.toEpochMilli(), read(der, true).endsMs());
        assertArrayEquals(der, read(der, true).der());
        assertEquals(BEFORE.plus(Duration.ofHours(1)).plusSeconds(60).toEpochMilli(), read(answer(
                CertificateStatus.GOOD, BEFORE.plusSeconds(60), null, authority), true).endsMs());
    }

    @Test
    void shouldTakeWhatSomebodySignedWhomTheIssuerNames() throws Exception {
        CertificateMaker maker = server().with(Extension.extendedKeyUsage, false,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_OCSPSigning));
        MadeCertificate named = maker.signedBy(authority);
        read(answer(CertificateStatus.GOOD, BEFORE, AFTER, named, named), true);
        MadeCertificate without = server().signedBy(authority);
        assertUnusable("it is not signed by the issuer",
                answer(CertificateStatus.GOOD, BEFORE, AFTER, without, without));
        MadeCertificate byStranger = maker.signedBy(stranger);
        assertUnusable("it is not signed by the issuer",
                answer(CertificateStatus.GOOD, BEFORE, AFTER, byStranger, byStranger));
    }

    @Test
    void shouldNotTakeWhatIsSignedByOthersUnlessNobodyVerifies() throws Exception {
        byte[] der = answer(CertificateStatus.GOOD, BEFORE, AFTER, stranger);
        assertUnusable("it is not signed by the issuer", der);
        read(der, false);
        byte[] changed = answer(CertificateStatus.GOOD, BEFORE, AFTER, authority);
        changed[changed.length - 1] ^= 1;
        assertUnusable("it ", changed);
    }

    @Test
    void shouldNotTakeWhatSaysSomethingElse() throws Exception {
        assertUnusable("the certificate is revoked since " + BEFORE, answer(
                new RevokedStatus(Date.from(BEFORE), 1), BEFORE, AFTER, authority));
        assertUnusable("the responder does not know the certificate",
                answer(new UnknownStatus(), BEFORE, AFTER, authority));
        assertUnusable("it was good until " + NOW,
                answer(CertificateStatus.GOOD, BEFORE, NOW, authority));
        assertUnusable("it is from the future", answer(CertificateStatus.GOOD,
                NOW.plus(Duration.ofMinutes(6)), AFTER, authority));
        assertUnusable("it is about another certificate", TestAnswers.of(
                server().signedBy(authority).certificate(), authority, CertificateStatus.GOOD,
                BEFORE, AFTER, authority));
        assertUnusable("it is about another certificate", TestAnswers.of(own.certificate(),
                stranger, CertificateStatus.GOOD, BEFORE, AFTER, authority));
        assertUnusable("the responder refuses to answer (status 3)",
                new OCSPRespBuilder().build(OCSPRespBuilder.TRY_LATER, null).getEncoded());
        assertUnusable("it cannot be read", new byte[] {1, 2, 3});
        assertUnusable("it cannot be read", new byte[0]);
    }

    @Test
    void shouldTakeNothingThatIsCut() throws Exception {
        byte[] der = answer(CertificateStatus.GOOD, BEFORE, AFTER, authority);
        for (int end = 0; end < der.length; end++) {
            assertUnusable("", Arrays.copyOf(der, end));
        }
    }

    @Test
    void shouldAskTheResponderThatTheCertificateNames() throws Exception {
        assertNull(OcspQuestion.responder(own.certificate()));
        MadeCertificate named = server().with(Extension.authorityInfoAccess, false,
                new AuthorityInformationAccess(new AccessDescription[] {
                    new AccessDescription(AccessDescription.id_ad_caIssuers, new GeneralName(
                            GeneralName.uniformResourceIdentifier, "http://ca.test/ca.crt")),
                    new AccessDescription(AccessDescription.id_ad_ocsp, new GeneralName(
                            GeneralName.uniformResourceIdentifier, "http://ocsp.test/x"))
                })).signedBy(authority);
        assertEquals("http://ocsp.test/x", OcspQuestion.responder(named.certificate()));
        OCSPReq asked = new OCSPReq(
                OcspQuestion.of(own.certificate(), authority.certificate()));
        assertEquals(own.certificate().getSerialNumber(),
                asked.getRequestList()[0].getCertID().getSerialNumber());
    }

    @Test
    void shouldKnowWhoMustHaveAnAnswer() throws Exception {
        assertFalse(OcspQuestion.mustStaple(own.certificate()));
        assertTrue(OcspQuestion.mustStaple(server().with(
                new ASN1ObjectIdentifier(OcspQuestion.TLS_FEATURE), false,
                new DERSequence(new ASN1Integer(5))).signedBy(authority).certificate()));
        assertFalse(OcspQuestion.mustStaple(server().with(
                new ASN1ObjectIdentifier(OcspQuestion.TLS_FEATURE), false,
                new DERSequence(new ASN1Integer(17))).signedBy(authority).certificate()));
    }
}
