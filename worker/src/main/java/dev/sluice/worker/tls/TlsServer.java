package dev.sluice.worker.tls;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.config.CertificateConfig;
import dev.sluice.common.config.ServerTlsConfig;
import dev.sluice.worker.exchange.ClientCertificate;
import dev.sluice.worker.exchange.TlsFacts;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SessionTicketKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * The server's side of TLS under one set of {@code ssl_*} keys: its certificates, of which the
 * library, BoringSSL, shows the first that a client understands, versions and suites.
 *
 * <p>Written at boot, then read-only; the sessions inside belong to the event loop.
 */
final class TlsServer implements TlsProvider {

    private static final String HTTP_1_1 = "http/1.1";
    private static final String HTTP_2 = "h2";

    private final BoringContext context;
    private final boolean http;
    private final boolean http2;
    private final byte[] sessionContext;
    /** What clients are shown, the best first. */
    private final List<Credential> credentials = new ArrayList<>();
    private final Clock clock;
    /** Null where clients are asked for no certificate. */
    private final ClientVerifier verifier;

    /**
     * @param stapling knows what authorities say; asked only where the settings want it
     * @throws IllegalArgumentException a file cannot be used, with the reason
     */
    TlsServer(ServerTlsConfig config, TlsFiles files, Clock clock, Stapling stapling) {
        this.clock = clock;
        this.http = config.http();
        this.http2 = config.http2();
        this.sessionContext = sessionContext(config);
        BoringSsl.need();
        try {
            this.verifier = config.clients() == null ? null
                    : new ClientVerifier(config.clients(), files);
            addCredentials(config, files, stapling);
            this.context = new BoringContext(config, verifier == null ? null : verifier.named(),
                    sessionContext);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            credentials.forEach(Credential::release);
            throw new IllegalArgumentException("TLS: " + e.getMessage(), e);
        }
    }

    /**
     * Servers that agree in it share their sessions, also with those of other workers and of other
     * generations: it names the files that decide who the server is and who the client may be,
     * and not their content, which is renewed now and then.
     */
    private static byte[] sessionContext(ServerTlsConfig config) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(
                    (config.certificates() + " " + config.clients())
                            .getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            // Every Java has it.
            throw new IllegalStateException(impossible);
        }
    }

    /** Nothing begins with it any more; the connections that have hold on to what they need. */
    @Override
    public void retire() {
        credentials.forEach(Credential::release);
        context.retire();
    }

    byte[] sessionContext() {
        return sessionContext;
    }

    /** @param keys of which the first encrypts tickets, and all decrypt them */
    void ticketKeys(SessionTicketKey... keys) {
        context.ticketKeys(keys);
    }

    private void addCredentials(ServerTlsConfig config, TlsFiles files, Stapling stapling)
            throws GeneralSecurityException {
        for (CertificateConfig one : config.certificates()) {
            X509Certificate[] chain = files.certificates(one.certificate());
            String algorithm = chain[0].getPublicKey().getAlgorithm();
            byte[] staple = config.stapling() == null ? null
                    : stapling.answerFor(config, one, chain, files.handed());
            // What fits more clients comes last: who takes ECDSA is served faster.
            int place = algorithm.equals("RSA") ? credentials.size() : 0;
            credentials.add(place,
                    Credential.of(files.key(one.key(), algorithm), chain, staple));
        }
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
        BoringEngine engine = new BoringEngine(context);
        for (int i = 0; i < credentials.size(); i++) {
            credentials.get(i).addTo(engine.pointer());
        }
        return engine;
    }

    @Override
    public TlsFacts facts(TlsEngine shaken, int server, String name) {
        long ssl = ((BoringEngine) shaken).pointer();
        byte[][] shown = verifier == null ? null : shown(ssl);
        ClientCertificate client =
                shown == null ? null : verifier.judge(shown, clock.nowMs());
        return new TlsFacts(server, SSL.getVersion(ssl), SSL.getCipherForSSL(ssl), name,
                SSL.isSessionReused(ssl), client,
                verifier == null ? 0 : verifier.refusal(client, shown != null));
    }

    /** What the client has shown, its own certificate first; null for nothing. */
    private static byte[][] shown(long ssl) {
        byte[] own = SSL.getPeerCertificate(ssl);
        if (own == null) {
            return null;
        }
        byte[][] above = SSL.getPeerCertChain(ssl);
        byte[][] all = new byte[above == null ? 1 : above.length + 1][];
        all[0] = own;
        for (int i = 1; i < all.length; i++) {
            all[i] = above[i - 1];
        }
        return all;
    }
}
