package dev.sluice.worker.tls.sep;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.identity.MadeCertificate;
import dev.sluice.common.identity.TrialPki;
import java.security.KeyStore;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.BCSSLParameters;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.junit.jupiter.api.Test;

/** A server that meets itself. */
class RehearsalTest {

    private final BouncyCastleProvider crypto = new BouncyCastleProvider();
    private final Provider tls = new BouncyCastleJsseProvider(crypto);

    private int rehearse(boolean trusted) throws Exception {
        TrialPki pki = new TrialPki(Instant.ofEpochMilli(SystemClock.INSTANCE.nowMs()));
        MadeCertificate own = pki.server(List.of("der.test"));
        X509Certificate[] chain = {own.certificate(), pki.issuer.certificate()};
        KeyStore keys = KeyStore.getInstance("PKCS12", crypto);
        keys.load(null, null);
        keys.setKeyEntry("own", own.key(), null, chain);
        KeyManagerFactory keyFactory = KeyManagerFactory.getInstance("PKIX", tls);
        keyFactory.init(keys, null);
        List<X509Certificate> anchors = trusted ? List.of(chain)
                : List.of(pki.device("01").certificate());
        SSLContext both = SSLContext.getInstance("TLSv1.2", tls);
        both.init(keyFactory.getKeyManagers(), new TrustManager[] {
            new DeviceTrust(anchors, false, crypto, tls)}, null);
        BCSSLParameters parameters = new BCSSLParameters(
                new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8"}, new String[] {"TLSv1.2"});
        parameters.setNeedClientAuth(true);
        return Rehearsal.run(both, parameters);
    }

    @Test
    void everyHandshakeComesToItsEnd() throws Exception {
        assertEquals(5, rehearse(true));
    }

    @Test
    void oneThatFailsEndsItQuietly() throws Exception {
        assertEquals(0, rehearse(false));
    }
}
