package dev.sluice.common.identity;

import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.OtherName;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.util.encoders.Hex;

/**
 * What stands in those extensions of a certificate that the JDK does not take apart (RFC 5280
 * §4.2.1, RFC 4108 §5). An extension that cannot be read is an IllegalArgumentException. Loads
 * BouncyCastle. Stateless.
 */
public final class CertificateNames {

    static final String SUBJECT_ALTERNATIVE_NAME = Extension.subjectAlternativeName.getId();
    static final String POLICIES = Extension.certificatePolicies.getId();
    /** The name of a device: who made it, and its serial number (RFC 4108 §5). */
    static final ASN1ObjectIdentifier HARDWARE_MODULE_NAME =
            new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.4");

    private CertificateNames() {
    }

    /** The subject's alternative names, each with its kind: {@code DNS:example.com}. */
    public static List<String> alternative(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        for (GeneralName name : general(certificate)) {
            names.add(text(name));
        }
        return names;
    }

    private static String text(GeneralName name) {
        return switch (name.getTagNo()) {
            case GeneralName.dNSName -> "DNS:" + name.getName();
            case GeneralName.rfc822Name -> "email:" + name.getName();
            case GeneralName.uniformResourceIdentifier -> "URI:" + name.getName();
            case GeneralName.iPAddress -> "IP:" + address(ASN1OctetString.getInstance(
                    name.getName()).getOctets());
            case GeneralName.otherName -> other(OtherName.getInstance(name.getName()));
            default -> "name of kind " + name.getTagNo();
        };
    }

    private static String address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (IOException wrongLength) {
            throw new IllegalArgumentException("an address of " + bytes.length + " bytes",
                    wrongLength);
        }
    }

    private static String other(OtherName name) {
        return HARDWARE_MODULE_NAME.equals(name.getTypeID())
                ? "hardware module " + hardware(name)
                : "other name of type " + name.getTypeID();
    }

    /** Type and serial number of a device: {@code 1.3.6.1.4.1.40732.9 0123456789ab}. */
    static String hardware(OtherName name) {
        ASN1Sequence parts = ASN1Sequence.getInstance(name.getValue());
        if (parts.size() != 2) {
            throw new IllegalArgumentException("a hardwareModuleName of " + parts.size()
                    + " parts");
        }
        return ASN1ObjectIdentifier.getInstance(parts.getObjectAt(0)) + " "
                + Hex.toHexString(ASN1OctetString.getInstance(parts.getObjectAt(1)).getOctets());
    }

    static GeneralName[] general(X509Certificate certificate) {
        ASN1Encodable value = extension(certificate, SUBJECT_ALTERNATIVE_NAME);
        return value == null ? new GeneralName[0] : GeneralNames.getInstance(value).getNames();
    }

    /** Object identifiers of the policies that the certificate was made under. */
    public static List<String> policies(X509Certificate certificate) {
        List<String> all = new ArrayList<>();
        ASN1Encodable value = extension(certificate, POLICIES);
        if (value != null) {
            for (PolicyInformation policy
                    : CertificatePolicies.getInstance(value).getPolicyInformation()) {
                all.add(policy.getPolicyIdentifier().getId());
            }
        }
        return all;
    }

    /** Null for one that the certificate does not have. */
    private static ASN1Encodable extension(X509Certificate certificate, String id) {
        byte[] value = certificate.getExtensionValue(id);
        try {
            return value == null ? null : ASN1Primitive.fromByteArray(
                    ASN1OctetString.getInstance(value).getOctets());
        } catch (IOException malformed) {
            throw new IllegalArgumentException("extension " + id + " cannot be read", malformed);
        }
    }

    /** Whether its key is on the curve P-256, by name (RFC 5480 §2.1.1.1). */
    static boolean isOnP256(X509Certificate certificate) {
        SubjectPublicKeyInfo key = SubjectPublicKeyInfo.getInstance(
                certificate.getPublicKey().getEncoded());
        return X9ObjectIdentifiers.id_ecPublicKey.equals(key.getAlgorithm().getAlgorithm())
                && X9ObjectIdentifiers.prime256v1.equals(key.getAlgorithm().getParameters());
    }
}
