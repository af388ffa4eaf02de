package dev.sluice.common.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes a certificate with a new key on P-256, signed by ECDSA with SHA-256 (RFC 5280 §4.1).
 *
 * <p>Owner: the thread that made it; each makes one certificate.
 */
public final class CertificateMaker {

    private static final int SERIAL_BITS = 127;

    private final X500Name subject;
    private final Instant from;
    private final Instant to;
    private final Map<ASN1ObjectIdentifier, Extension> extensions = new LinkedHashMap<>();

    /** @param subject as RFC 4514 writes it; empty for none */
    public CertificateMaker(String subject, Instant from, Instant to) {
        this.subject = new X500Name(subject);
        this.from = from;
        this.to = to;
    }

    /** For a server with these host names and addresses, of which the first is the subject. */
    public static CertificateMaker ofServer(List<String> names, boolean criticalNames, Instant from,
            Instant to) throws IOException {
        GeneralName[] all = new GeneralName[names.size()];
        for (int i = 0; i < all.length; i++) {
            String name = names.get(i);
            boolean address = name.contains(":") || name.matches("[0-9.]+");
            all[i] = new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
        }
        return new CertificateMaker("CN=" + names.getFirst(), from, to)
                .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .with(Extension.basicConstraints, true, new BasicConstraints(false))
                .with(Extension.subjectAlternativeName, criticalNames, new GeneralNames(all));
    }

    /** For an authority, with at most so many authorities below it. */
    public static CertificateMaker ofAuthority(String subject, int below, Instant from, Instant to)
            throws IOException {
        return new CertificateMaker(subject, from, to)
                .with(Extension.keyUsage, true,
                        new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                .with(Extension.basicConstraints, true, new BasicConstraints(below));
    }

    /** Adds an extension, or replaces the one of this kind. */
    public CertificateMaker with(ASN1ObjectIdentifier kind, boolean critical, ASN1Encodable value)
            throws IOException {
        extensions.put(kind, new Extension(kind, critical,
                value.toASN1Primitive().getEncoded()));
        return this;
    }

    public CertificateMaker without(ASN1ObjectIdentifier kind) {
        extensions.remove(kind);
        return this;
    }

    public MadeCertificate selfSigned() throws GeneralSecurityException, IOException {
        KeyPair pair = newKey();
        return signed(pair, subject, pair.getPrivate(), pair.getPublic());
    }

    public MadeCertificate signedBy(MadeCertificate issuer)
            throws GeneralSecurityException, IOException {
        X500Name name = X500Name.getInstance(
                issuer.certificate().getSubjectX500Principal().getEncoded());
        return signed(newKey(), name, issuer.key(), issuer.certificate().getPublicKey());
    }

    private static KeyPair newKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private MadeCertificate signed(KeyPair own, X500Name issuer, PrivateKey signing,
            PublicKey verifying) throws GeneralSecurityException, IOException {
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(issuer,
                new BigInteger(SERIAL_BITS, new SecureRandom()).add(BigInteger.ONE),
                Date.from(from), Date.from(to), subject, own.getPublic());
        JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.subjectKeyIdentifier, false,
                identifiers.createTruncatedSubjectKeyIdentifier(own.getPublic()));
        builder.addExtension(Extension.authorityKeyIdentifier, false,
                new AuthorityKeyIdentifier(
                        identifiers.createTruncatedSubjectKeyIdentifier(verifying)
                                .getKeyIdentifier()));
        for (Extension extension : extensions.values()) {
            builder.addExtension(extension);
        }
        try {
            byte[] der = builder.build(new JcaContentSignerBuilder("SHA256withECDSA")
                    .build(signing)).getEncoded();
            X509Certificate certificate = (X509Certificate) CertificateFactory
                    .getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            return new MadeCertificate(certificate, own.getPrivate());
        } catch (OperatorCreationException noSigner) {
            throw new GeneralSecurityException(noSigner);
        }
    }
}
