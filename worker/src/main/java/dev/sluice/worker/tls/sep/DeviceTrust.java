package dev.sluice.worker.tls.sep;

import dev.sluice.common.identity.DeviceProfile;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Decides about the certificate of a device: it must come from the authorities, by a chain as long
 * as IEEE 2030.5 allows, and, where that is wanted, have the form that the standard gives it.
 * There is no revocation: devices know no lists and no OCSP, so a server denies single ones.
 *
 * <p>Written at boot, then read-only.
 */
final class DeviceTrust extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager path;
    private final boolean strict;

    DeviceTrust(List<X509Certificate> authorities, boolean strict, Provider crypto, Provider tls)
            throws GeneralSecurityException, IOException {
        this.strict = strict;
        KeyStore anchors = KeyStore.getInstance("PKCS12", crypto);
        anchors.load(null, null);
        for (int i = 0; i < authorities.size(); i++) {
            anchors.setCertificateEntry("authority-" + i, authorities.get(i));
        }
        PKIXBuilderParameters parameters =
                new PKIXBuilderParameters(anchors, new X509CertSelector());
        parameters.setRevocationEnabled(false);
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX", tls);
        factory.init(new CertPathTrustManagerParameters(parameters));
        this.path = (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        try {
            path.checkClientTrusted(chain, type, engine);
        } catch (RuntimeException malformed) {
            // What a stranger has sent is no reason to fail otherwise.
            throw new CertificateException("the client's certificate cannot be read", malformed);
        }
        if (depth(chain) > DeviceProfile.CHAIN_MAX) {
            throw new CertificateException("the client's chain has more than "
                    + DeviceProfile.CHAIN_MAX + " certificates with its root");
        }
        if (strict) {
            List<String> findings = DeviceProfile.device(chain[0]);
            if (!findings.isEmpty()) {
                throw new CertificateException("the client's certificate is not one of a device: "
                        + findings.getFirst());
            }
        }
    }

    /** Certificates from an authority to the device; what was sent beyond that does not count. */
    private int depth(X509Certificate[] chain) {
        for (int i = 0; i < chain.length; i++) {
            for (X509Certificate authority : path.getAcceptedIssuers()) {
                if (chain[i].getIssuerX500Principal()
                        .equals(authority.getSubjectX500Principal())) {
                    return i + 2;
                }
            }
        }
        return chain.length;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        checkClientTrusted(chain, type, (SSLEngine) null);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, type, (SSLEngine) null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        // Servers are spoken to in a rehearsal only.
        path.checkServerTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        checkServerTrusted(chain, type, (SSLEngine) null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, type, (SSLEngine) null);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return path.getAcceptedIssuers();
    }
}
