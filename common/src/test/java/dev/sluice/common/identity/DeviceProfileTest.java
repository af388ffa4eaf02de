package dev.sluice.common.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.OtherName;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each certificate is a good one with one fault. */
final class DeviceProfileTest {

    private static final Instant NOW = Instant.parse("2026-11-26T00:00:00Z");
    private static TrialPki pki;

    @BeforeAll
    static void make() throws Exception {
        pki = new TrialPki(NOW);
    }

    private static CertificateMaker maker() throws Exception {
        return TrialPki.deviceMaker("0123456789ab", NOW, TrialPki.FOREVER);
    }

    private static List<String> device(CertificateMaker maker) throws Exception {
        return DeviceProfile.device(maker.signedBy(pki.issuer).certificate());
    }

    private static List<String> authority(CertificateMaker maker) throws Exception {
        return DeviceProfile.authority(maker.signedBy(pki.root).certificate());
    }

    @Test
    void whatIsGoodHasNoFindings() throws Exception {
        X509Certificate device = pki.device("0123456789ab").certificate();
        assertEquals(List.of(), DeviceProfile.device(device));
        assertEquals(List.of(), DeviceProfile.authority(pki.issuer.certificate()));
        assertEquals(List.of(), DeviceProfile.authority(pki.root.certificate()));
        assertEquals(List.of(), DeviceProfile.server(
                pki.server(List.of("utility.test", "127.0.0.1")).certificate()));
        assertEquals(List.of("hardware module 1.3.6.1.4.1.40732.9 0123456789ab"),
                CertificateNames.alternative(device));
        assertFalse(DeviceProfile.isServer(device));
    }

    @Test
    void subjectMustBeEmpty() throws Exception {
        CertificateMaker named = new CertificateMaker("CN=inverter", NOW, TrialPki.FOREVER);
        assertTrue(device(named).contains("its subject is not empty"));
    }

    @Test
    void nameMustBeOneOfHardwareAndCritical() throws Exception {
        assertEquals(List.of("its subjectAltName is not one hardwareModuleName"), device(maker()
                .with(Extension.subjectAlternativeName, true, new GeneralNames(
                        new GeneralName(GeneralName.dNSName, "inverter.test")))));
        assertTrue(device(new CertificateMaker("CN=a", NOW, TrialPki.FOREVER)).containsAll(
                List.of("it has no critical subjectAltName",
                        "its subjectAltName is not one hardwareModuleName")));
        assertEquals(List.of("its hardwareModuleName has no serial number"),
                device(TrialPki.deviceMaker("", NOW, TrialPki.FOREVER)));
    }

    @Test
    void policiesMustBeCritical() throws Exception {
        X509Certificate good = pki.device("01").certificate();
        assertEquals(List.of("it has no critical certificatePolicies"), device(maker().with(
                Extension.certificatePolicies, false, CertificatePolicies.getInstance(
                        ASN1OctetString.getInstance(good.getExtensionValue("2.5.29.32"))
                                .getOctets()))));
    }

    @Test
    void keyMustBeOnP256AndSignedWithSha256() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp384r1"));
        KeyPair pair = generator.generateKeyPair();
        X509Certificate other = new JcaX509CertificateConverter().getCertificate(
                new JcaX509v3CertificateBuilder(new X500Name("CN=a"), BigInteger.ONE,
                        Date.from(NOW), Date.from(TrialPki.FOREVER), new X500Name(""),
                        pair.getPublic()).build(new JcaContentSignerBuilder("SHA384withECDSA")
                                .build(pair.getPrivate())));
        assertTrue(DeviceProfile.device(other).containsAll(List.of(
                "its key is not on the curve P-256",
                "its signature is not ECDSA with SHA-256 but SHA384withECDSA",
                "it has no authorityKeyIdentifier")), DeviceProfile.device(other).toString());
    }

    @Test
    void keyUsageMustBeCriticalAndSmall() throws Exception {
        KeyUsage good = new KeyUsage(KeyUsage.digitalSignature);
        assertEquals(List.of(), device(maker().with(Extension.keyUsage, true, good)));
        assertEquals(List.of("it has no critical keyUsage"),
                device(maker().with(Extension.keyUsage, false, good)));
        assertEquals(List.of("its keyUsage lacks digitalSignature"), device(maker().with(
                Extension.keyUsage, true, new KeyUsage(KeyUsage.keyAgreement))));
        assertEquals(List.of("its keyUsage has bit 3, which is neither digitalSignature nor"
                + " keyAgreement"), device(maker().with(Extension.keyUsage, true, new KeyUsage(
                        KeyUsage.digitalSignature | KeyUsage.dataEncipherment))));
    }

    @Test
    void policiesMustBeOfTheStandard() throws Exception {
        assertEquals(List.of("its policy 2.5.29.32.0 is not below 1.3.6.1.4.1.40732",
                "it has no policy below 1.3.6.1.4.1.40732.1, which says what kind of device"
                        + " it is"),
                device(maker().with(Extension.certificatePolicies, true, new CertificatePolicies(
                        PolicyInformation.getInstance(new PolicyInformation(
                                new ASN1ObjectIdentifier("2.5.29.32.0")))))));
        assertTrue(device(maker().without(Extension.certificatePolicies))
                .contains("it has no critical certificatePolicies"));
    }

    @Test
    void lastsForEver() throws Exception {
        assertEquals(List.of("it ends on 2026-11-27T00:00:00Z, not on 9999-12-31T23:59:59Z"),
                device(TrialPki.deviceMaker("01", NOW, NOW.plusSeconds(86_400))));
    }

    @Test
    void nothingElseStandsInIt() throws Exception {
        assertEquals(List.of("it has an extendedKeyUsage, which devices have not"),
                device(maker().with(Extension.extendedKeyUsage, false,
                        new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth))));
        assertEquals(List.of("it is one of an authority"), device(maker().with(
                Extension.basicConstraints, true, new BasicConstraints(true))));
        assertEquals(List.of("its extension 2.5.29.54 is critical"), device(maker().with(
                Extension.inhibitAnyPolicy, true, new ASN1Integer(0))));
    }

    @Test
    void malformedExtensionIsAFinding() throws Exception {
        List<String> findings = device(maker().with(Extension.subjectAlternativeName, true,
                new GeneralNames(new GeneralName(GeneralName.otherName, new OtherName(
                        CertificateNames.HARDWARE_MODULE_NAME, DERNull.INSTANCE)))));
        assertTrue(findings.getLast().startsWith("it cannot be read"), findings.toString());
    }

    @Test
    void authorities() throws Exception {
        assertEquals(List.of("its extendedKeyUsage is critical"), authority(
                CertificateMaker.ofAuthority("CN=a", 0, NOW, TrialPki.FOREVER).with(
                        Extension.extendedKeyUsage, true,
                        new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth))));
        assertEquals(List.of("it has policyConstraints"), authority(
                CertificateMaker.ofAuthority("CN=a", 0, NOW, TrialPki.FOREVER).with(
                        Extension.policyConstraints, true,
                        new DERSequence())));
        assertEquals(List.of("it has no critical basicConstraints with cA",
                "it has no critical keyUsage with keyCertSign"), authority(maker()));
    }

    @Test
    void chains() throws Exception {
        X509Certificate root = pki.root.certificate();
        X509Certificate issuer = pki.issuer.certificate();
        X509Certificate device = pki.device("01").certificate();
        assertEquals(List.of(), DeviceProfile.chain(List.of(device, issuer, root)));
        assertEquals(List.of(), DeviceProfile.chain(List.of(device, issuer)));
        assertEquals(List.of(), DeviceProfile.chain(List.of(device)));
        assertEquals(List.of("it signs itself: no authority vouches for it"),
                DeviceProfile.chain(List.of(root)));
        assertEquals(List.of("certificate 1 is not signed by certificate 2"),
                DeviceProfile.chain(List.of(device, root)));
        MadeCertificate deep = pki.root;
        List<X509Certificate> chain = new ArrayList<>(List.of(root));
        for (int i = 0; i < 4; i++) {
            deep = CertificateMaker.ofAuthority("CN=" + i, 9, NOW, TrialPki.FOREVER)
                    .signedBy(deep);
            chain.addFirst(deep.certificate());
        }
        assertEquals(List.of("the chain has 5 certificates with its root (expected: 2 to 4)"),
                DeviceProfile.chain(chain));
    }
}
