package dev.sluice.worker.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.ClientAuthConfig;
import dev.sluice.common.config.ClientAuthConfig.Mode;
import dev.sluice.common.config.HandedFiles;
import dev.sluice.common.identity.CertificateMaker;
import dev.sluice.common.identity.MadeCertificate;
import dev.sluice.worker.exchange.ClientCertificate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is said of certificates that clients show. */
class ClientVerifierTest {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final Instant FROM = NOW.minus(Duration.ofDays(10));
    private static final Instant TO = NOW.plus(Duration.ofDays(10));
    private static final String NO_ISSUER = "FAILED:unable to get local issuer certificate";

    private static MadeCertificate root;
    private static MadeCertificate issuer;
    private static MadeCertificate good;
    private static MadeCertificate stranger;

    @BeforeAll
    static void make() throws Exception {
        root = authority("CN=root").selfSigned();
        issuer = authority("CN=issuer,O=caf\u00e9").signedBy(root);
        good = client("CN=good,O=Acme \\, Inc").signedBy(issuer);
        stranger = client("CN=stranger").signedBy(authority("CN=elsewhere").selfSigned());
    }

    private static CertificateMaker authority(String name) throws Exception {
        return CertificateMaker.ofAuthority(name, 3, FROM, TO);
    }

    private static CertificateMaker client(String name) {
        return new CertificateMaker(name, FROM, TO);
    }

    private static ClientVerifier verifier(Mode mode, int depth, String crl,
            MadeCertificate... trusted) throws Exception {
        StringBuilder pem = new StringBuilder();
        for (MadeCertificate one : trusted) {
            pem.append(one.pem());
        }
        HandedFiles files = new HandedFiles().with("ca", pem.toString().getBytes(
                StandardCharsets.US_ASCII));
        if (crl != null) {
            files = files.with("revoked in crl", crl.getBytes(StandardCharsets.US_ASCII));
        }
        return new ClientVerifier(new ClientAuthConfig(mode, "ca", null,
                crl == null ? null : "crl", depth), new TlsFiles(files));
    }

    private static ClientCertificate judge(ClientVerifier verifier, MadeCertificate... shown)
            throws Exception {
        byte[][] ders = new byte[shown.length][];
        for (int i = 0; i < ders.length; i++) {
            ders[i] = shown[i].certificate().getEncoded();
        }
        return verifier.judge(ders, NOW.toEpochMilli());
    }

    private static String verdict(ClientVerifier verifier, MadeCertificate... shown)
            throws Exception {
        return judge(verifier, shown).verdict();
    }

    @Test
    void shouldTakeAChainToAnAuthorityInAnyOrder() throws Exception {
        ClientVerifier verifier = verifier(Mode.ON, 1, null, root);
        MadeCertificate other = authority("CN=other").signedBy(root);
        assertEquals("SUCCESS", verdict(verifier, good, issuer));
        assertEquals("SUCCESS", verdict(verifier, good, other, root, issuer));
        assertEquals(NO_ISSUER, verdict(verifier, good));
        assertEquals("SUCCESS", verdict(verifier(Mode.ON, 0, null, issuer), good),
                "an authority that is no root is trusted, too");
        assertEquals("SUCCESS", verdict(verifier(Mode.ON, 0, null, good), good),
                "and so is a certificate by itself");
    }

    @Test
    void shouldCountTheAuthoritiesBetween() throws Exception {
        assertEquals("FAILED:certificate chain too long",
                verdict(verifier(Mode.ON, 0, null, root), good, issuer));
        MadeCertificate lower = authority("CN=lower").signedBy(issuer);
        MadeCertificate leaf = client("CN=leaf").signedBy(lower);
        assertEquals("SUCCESS", verdict(verifier(Mode.ON, 2, null, root), leaf, lower, issuer));
        assertEquals("FAILED:certificate chain too long",
                verdict(verifier(Mode.ON, 1, null, root), leaf, lower, issuer));
    }

    @Test
    void shouldSayWhatIsWrong() throws Exception {
        ClientVerifier verifier = verifier(Mode.ON, 1, null, root);
        MadeCertificate old = new CertificateMaker("CN=old", FROM, NOW.minusSeconds(1))
                .signedBy(root);
        MadeCertificate early = new CertificateMaker("CN=early", NOW.plusSeconds(1), TO)
                .signedBy(root);
        MadeCertificate forServers = client("CN=server").with(Extension.extendedKeyUsage, false,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth)).signedBy(root);
        MadeCertificate byAClient = client("CN=below").signedBy(good);
        MadeCertificate falseRoot = authority("CN=root").selfSigned();
        MadeCertificate forged = client("CN=forged").signedBy(falseRoot);
        MadeCertificate oldIssuer = CertificateMaker.ofAuthority("CN=old issuer", 3, FROM,
                NOW.minusSeconds(1)).signedBy(root);
        assertEquals("FAILED:certificate has expired", verdict(verifier, old));
        assertEquals("FAILED:certificate is not yet valid", verdict(verifier, early));
        assertEquals("FAILED:unsuitable certificate purpose", verdict(verifier, forServers));
        assertEquals("FAILED:certificate signature failure", verdict(verifier, forged));
        assertEquals("FAILED:certificate has expired",
                verdict(verifier, client("CN=x").signedBy(oldIssuer), oldIssuer));
        assertEquals("FAILED:self-signed certificate",
                verdict(verifier, client("CN=own").selfSigned()));
        assertEquals("FAILED:self-signed certificate in certificate chain", verdict(verifier,
                client("CN=y").signedBy(issuerOf("CN=theirs")), lastIssuer));
        assertEquals("FAILED:invalid CA certificate",
                verdict(verifier(Mode.ON, 2, null, root), byAClient, good, issuer));
    }

    private static MadeCertificate lastIssuer;

    private static MadeCertificate issuerOf(String name) throws Exception {
        lastIssuer = authority(name).selfSigned();
        return lastIssuer;
    }

    @Test
    void shouldRefuseWhatIsRevokedAndWhatNobodyAnswersFor() throws Exception {
        String none = list(root, TO);
        assertEquals("SUCCESS",
                verdict(verifier(Mode.ON, 1, none + list(issuer, TO), root), good, issuer));
        assertEquals("FAILED:certificate revoked", verdict(
                verifier(Mode.ON, 1, none + list(issuer, TO, good), root), good, issuer));
        assertEquals("FAILED:certificate revoked", verdict(
                verifier(Mode.ON, 1, list(root, TO, issuer) + list(issuer, TO), root), good,
                issuer));
        assertEquals("FAILED:unable to get certificate CRL",
                verdict(verifier(Mode.ON, 1, none, root), good, issuer));
        assertEquals("FAILED:CRL has expired", verdict(verifier(Mode.ON, 1,
                none + list(issuer, NOW.minusSeconds(1)), root), good, issuer));
    }

    private static String list(MadeCertificate by, Instant next, MadeCertificate... revoked)
            throws Exception {
        var builder = new JcaX509v2CRLBuilder(by.certificate(), Date.from(FROM));
        builder.setNextUpdate(Date.from(next));
        for (MadeCertificate one : revoked) {
            builder.addCRLEntry(one.certificate().getSerialNumber(), Date.from(FROM),
                    CRLReason.keyCompromise);
        }
        var text = new java.io.StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject("X509 CRL", builder.build(
                    new JcaContentSignerBuilder("SHA256withECDSA").build(by.key()))
                    .getEncoded()));
        }
        return text.toString();
    }

    @Test
    void shouldAnswerByTheModeOfTheServer() throws Exception {
        MadeCertificate old = new CertificateMaker("CN=old", FROM, NOW.minusSeconds(1))
                .selfSigned();
        List<int[]> expected = List.of(
                // nothing, a good one, of a stranger, expired
                new int[] {496, 0, 495, 495},
                new int[] {0, 0, 495, 495},
                new int[] {0, 0, 0, 495});
        Mode[] modes = {Mode.ON, Mode.OPTIONAL, Mode.OPTIONAL_NO_CA};
        for (int i = 0; i < modes.length; i++) {
            ClientVerifier verifier = verifier(modes[i], 1, null, root);
            assertEquals(expected.get(i)[0], verifier.refusal(null, false));
            assertEquals(expected.get(i)[1],
                    verifier.refusal(judge(verifier, good, issuer), true));
            assertEquals(expected.get(i)[2], verifier.refusal(judge(verifier, stranger), true));
            assertEquals(expected.get(i)[3], verifier.refusal(judge(verifier, old), true));
            assertNull(verifier.judge(new byte[][] {{1, 2, 3}}, NOW.toEpochMilli()));
            assertEquals(495, verifier.refusal(null, true));
        }
    }

    @Test
    void shouldForgetWhatItKnewWhenACertificateExpires() throws Exception {
        ClientVerifier verifier = verifier(Mode.ON, 1, null, root);
        MadeCertificate brief = new CertificateMaker("CN=brief", FROM, NOW.plusSeconds(2))
                .signedBy(root);
        assertEquals("SUCCESS", verdict(verifier, brief));
        assertEquals("FAILED:certificate has expired", verifier.judge(
                new byte[][] {brief.certificate().getEncoded()},
                NOW.plusSeconds(3).toEpochMilli()).verdict());
    }

    @Test
    void shouldWriteItAsOpenSslDoes() throws Exception {
        ClientCertificate client = judge(verifier(Mode.ON, 1, null, root), good, issuer);
        assertEquals("O=Acme \\, Inc,CN=good", client.subject().replaceAll("CN=good,(.*)",
                "$1,CN=good"));
        assertEquals("\\C3\\A9", client.issuer().replaceAll(".*caf([^,]*).*", "$1"));
        assertEquals("Nov 16 12:00:00 2026 GMT", client.validFrom());
        assertEquals("Dec  6 12:00:00 2026 GMT", client.validTo());
        assertEquals(10, client.daysLeft(NOW.toEpochMilli()));
        assertEquals(0, client.daysLeft(TO.plusSeconds(1).toEpochMilli()));
        assertEquals(good.pem().replace("\r", ""), client.pem());
        assertEquals(0, client.serial().length() % 2);
        assertEquals(good.certificate().getSerialNumber(),
                new java.math.BigInteger(client.serial(), 16));
        assertEquals("-----BEGIN%20CERTIFICATE-----%0A",
                client.escapedPem().substring(0, 32));
        assertEquals(client.pem(), java.net.URLDecoder.decode(
                client.escapedPem(), StandardCharsets.US_ASCII));
    }

    @Test
    void shouldTellPeersWhatIsKnown() throws Exception {
        MadeCertificate named = client("CN=a \\\"b\\\" c").with(Extension.subjectAlternativeName,
                false, new GeneralNames(new GeneralName[] {
                    new GeneralName(GeneralName.uniformResourceIdentifier, "urn:x;y"),
                    new GeneralName(GeneralName.dNSName, "d.test"),
                    new GeneralName(GeneralName.rfc822Name, "e@d.test")})).signedBy(issuer);
        ClientCertificate good = judge(verifier(Mode.ON, 1, null, root), named, issuer);
        assertEquals(64, good.sha256().length());
        assertEquals(good.sha256().substring(0, 40), good.lfdi());
        assertEquals(":" + base64(named) + ":", good.ownBytes());
        assertEquals(":" + base64(issuer) + ":", good.chainBytes());
        String start = "Hash=" + good.sha256() + ";Cert=\"" + good.escapedPem() + "\"";
        assertEquals(start + ";Subject=\"" + good.subject().replace("\\", "\\\\")
                .replace("\"", "\\\"") + "\";URI=\"urn:x;y\";DNS=\"d.test\"", good.xfcc());
        ClientCertificate bad = judge(verifier(Mode.OPTIONAL_NO_CA, 1, null, stranger), named);
        assertEquals(start, bad.xfcc(), "anybody can claim names");
        assertEquals("", bad.chainBytes());
    }

    /** A name goes no further than a NUL in it for programs in C: it must not be there as such. */
    @Test
    void shouldWriteNulAndLineEndsAsEscapes() throws Exception {
        MadeCertificate named = client("CN=admin\\00.evil\\0D\\0AX-Admin: 1").with(
                Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                    new GeneralName(GeneralName.dNSName, "a.test\0.evil.test\r\nX: 1"),
                    new GeneralName(GeneralName.uniformResourceIdentifier, "urn:a\0b")}))
                .signedBy(issuer);
        ClientCertificate shown = judge(verifier(Mode.ON, 1, null, root), named, issuer);
        assertEquals("CN=admin\\00.evil\\0D\\0AX-Admin: 1", shown.subject());
        for (String text : List.of(shown.subject(), shown.issuer(), shown.xfcc())) {
            assertTrue(text.chars().allMatch(c -> c >= ' ' && c < 127), text);
        }
    }

    private static String base64(MadeCertificate one) throws Exception {
        return java.util.Base64.getEncoder().encodeToString(one.certificate().getEncoded());
    }
}
