package dev.sluice.worker.tls;

import dev.sluice.common.config.ProxyTlsConfig;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.security.auth.x500.X500Principal;

/**
 * Whom we believe to be a peer: the JDK verifies chain and name (RFC 5280 §6, RFC 9525) and looks
 * into the lists of revoked certificates; how long a chain may be is counted here.
 *
 * <p>Written at boot, then read-only.
 */
final class PeerTrust extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager checks;
    private final Set<X509Certificate> authorities = new HashSet<>();
    private final Set<X500Principal> names = new HashSet<>();
    private final int depth;

    PeerTrust(ProxyTlsConfig config, TlsFiles files) throws GeneralSecurityException {
        Set<TrustAnchor> anchors = new HashSet<>();
        for (X509Certificate one : files.certificates(config.trustedCertificate())) {
            anchors.add(new TrustAnchor(one, null));
            authorities.add(one);
            names.add(one.getSubjectX500Principal());
        }
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, null);
        parameters.setRevocationEnabled(config.crl() != null);
        if (config.crl() != null) {
            parameters.addCertStore(CertStore.getInstance("Collection",
                    new CollectionCertStoreParameters(files.revocations(config.crl()))));
            var checker = (PKIXRevocationChecker) CertPathValidator.getInstance("PKIX")
                    .getRevocationChecker();
            // Nobody is asked: what is not in a list that is here is not known.
            checker.setOptions(EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS,
                    PKIXRevocationChecker.Option.NO_FALLBACK));
            parameters.addCertPathChecker(checker);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters));
        this.checks = (X509ExtendedTrustManager) factory.getTrustManagers()[0];
        this.depth = config.verifyDepth();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checks.checkServerTrusted(chain, authType, engine);
        X509Certificate at = chain[0];
        for (int between = 0; !isTrusted(at); between++) {
            if (between == depth) {
                throw new CertificateException("more than proxy_ssl_verify_depth authorities ("
                        + depth + ") stand between it and a trusted one");
            }
            at = signer(chain, at);
        }
    }

    /** Whether nothing is between this certificate and an authority that is trusted. */
    private boolean isTrusted(X509Certificate one) {
        return authorities.contains(one) || names.contains(one.getIssuerX500Principal());
    }

    private static X509Certificate signer(X509Certificate[] chain, X509Certificate signed)
            throws CertificateException {
        for (X509Certificate one : chain) {
            if (one != signed
                    && one.getSubjectX500Principal().equals(signed.getIssuerX500Principal())) {
                return one;
            }
        }
        throw new CertificateException("its chain is not whole");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("peers are reached through engines alone");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        throw new CertificateException("without an engine there is no name to verify");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("peers are no clients");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("peers are no clients");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        throw new CertificateException("peers are no clients");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return checks.getAcceptedIssuers();
    }
}
