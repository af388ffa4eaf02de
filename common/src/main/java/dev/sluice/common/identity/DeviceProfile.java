package dev.sluice.common.identity;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.OtherName;

/**
 * Holds certificates to the profiles of IEEE 2030.5-2018 §6.11: a device's, and those of the
 * authorities above it (SERCA, then MCA and MICA). What a server's has to be like for clients that
 * are strict is looked at as well.
 *
 * <p>Each answer is a list of sentences, empty for a good certificate. Loads BouncyCastle.
 * Stateless.
 */
public final class DeviceProfile {

    /** Certificates from the root to the device, both counted. */
    public static final int CHAIN_MIN = 2;
    public static final int CHAIN_MAX = 4;

    /** The arc of the standard: .1 kinds of devices, .2 policies of issuing. */
    private static final String ARC = "1.3.6.1.4.1.40732.";
    private static final String DEVICE_ARC = ARC + "1.";
    private static final Instant FOREVER = Instant.parse("9999-12-31T23:59:59Z");

    private static final String KEY_USAGE = "2.5.29.15";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String NAME_CONSTRAINTS = "2.5.29.30";
    private static final String POLICY_MAPPINGS = "2.5.29.33";
    private static final String AUTHORITY_KEY = "2.5.29.35";
    private static final String POLICY_CONSTRAINTS = "2.5.29.36";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";

    private static final Set<String> CRITICAL_OF_DEVICES = Set.of(KEY_USAGE,
            CertificateNames.SUBJECT_ALTERNATIVE_NAME, CertificateNames.POLICIES,
            BASIC_CONSTRAINTS);

    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_AGREEMENT = 4;
    private static final int KEY_CERT_SIGN = 5;

    private final X509Certificate certificate;
    private final List<String> findings = new ArrayList<>();

    private DeviceProfile(X509Certificate certificate) {
        this.certificate = certificate;
    }

    /** What is wrong with the certificate of a device, its chain left aside. */
    public static List<String> device(X509Certificate certificate) {
        return new DeviceProfile(certificate).look(DeviceProfile::checkDevice);
    }

    /** What is wrong with the certificate of an authority. */
    public static List<String> authority(X509Certificate certificate) {
        return new DeviceProfile(certificate).look(DeviceProfile::checkAuthority);
    }

    /** What is wrong with the certificate that a server shows to devices. */
    public static List<String> server(X509Certificate certificate) {
        return new DeviceProfile(certificate).look(DeviceProfile::checkServer);
    }

    /** Whether it names a host, which a device's does not. */
    public static boolean isServer(X509Certificate certificate) {
        try {
            for (GeneralName name : CertificateNames.general(certificate)) {
                if (name.getTagNo() == GeneralName.dNSName
                        || name.getTagNo() == GeneralName.iPAddress) {
                    return true;
                }
            }
            return false;
        } catch (RuntimeException unreadable) {
            return false;
        }
    }

    /** @param chain the first is signed by the second, and so on; the root may be left out */
    public static List<String> chain(List<X509Certificate> chain) {
        List<String> findings = new ArrayList<>();
        for (int i = 0; i + 1 < chain.size(); i++) {
            if (!isSignedBy(chain.get(i), chain.get(i + 1))) {
                findings.add("certificate " + (i + 1) + " is not signed by certificate "
                        + (i + 2));
            }
        }
        X509Certificate last = chain.getLast();
        boolean whole = last.getSubjectX500Principal().equals(last.getIssuerX500Principal());
        if (whole && chain.size() == 1) {
            findings.add("it signs itself: no authority vouches for it");
            return findings;
        }
        int depth = chain.size() + (whole ? 0 : 1);
        if (depth > CHAIN_MAX) {
            findings.add("the chain has " + depth + " certificates with its root (expected: "
                    + CHAIN_MIN + " to " + CHAIN_MAX + ")");
        }
        return findings;
    }

    private static boolean isSignedBy(X509Certificate one, X509Certificate above) {
        try {
            one.verify(above.getPublicKey());
            return one.getIssuerX500Principal().equals(above.getSubjectX500Principal());
        } catch (GeneralSecurityException | RuntimeException no) {
            return false;
        }
    }

    private List<String> look(Consumer<DeviceProfile> check) {
        try {
            check.accept(this);
        } catch (RuntimeException malformed) {
            // What others wrote may be malformed in any way that the library throws for.
            findings.add("it cannot be read: " + malformed.getMessage());
        }
        return findings;
    }

    private void expect(boolean good, String sentence) {
        if (!good) {
            findings.add(sentence);
        }
    }

    private boolean isCritical(String extension) {
        Set<String> critical = certificate.getCriticalExtensionOIDs();
        return critical != null && critical.contains(extension);
    }

    private boolean has(String extension) {
        return certificate.getExtensionValue(extension) != null;
    }

    private void checkAll() {
        expect(CertificateNames.isOnP256(certificate), "its key is not on the curve P-256");
        expect("SHA256withECDSA".equalsIgnoreCase(certificate.getSigAlgName()),
                "its signature is not ECDSA with SHA-256 but " + certificate.getSigAlgName());
    }

    private boolean mayUse(int bit) {
        boolean[] usage = certificate.getKeyUsage();
        return usage != null && usage[bit];
    }

    private void checkDevice() {
        checkAll();
        expect(certificate.getSubjectX500Principal().getName().isEmpty(),
                "its subject is not empty");
        checkHardware();
        expect(isCritical(KEY_USAGE), "it has no critical keyUsage");
        expect(mayUse(DIGITAL_SIGNATURE), "its keyUsage lacks digitalSignature");
        boolean[] usage = certificate.getKeyUsage();
        for (int i = 0; usage != null && i < usage.length; i++) {
            expect(!usage[i] || i == DIGITAL_SIGNATURE || i == KEY_AGREEMENT,
                    "its keyUsage has bit " + i + ", which is neither digitalSignature nor"
                            + " keyAgreement");
        }
        checkPolicies();
        expect(certificate.getNotAfter().toInstant().equals(FOREVER),
                "it ends on " + certificate.getNotAfter().toInstant() + ", not on " + FOREVER);
        expect(!has(EXTENDED_KEY_USAGE), "it has an extendedKeyUsage, which devices have not");
        expect(certificate.getBasicConstraints() < 0, "it is one of an authority");
        expect(has(AUTHORITY_KEY), "it has no authorityKeyIdentifier");
        expect(!isCritical(AUTHORITY_KEY), "its authorityKeyIdentifier is critical");
        checkCritical();
    }

    private void checkHardware() {
        expect(isCritical(CertificateNames.SUBJECT_ALTERNATIVE_NAME),
                "it has no critical subjectAltName");
        GeneralName[] names = CertificateNames.general(certificate);
        boolean named = names.length == 1 && names[0].getTagNo() == GeneralName.otherName
                && CertificateNames.HARDWARE_MODULE_NAME.equals(
                        OtherName.getInstance(names[0].getName()).getTypeID());
        expect(named, "its subjectAltName is not one hardwareModuleName");
        if (named) {
            String parts = CertificateNames.hardware(OtherName.getInstance(names[0].getName()));
            expect(!parts.endsWith(" "), "its hardwareModuleName has no serial number");
        }
    }

    private void checkPolicies() {
        expect(isCritical(CertificateNames.POLICIES), "it has no critical certificatePolicies");
        List<String> policies = CertificateNames.policies(certificate);
        boolean kind = false;
        for (String policy : policies) {
            kind |= policy.startsWith(DEVICE_ARC);
            expect(policy.startsWith(ARC), "its policy " + policy + " is not below "
                    + ARC.substring(0, ARC.length() - 1));
        }
        expect(kind, "it has no policy below " + DEVICE_ARC.substring(0, DEVICE_ARC.length() - 1)
                + ", which says what kind of device it is");
    }

    private void checkCritical() {
        Set<String> critical = certificate.getCriticalExtensionOIDs();
        if (critical != null) {
            for (String extension : critical) {
                expect(CRITICAL_OF_DEVICES.contains(extension),
                        "its extension " + extension + " is critical");
            }
        }
    }

    private void checkAuthority() {
        checkAll();
        expect(certificate.getBasicConstraints() >= 0 && isCritical(BASIC_CONSTRAINTS),
                "it has no critical basicConstraints with cA");
        expect(isCritical(KEY_USAGE) && mayUse(KEY_CERT_SIGN),
                "it has no critical keyUsage with keyCertSign");
        expect(!isCritical(EXTENDED_KEY_USAGE), "its extendedKeyUsage is critical");
        expect(!has(NAME_CONSTRAINTS) || isCritical(NAME_CONSTRAINTS),
                "its nameConstraints is not critical");
        expect(!has(POLICY_MAPPINGS), "it has policyMappings");
        expect(!has(POLICY_CONSTRAINTS), "it has policyConstraints");
    }

    private void checkServer() {
        checkAll();
        expect(isCritical(CertificateNames.SUBJECT_ALTERNATIVE_NAME),
                "its subjectAltName is not critical, which some clients insist on");
        expect(isCritical(KEY_USAGE) && mayUse(DIGITAL_SIGNATURE),
                "it has no critical keyUsage with digitalSignature");
        expect(certificate.getBasicConstraints() < 0, "it is one of an authority");
        expect(!isCritical(EXTENDED_KEY_USAGE),
                "its extendedKeyUsage is critical, which some clients refuse");
    }
}
