package dev.sluice.worker.tls;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.config.CertificateConfig;
import dev.sluice.common.config.ServerTlsConfig;
import dev.sluice.worker.exchange.ClientCertificate;
import dev.sluice.worker.exchange.TlsFacts;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * The server's side of TLS under one set of {@code ssl_*} keys: its certificates, of which the
 * library, BoringSSL, shows the first that a client understands, versions and suites.
 *
 * <p>Written at boot, then read-only; the sessions inside belong to the event loop.
 */
final class TlsServer implements TlsProvider {

    private static final String HTTP_1_1 = "http/1.1";
    private static final String HTTP_2 = "h2";

    private final SslContext context;
    private final boolean preferOwnCiphers;
    private final boolean tickets;
    private final boolean http2;
    private final byte[] sessionContext;
    /** What clients are shown, the best first; empty for the one certificate of the context. */
    private final List<Credential> credentials = new ArrayList<>();
    private final Clock clock;
    /** Null where clients are asked for no certificate. */
    private final ClientVerifier verifier;

    /**
     * @param stapling knows what authorities say; asked only where the settings want it
     * @throws IllegalArgumentException a file cannot be used, with the reason
     */
    TlsServer(ServerTlsConfig config, TlsFiles files, Clock clock, Stapling stapling) {
        if (!OpenSsl.isAvailable()) {
            throw new IllegalArgumentException("TLS needs BoringSSL, which cannot be loaded: "
                    + OpenSsl.unavailabilityCause());
        }
        this.clock = clock;
        this.preferOwnCiphers = config.preferServerCiphers();
        this.tickets = config.tickets().on();
        this.http2 = config.http2();
        this.sessionContext = sessionContext(config);
        try {
            this.verifier = config.clients() == null ? null
                    : new ClientVerifier(config.clients(), files);
            this.context = context(config, files, verifier, stapling);
        } catch (SSLException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException("TLS: " + e.getMessage(), e);
        }
        OpenSslServerSessionContext sessions = sessions();
        sessions.setSessionIdContext(sessionContext);
        // Sessions live in tickets alone: a cache would be of this worker only, and take memory.
        sessions.setSessionCacheEnabled(false);
        sessions.setSessionTimeout((int) (config.tickets().timeoutMs() / 1000));
    }

    private OpenSslServerSessionContext sessions() {
        return (OpenSslServerSessionContext) context.sessionContext();
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
        ReferenceCountUtil.release(context);
    }

    byte[] sessionContext() {
        return sessionContext;
    }

    /** @param keys of which the first encrypts tickets, and all decrypt them */
    void ticketKeys(OpenSslSessionTicketKey... keys) {
        sessions().setTicketKeys(keys);
    }

    private SslContext context(ServerTlsConfig config, TlsFiles files,
            ClientVerifier verifier, Stapling stapling)
            throws SSLException, GeneralSecurityException {
        List<PrivateKey> keys = new ArrayList<>();
        List<X509Certificate[]> chains = new ArrayList<>();
        List<byte[]> staples = new ArrayList<>();
        boolean stapled = false;
        for (CertificateConfig one : config.certificates()) {
            X509Certificate[] chain = files.certificates(one.certificate());
            // What fits more clients comes last: who takes ECDSA is served faster.
            int place = chain[0].getPublicKey().getAlgorithm().equals("RSA") ? keys.size() : 0;
            chains.add(place, chain);
            keys.add(place, files.key(one.key(), chain[0].getPublicKey().getAlgorithm()));
            byte[] staple = config.stapling() == null ? null
                    : stapling.answerFor(config, one, chain, files.handed());
            staples.add(place, staple);
            stapled |= staple != null;
        }
        SslContextBuilder builder = SslContextBuilder.forServer(keys.getFirst(), chains.getFirst())
                .sslProvider(SslProvider.OPENSSL_REFCNT)
                .protocols(config.protocols())
                .ciphers(Suites.with(config.ciphers()))
                .option(OpenSslContextOption.GROUPS, config.groups().toArray(String[]::new))
                .option(OpenSslContextOption.USE_TASKS, false)
                .applicationProtocolConfig(new ApplicationProtocolConfig(Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        config.http2() ? List.of(HTTP_2, HTTP_1_1) : List.of(HTTP_1_1)));
        if (verifier != null) {
            builder.clientAuth(ClientAuth.OPTIONAL)
                    .trustManager(new AnyClient(verifier.named()));
        }
        SslContext built = builder.build();
        for (int i = 0; i < keys.size() && (stapled || keys.size() > 1); i++) {
            credentials.add(Credential.of(keys.get(i), chains.get(i), staples.get(i)));
        }
        return built;
    }

    @Override
    public boolean http2() {
        return http2;
    }

    @Override
    public SSLEngine newEngine() {
        var engine = (ReferenceCountedOpenSslEngine) context.newEngine(
                UnpooledByteBufAllocator.DEFAULT);
        for (int i = 0; i < credentials.size(); i++) {
            credentials.get(i).addTo(engine.sslPointer());
        }
        if (!preferOwnCiphers) {
            SSL.clearOptions(engine.sslPointer(), SSL.SSL_OP_CIPHER_SERVER_PREFERENCE);
        }
        if (tickets) {
            SSL.clearOptions(engine.sslPointer(), SSL.SSL_OP_NO_TICKET);
        } else {
            SSL.setOptions(engine.sslPointer(), SSL.SSL_OP_NO_TICKET);
        }
        return engine;
    }

    @Override
    public TlsFacts facts(SSLEngine shaken, int server, String name) {
        var engine = (ReferenceCountedOpenSslEngine) shaken;
        byte[][] shown = verifier == null ? null : shown(engine);
        ClientCertificate client =
                shown == null ? null : verifier.judge(shown, clock.nowMs());
        return new TlsFacts(server, engine.getSession().getProtocol(),
                SSL.getCipherForSSL(engine.sslPointer()), name,
                SSL.isSessionReused(engine.sslPointer()), client,
                verifier == null ? 0 : verifier.refusal(client, shown != null));
    }

    /** What the client has shown, its own certificate first; null for nothing. */
    private static byte[][] shown(ReferenceCountedOpenSslEngine engine) {
        try {
            Certificate[] chain = engine.getSession().getPeerCertificates();
            byte[][] ders = new byte[chain.length][];
            for (int i = 0; i < ders.length; i++) {
                ders[i] = chain[i].getEncoded();
            }
            return ders;
        } catch (SSLPeerUnverifiedException | CertificateEncodingException nothing) {
            return null;
        }
    }
}
