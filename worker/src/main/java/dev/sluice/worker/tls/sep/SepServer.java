package dev.sluice.worker.tls.sep;

import dev.sluice.common.config.CertificateConfig;
import dev.sluice.common.config.ServerTlsConfig;
import dev.sluice.common.config.TlsProfile;
import dev.sluice.worker.exchange.ClientCertificate;
import dev.sluice.worker.exchange.TlsFacts;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.Offload;
import dev.sluice.worker.tls.TlsEngine;
import dev.sluice.worker.tls.TlsFiles;
import dev.sluice.worker.tls.TlsProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.BCSSLEngine;
import org.bouncycastle.jsse.BCSSLParameters;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;

/**
 * The server's side of TLS as IEEE 2030.5-2018 §6.7 asks for: TLS 1.2, ECDHE on P-256, ECDSA with
 * SHA-256, AES-128 with CCM and a tag of 8 bytes (RFC 7251), and a certificate of the client.
 *
 * <p>A handshake takes several milliseconds, written in Java as it is, so it is made on a thread
 * beside the loop. Sessions are kept in this worker, so that a device that comes back to it makes a
 * short one: the library has no tickets for servers.
 *
 * <p>Written at boot, then read-only; the sessions inside belong to the event loop.
 */
public final class SepServer implements TlsProvider {

    private static final String CCM_8 = "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8";
    private static final String GCM = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    private static final String[] VERSIONS = {"TLSv1.2"};
    private static final String[] GROUPS = {"secp256r1"};
    private static final String[] SIGNATURES = {"ecdsa_secp256r1_sha256"};

    /** About 4 KB each. */
    private static final int SESSIONS_MAX = 4096;

    /** Where the facts of a session are kept in it, to be found when it is taken up again. */
    private static final String CLIENT = "sluice.client";

    /** Warns of each failed handshake, which we log ourselves; held, or its level is forgotten. */
    private static final Logger LIBRARY = Logger.getLogger("org.bouncycastle.jsse");

    private final EventLoop loop;
    private final Offload side;
    private final SSLContext context;
    private final BCSSLParameters parameters;
    private final boolean http;
    private final boolean http2;

    /**
     * @param rehearse whether handshakes are made with itself, so that the first client does not
     *     wait until all classes are loaded
     * @param side makes the handshakes of this loop's connections
     * @throws IllegalArgumentException a file cannot be used, with the reason
     */
    public SepServer(ServerTlsConfig config, TlsFiles files, boolean rehearse, EventLoop loop,
            Offload side) {
        this.loop = loop;
        this.side = side;
        LIBRARY.setLevel(Level.SEVERE);
        boolean strict = config.profile() == TlsProfile.IEEE2030_5_STRICT;
        this.parameters = new BCSSLParameters(
                strict ? new String[] {CCM_8} : new String[] {CCM_8, GCM}, VERSIONS);
        parameters.setUseCipherSuitesOrder(true);
        parameters.setNeedClientAuth(true);
        parameters.setNamedGroups(GROUPS);
        parameters.setSignatureSchemes(SIGNATURES);
        this.http = config.http();
        this.http2 = config.http2();
        if (http) {
            parameters.setApplicationProtocols(http2 ? new String[] {"h2", "http/1.1"}
                    : new String[] {"http/1.1"});
        }
        try {
            this.context = context(config, files, strict, rehearse);
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("TLS: " + e.getMessage(), e);
        }
    }

    private SSLContext context(ServerTlsConfig config, TlsFiles files, boolean strict,
            boolean rehearse) throws GeneralSecurityException, IOException {
        BouncyCastleProvider crypto = new BouncyCastleProvider();
        Provider tls = new BouncyCastleJsseProvider(crypto);
        CertificateConfig own = config.certificates().getFirst();
        X509Certificate[] chain = files.certificates(own.certificate());
        // A store of BouncyCastle's that is never written needs no password.
        KeyStore keys = KeyStore.getInstance("PKCS12", crypto);
        keys.load(null, null);
        keys.setKeyEntry("own", files.key(own.key(), chain[0].getPublicKey().getAlgorithm()),
                null, chain);
        KeyManagerFactory keyFactory = KeyManagerFactory.getInstance("PKIX", tls);
        keyFactory.init(keys, null);
        SSLContext context = SSLContext.getInstance("TLSv1.2", tls);
        context.init(keyFactory.getKeyManagers(), new TrustManager[] {new DeviceTrust(
                List.of(files.certificates(config.clients().authorities())), strict, crypto, tls)},
                new SecureRandom());
        context.getServerSessionContext().setSessionCacheSize(SESSIONS_MAX);
        context.getServerSessionContext().setSessionTimeout(
                (int) (config.tickets().timeoutMs() / 1000));
        if (rehearse) {
            SSLContext both = SSLContext.getInstance("TLSv1.2", tls);
            both.init(keyFactory.getKeyManagers(), new TrustManager[] {
                new DeviceTrust(List.of(chain), false, crypto, tls)}, new SecureRandom());
            Rehearsal.run(both, parameters);
        }
        return context;
    }

    @Override
    public boolean http() {
        return http;
    }

    @Override
    public boolean http2() {
        return http2;
    }

    @Override
    public TlsEngine newEngine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        ((BCSSLEngine) engine).setParameters(parameters);
        return new SideEngine(engine, loop, side);
    }

    @Override
    public TlsFacts facts(TlsEngine engine, int server, String name) {
        SSLSession session = ((SideEngine) engine).engine().getSession();
        ClientCertificate client = (ClientCertificate) session.getValue(CLIENT);
        boolean resumed = client != null;
        if (!resumed) {
            client = client(session);
            session.putValue(CLIENT, client);
        }
        return new TlsFacts(server, session.getProtocol(), openSslName(session.getCipherSuite()),
                name, resumed, client, 0);
    }

    @Override
    public void retire() {
        // The collector has the rest.
    }

    private static ClientCertificate client(SSLSession session) {
        try {
            Certificate[] shown = session.getPeerCertificates();
            X509Certificate[] chain = new X509Certificate[shown.length];
            byte[][] ders = new byte[shown.length][];
            for (int i = 0; i < shown.length; i++) {
                chain[i] = (X509Certificate) shown[i];
                ders[i] = shown[i].getEncoded();
            }
            return new ClientCertificate(chain, ders, ClientCertificate.SUCCESS);
        } catch (SSLPeerUnverifiedException | GeneralSecurityException impossible) {
            // The handshake does not end without a certificate that was read.
            throw new IllegalStateException(impossible);
        }
    }

    private static String openSslName(String suite) {
        return suite.equals(CCM_8) ? "ECDHE-ECDSA-AES128-CCM8" : "ECDHE-ECDSA-AES128-GCM-SHA256";
    }
}
