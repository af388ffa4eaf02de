package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.counters.Termination;
import dev.sluice.common.identity.CertificateMaker;
import dev.sluice.common.identity.MadeCertificate;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chains of several authorities, revoked certificates, and keys of all forms towards peers. */
class ProxyTrustTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Instant NOW = Instant.ofEpochMilli(SystemClock.INSTANCE.nowMs());
    private static final Instant SOON = NOW.plusSeconds(86_400);

    @TempDir
    static Path folder;

    private static MadeCertificate root;
    private static MadeCertificate upper;
    private static MadeCertificate lower;
    private static MadeCertificate leaf;
    private static MadeCertificate short1;

    private final ProxyHarness h = new ProxyHarness();
    private ScriptedPeer peer;

    @BeforeAll
    static void makeCertificates() throws Exception {
        root = authority("CN=root").selfSigned();
        upper = authority("CN=upper").signedBy(root);
        lower = authority("CN=lower").signedBy(upper);
        leaf = server().signedBy(lower);
        short1 = server().signedBy(upper);
        Files.writeString(folder.resolve("root.pem"), root.pem());
    }

    private static CertificateMaker server() throws IOException {
        return CertificateMaker.ofServer(List.of("app.test", "127.0.0.1"), false,
                NOW.minusSeconds(60), SOON);
    }

    private static CertificateMaker authority(String subject) throws IOException {
        return new CertificateMaker(subject, NOW.minusSeconds(60), SOON)
                .with(Extension.keyUsage, true,
                        new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                .with(Extension.basicConstraints, true, new BasicConstraints(true));
    }

    /** What an authority has revoked, perhaps nothing. */
    private static String list(MadeCertificate authority, Instant nextUpdate,
            X509Certificate... revoked) throws Exception {
        JcaX509v2CRLBuilder builder = new JcaX509v2CRLBuilder(
                authority.certificate(), Date.from(NOW.minusSeconds(3_600)));
        builder.setNextUpdate(Date.from(nextUpdate));
        for (X509Certificate one : revoked) {
            builder.addCRLEntry(one.getSerialNumber(), Date.from(NOW.minusSeconds(1_800)),
                    CRLReason.keyCompromise);
        }
        byte[] der = builder.build(new JcaContentSignerBuilder("SHA256withECDSA")
                .build(authority.key())).getEncoded();
        return "-----BEGIN X509 CRL-----\n" + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END X509 CRL-----\n";
    }

    /** A peer that shows these, and wants a certificate of a client if somebody is trusted. */
    private static SSLContext context(MadeCertificate shown, MadeCertificate trusted,
            MadeCertificate... above) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("one", shown.key(), new char[0], Stream.concat(Stream.of(shown),
                Stream.of(above)).map(MadeCertificate::certificate).toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(keys, new char[0]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        authorities.setCertificateEntry("one", (trusted == null ? root : trusted).certificate());
        trust.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private void start(SSLContext context, boolean wantsCertificate) throws Exception {
        peer = new ScriptedPeer(context, wantsCertificate);
        h.location("proxy_pass", "https://app");
        h.location("proxy_ssl_trusted_certificate", folder.resolve("root.pem").toString());
        h.peer(peer).start();
    }

    private void passes(SSLContext context) throws Exception {
        start(context, false);
        peer.script(p -> p.serve(OK));
        assertEquals("ok", h.get("/").bodyText(), h.logged::toString);
    }

    private void refuses(SSLContext context, String why) throws Exception {
        start(context, false);
        peer.script(p -> {
            p.accept();
            try {
                p.readHead();
            } catch (IOException alert) {
                // The handshake fails on this side too.
                return;
            }
        });
        assertSame(Termination.UPSTREAM_TLS_UNTRUSTED, h.get("/").exchange.upstreamError,
                h.logged::toString);
        assertTrue(h.logged.toString().contains(why), h.logged::toString);
        h.assertQuiet();
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        h.stop();
    }

    @Test
    void oneAuthorityMayStandBetween() throws Exception {
        passes(context(short1, null, upper));
    }

    @Test
    void twoMayNotUnlessAllowed() throws Exception {
        refuses(context(leaf, null, lower, upper),
                "more than proxy_ssl_verify_depth authorities (1) stand between");
    }

    @Test
    void theOperatorMayAllowThem() throws Exception {
        h.location("proxy_ssl_verify_depth", "2");
        // What nobody needs does not count.
        passes(context(leaf, null, lower, upper, root));
    }

    private void revoked(String... lists) throws IOException {
        Files.writeString(folder.resolve("revoked.crl"), String.join("", lists));
        h.location("proxy_ssl_crl", folder.resolve("revoked.crl").toString());
    }

    @Test
    void whatNobodyHasRevokedPasses() throws Exception {
        revoked(list(root, SOON), list(upper, SOON, leaf.certificate()));
        passes(context(short1, null, upper));
    }

    @Test
    void aRevokedCertificateIsRefused() throws Exception {
        revoked(list(root, SOON), list(upper, SOON, short1.certificate()));
        refuses(context(short1, null, upper), "revoked");
    }

    @Test
    void soIsOneOfARevokedAuthority() throws Exception {
        revoked(list(root, SOON, upper.certificate()), list(upper, SOON));
        refuses(context(short1, null, upper), "revoked");
    }

    @Test
    void withoutAListOfAnAuthorityNothingIsKnown() throws Exception {
        revoked(list(upper, SOON));
        refuses(context(short1, null, upper), "revocation status");
    }

    @Test
    void aListOutOfDateSaysNothing() throws Exception {
        revoked(list(root, SOON), list(upper, NOW.minusSeconds(1_000)));
        refuses(context(short1, null, upper), "revocation status");
    }

    /** One file with key and certificate, which the master opens with a password. */
    @Test
    void theKeyMayBeEncrypted() throws Exception {
        MadeCertificate own = CertificateMaker.ofServer(List.of("own"), false,
                NOW.minusSeconds(60), SOON).selfSigned();
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(new JcaPKCS8Generator(own.key(),
                    new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                            .setProvider(new BouncyCastleProvider())
                            .setPassword("geheim".toCharArray()).build()));
        }
        Files.writeString(folder.resolve("own.pem"), text + own.pem());
        Files.writeString(folder.resolve("passwords"), "wrong\ngeheim\n");
        h.location("proxy_ssl_password_file", folder.resolve("passwords").toString());
        h.location("proxy_ssl_certificate", folder.resolve("own.pem").toString());
        h.location("proxy_ssl_certificate_key", folder.resolve("own.pem").toString());
        start(context(short1, own, upper), true);
        AtomicReference<String> shown = new AtomicReference<>();
        peer.script(p -> {
            p.serve(OK);
            shown.set(p.session().getPeerPrincipal().getName());
        });
        assertEquals("ok", h.get("/").bodyText(), h.logged::toString);
        peer.join();
        assertEquals("CN=own", shown.get());
    }
}
