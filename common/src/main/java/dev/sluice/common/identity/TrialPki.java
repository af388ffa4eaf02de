package dev.sluice.common.identity;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.OtherName;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.util.encoders.Hex;

/**
 * Certificates of IEEE 2030.5 to try a server with, in the shape of real ones and worth nothing
 * (policy .2.1, test):
 *
 * <pre>
 *   SERCA, the root ──► MICA, of a manufacturer ──► devices
 *                                              └──► the server
 * </pre>
 *
 * <p>Owner: the thread that made it.
 */
public final class TrialPki {

    /** The end of what never ends (RFC 5280 §4.1.2.5). */
    public static final Instant FOREVER = Instant.parse("9999-12-31T23:59:59Z");

    private static final String ARC = "1.3.6.1.4.1.40732.";
    private static final String GENERIC_DEVICE = ARC + "1.1";
    private static final String TEST_POLICY = ARC + "2.1";
    private static final String HARDWARE_TYPE = ARC + "9";

    public final MadeCertificate root;
    public final MadeCertificate issuer;
    private final Instant from;

    /** @param now a day before it everything begins to be valid */
    public TrialPki(Instant now) throws GeneralSecurityException, IOException {
        this.from = now.minus(Duration.ofDays(1));
        this.root = CertificateMaker.ofAuthority("CN=Trial SERCA,O=Sluice", 2, from, FOREVER)
                .selfSigned();
        this.issuer = CertificateMaker.ofAuthority("CN=Trial MICA,O=Sluice", 0, from, FOREVER)
                .signedBy(root);
    }

    /** What the certificate of a device is made of. */
    public static CertificateMaker deviceMaker(String serial, Instant from, Instant to)
            throws IOException {
        ASN1EncodableVector hardware = new ASN1EncodableVector();
        hardware.add(new ASN1ObjectIdentifier(HARDWARE_TYPE));
        hardware.add(new DEROctetString(Hex.decode(serial)));
        OtherName name = new OtherName(CertificateNames.HARDWARE_MODULE_NAME,
                new DERSequence(hardware));
        return new CertificateMaker("", from, to)
                .with(Extension.keyUsage, true,
                        new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyAgreement))
                .with(Extension.subjectAlternativeName, true,
                        new GeneralNames(new GeneralName(GeneralName.otherName, name)))
                .with(Extension.certificatePolicies, true, new CertificatePolicies(
                        new PolicyInformation[] {
                            new PolicyInformation(new ASN1ObjectIdentifier(GENERIC_DEVICE)),
                            new PolicyInformation(new ASN1ObjectIdentifier(TEST_POLICY))}));
    }

    /** @param serial of the device, in hexadecimal digits */
    public MadeCertificate device(String serial) throws GeneralSecurityException, IOException {
        return deviceMaker(serial, from, FOREVER).signedBy(issuer);
    }

    /** @param names hosts and addresses that clients know it by */
    public MadeCertificate server(List<String> names)
            throws GeneralSecurityException, IOException {
        return CertificateMaker.ofServer(names, true, from, FOREVER).signedBy(issuer);
    }

    /**
     * Writes serca, mica, server and device, each as .crt and .key; the last two with the MICA
     * behind them.
     */
    public void write(Path folder, List<String> serverNames, String deviceSerial)
            throws GeneralSecurityException, IOException {
        root.write(folder, "serca");
        issuer.write(folder, "mica");
        server(serverNames).write(folder, "server", issuer);
        device(deviceSerial).write(folder, "device", issuer);
    }
}
