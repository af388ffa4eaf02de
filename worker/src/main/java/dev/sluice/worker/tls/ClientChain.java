package dev.sluice.worker.tls;

import dev.sluice.common.config.ClientAuthConfig;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertPathValidatorException.Reason;
import java.security.cert.CRL;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The rules of RFC 5280 §6 for a client's certificate, with the authorities of a server. Every
 * certificate in its files is trusted, one that is no root too. The words for what is wrong are
 * OpenSSL's.
 *
 * <p>Written at boot, then read-only.
 */
final class ClientChain {

    private static final String NO_ISSUER = "unable to get local issuer certificate";
    private static final String SELF_SIGNED = "self-signed certificate";
    private static final String SELF_SIGNED_ABOVE = "self-signed certificate in certificate chain";
    private static final String TOO_LONG = "certificate chain too long";
    private static final String NO_LIST = "unable to get certificate CRL";
    private static final String PURPOSE = "unsuitable certificate purpose";
    /** RFC 5280 §4.2.1.12. */
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_AGREEMENT = 4;
    /** More than any depth allows. */
    private static final int CERTIFICATES_MAX = 12;

    private final int depth;
    private final X509Certificate[] named;
    private final Set<X509Certificate> trusted = new HashSet<>();
    private final Set<TrustAnchor> anchors = new HashSet<>();
    /** Null when nobody is asked about revoked certificates. */
    private final CertStore lists;
    private final Collection<? extends CRL> all;

    ClientChain(ClientAuthConfig config, TlsFiles files) throws GeneralSecurityException {
        this.depth = config.depth();
        this.named = config.authorities() == null ? new X509Certificate[0]
                : files.certificates(config.authorities());
        trusted.addAll(List.of(named));
        if (config.trusted() != null) {
            trusted.addAll(List.of(files.certificates(config.trusted())));
        }
        trusted.forEach(one -> anchors.add(new TrustAnchor(one, null)));
        this.all = config.crl() == null ? List.of() : files.revocations(config.crl());
        this.lists = config.crl() == null ? null : CertStore.getInstance("Collection",
                new CollectionCertStoreParameters(all));
    }

    X509Certificate[] named() {
        return named;
    }

    /** Whether nothing is wrong with the certificate itself: its authority is not known here. */
    static boolean isAboutIssuer(String verdict) {
        return verdict.endsWith(":" + NO_ISSUER) || verdict.endsWith(":" + SELF_SIGNED)
                || verdict.endsWith(":" + SELF_SIGNED_ABOVE);
    }

    /** @return what is wrong with a chain, whose first is the client's own; null for nothing */
    String wrong(X509Certificate[] chain, long nowMs) throws GeneralSecurityException {
        X509Certificate own = chain[0];
        Date now = new Date(nowMs);
        if (now.after(own.getNotAfter())) {
            return "certificate has expired";
        }
        if (now.before(own.getNotBefore())) {
            return "certificate is not yet valid";
        }
        if (!isForClients(own)) {
            return PURPOSE;
        }
        if (trusted.contains(own) && lists == null) {
            return null;
        }
        if (chain.length > CERTIFICATES_MAX) {
            return TOO_LONG;
        }
        List<X509Certificate> path = new ArrayList<>();
        path.add(own);
        while (!isTrusted(path.getLast())) {
            X509Certificate last = path.getLast();
            if (isSelfSigned(last)) {
                return path.size() == 1 ? SELF_SIGNED : SELF_SIGNED_ABOVE;
            }
            X509Certificate issuer = issuerAmong(chain, last, path);
            if (issuer == null) {
                return NO_ISSUER;
            }
            path.add(issuer);
        }
        return path.size() - 1 > depth ? TOO_LONG : wrong(path, now);
    }

    private static boolean isForClients(X509Certificate own) throws GeneralSecurityException {
        List<String> purposes = own.getExtendedKeyUsage();
        boolean[] usage = own.getKeyUsage();
        return (purposes == null || purposes.contains(CLIENT_AUTH))
                && (usage == null || usage[DIGITAL_SIGNATURE] || usage[KEY_AGREEMENT]);
    }

    private boolean isTrusted(X509Certificate last) {
        for (X509Certificate one : trusted) {
            if (one.getSubjectX500Principal().equals(last.getIssuerX500Principal())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSelfSigned(X509Certificate one) {
        return one.getSubjectX500Principal().equals(one.getIssuerX500Principal());
    }

    private static X509Certificate issuerAmong(X509Certificate[] chain, X509Certificate last,
            List<X509Certificate> path) {
        for (X509Certificate one : chain) {
            if (one.getSubjectX500Principal().equals(last.getIssuerX500Principal())
                    && !path.contains(one)) {
                return one;
            }
        }
        return null;
    }

    private String wrong(List<X509Certificate> path, Date now) throws GeneralSecurityException {
        CertPathValidator validator = CertPathValidator.getInstance("PKIX");
        PKIXParameters rules = new PKIXParameters(anchors);
        rules.setDate(now);
        rules.setRevocationEnabled(false);
        if (lists != null) {
            String old = oldList(path, now);
            if (old != null) {
                return old;
            }
            PKIXRevocationChecker checker =
                    (PKIXRevocationChecker) validator.getRevocationChecker();
            checker.setOptions(EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS,
                    PKIXRevocationChecker.Option.NO_FALLBACK));
            rules.addCertPathChecker(checker);
            rules.addCertStore(lists);
        }
        try {
            validator.validate(CertificateFactory.getInstance("X.509").generateCertPath(path),
                    rules);
            return null;
        } catch (CertPathValidatorException e) {
            return words(e.getReason());
        }
    }

    /** A list that should have been renewed says nothing of who has been revoked since. */
    private String oldList(List<X509Certificate> path, Date now) {
        for (X509Certificate one : path) {
            boolean there = false;
            boolean fresh = false;
            for (CRL any : all) {
                X509CRL list = (X509CRL) any;
                if (list.getIssuerX500Principal().equals(one.getIssuerX500Principal())) {
                    there = true;
                    fresh |= list.getNextUpdate() == null || now.before(list.getNextUpdate());
                }
            }
            if (!there) {
                return NO_LIST;
            }
            if (!fresh) {
                return "CRL has expired";
            }
        }
        return null;
    }

    private static String words(Reason reason) {
        if (reason == BasicReason.EXPIRED) {
            return "certificate has expired";
        }
        if (reason == BasicReason.NOT_YET_VALID) {
            return "certificate is not yet valid";
        }
        if (reason == BasicReason.REVOKED) {
            return "certificate revoked";
        }
        if (reason == BasicReason.UNDETERMINED_REVOCATION_STATUS) {
            return NO_LIST;
        }
        if (reason == BasicReason.ALGORITHM_CONSTRAINED) {
            return "algorithm or key is too weak";
        }
        // A name that matches and a key that does not.
        if (reason == BasicReason.INVALID_SIGNATURE || reason == PKIXReason.NO_TRUST_ANCHOR) {
            return "certificate signature failure";
        }
        if (reason == PKIXReason.NOT_CA_CERT || reason == PKIXReason.INVALID_KEY_USAGE) {
            return "invalid CA certificate";
        }
        return reason == PKIXReason.PATH_TOO_LONG ? "path length constraint exceeded"
                : "certificate rejected";
    }
}
