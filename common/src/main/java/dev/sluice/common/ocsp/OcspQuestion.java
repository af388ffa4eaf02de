package dev.sluice.common.ocsp;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.jcajce.JcaCertificateID;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** Whom to ask about a certificate, and how. Stateless. */
public final class OcspQuestion {

    /** Features that the server must have (RFC 7633 §4.2.2). */
    public static final String TLS_FEATURE = "1.3.6.1.5.5.7.1.24";
    private static final int STATUS_REQUEST = 5;

    private OcspQuestion() {
    }

    /** The request in DER, without a nonce: the answer is for all clients (RFC 5019 §2.1.1). */
    public static byte[] of(X509Certificate certificate, X509Certificate issuer)
            throws GeneralSecurityException {
        try {
            return new OCSPReqBuilder().addRequest(id(certificate, issuer)).build().getEncoded();
        } catch (OCSPException | IOException e) {
            throw new GeneralSecurityException(e);
        }
    }

    static CertificateID id(X509Certificate certificate, X509Certificate issuer)
            throws GeneralSecurityException {
        try {
            // SHA-1 names the issuer here, it signs nothing (RFC 5019 §2.1.1).
            return new JcaCertificateID(new JcaDigestCalculatorProviderBuilder().build()
                    .get(CertificateID.HASH_SHA1), issuer, certificate.getSerialNumber());
        } catch (OCSPException | OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    /** The URL that the certificate names (RFC 5280 §4.2.2.1); null for none by http. */
    public static String responder(X509Certificate certificate) {
        ASN1Primitive value = extension(certificate, Extension.authorityInfoAccess);
        if (value == null) {
            return null;
        }
        for (AccessDescription one
                : AuthorityInformationAccess.getInstance(value).getAccessDescriptions()) {
            GeneralName place = one.getAccessLocation();
            if (one.getAccessMethod().equals(AccessDescription.id_ad_ocsp)
                    && place.getTagNo() == GeneralName.uniformResourceIdentifier) {
                String url = ASN1IA5String.getInstance(place.getName()).getString();
                if (url.startsWith("http://")) {
                    return url;
                }
            }
        }
        return null;
    }

    /** Whether clients refuse the certificate without an answer beside it (RFC 7633). */
    public static boolean mustStaple(X509Certificate certificate) {
        ASN1Primitive value = extension(certificate,
                new ASN1ObjectIdentifier(TLS_FEATURE));
        if (value == null) {
            return false;
        }
        for (ASN1Encodable one : ASN1Sequence.getInstance(value)) {
            if (ASN1Integer.getInstance(one).getValue()
                    .equals(BigInteger.valueOf(STATUS_REQUEST))) {
                return true;
            }
        }
        return false;
    }

    /** Null when it is not there, or cannot be read. */
    private static ASN1Primitive extension(X509Certificate certificate, ASN1ObjectIdentifier id) {
        byte[] wrapped = certificate.getExtensionValue(id.getId());
        try {
            return wrapped == null ? null : ASN1Primitive.fromByteArray(
                    ASN1OctetString.getInstance(wrapped).getOctets());
        } catch (IOException e) {
            return null;
        }
    }
}
