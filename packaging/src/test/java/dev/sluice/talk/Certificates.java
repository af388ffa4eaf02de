package dev.sluice.talk;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.identity.CertificateMaker;
import dev.sluice.common.identity.MadeCertificate;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Certificates that sign themselves, made anew for each test. */
final class Certificates {

    private static final char[] PASSWORD = "of-this-test".toCharArray();

    private Certificates() {
    }

    /** @param name the only one that it is made out to */
    static MadeCertificate ofServer(String name) throws GeneralSecurityException, IOException {
        Instant now = Instant.ofEpochMilli(SystemClock.INSTANCE.nowMs());
        return CertificateMaker.ofServer(List.of(name), false, now.minus(Duration.ofDays(1)),
                now.plus(Duration.ofDays(90))).selfSigned();
    }

    /** For a peer that shows it. */
    static SSLContext context(MadeCertificate shown)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("one", shown.key(), PASSWORD, new Certificate[] {shown.certificate()});
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
