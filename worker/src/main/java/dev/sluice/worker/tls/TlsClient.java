package dev.sluice.worker.tls;

import dev.sluice.common.config.ProxyTlsConfig;
import dev.sluice.worker.loop.RawSocket;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * How connections to peers are encrypted under one set of {@code proxy_ssl_*} keys. The peer's
 * certificate is verified and its name is sent (RFC 6066 §3) unless the configuration says
 * otherwise.
 *
 * <p>Owner: event loop.
 */
public final class TlsClient {

    /** Its name in ALPN (RFC 9113 §3.2). */
    private static final String HTTP_2 = "h2";

    private final ProxyTlsConfig config;
    private final boolean http2;
    private final TlsBuffers buffers;
    private SslContext context;

    TlsClient(ProxyTlsConfig config, boolean http2, TlsFiles files, TlsBuffers buffers) {
        this.config = config;
        this.http2 = http2;
        this.buffers = buffers;
        this.context = context(config, http2, files);
    }

    private static SslContext context(ProxyTlsConfig config, boolean http2, TlsFiles files) {
        if (!OpenSsl.isAvailable()) {
            throw new IllegalArgumentException("TLS to peers needs BoringSSL, which cannot be"
                    + " loaded: " + OpenSsl.unavailabilityCause());
        }
        try {
            SslContextBuilder builder = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.OPENSSL_REFCNT)
                    .protocols(config.protocols())
                    .endpointIdentificationAlgorithm(config.verify() ? "HTTPS" : null);
            if (!config.ciphers().isEmpty()) {
                builder.ciphers(Suites.with(config.ciphers()));
            }
            if (!config.verify()) {
                builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
            } else {
                builder.trustManager(new PeerTrust(config, files));
            }
            if (config.certificate() != null) {
                X509Certificate[] chain = files.certificates(config.certificate());
                builder.keyManager(files.key(config.certificateKey(),
                        chain[0].getPublicKey().getAlgorithm()), chain);
            }
            if (http2) {
                builder.applicationProtocolConfig(new ApplicationProtocolConfig(Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT, HTTP_2));
            }
            return builder.build();
        } catch (SSLException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException("TLS to peers: " + e.getMessage(), e);
        }
    }

    /** Connections from now on use these; those that are open keep what they began with. */
    void renew(TlsFiles files) {
        SslContext next = context(config, http2, files);
        ReferenceCountUtil.release(context);
        context = next;
    }

    /**
     * Begins the client's side of a connection.
     *
     * @param host name or address of the peer as it was configured
     */
    public TlsLink open(String host, int port, RawSocket socket) {
        String name = config.name() == null ? host : config.name();
        SSLEngine engine = context.newEngine(UnpooledByteBufAllocator.DEFAULT, name, port);
        if (!config.serverName()) {
            // The engine has taken the name, which it needs for verifying, into the ClientHello.
            SSL.setTlsExtHostName(((ReferenceCountedOpenSslEngine) engine).sslPointer(), null);
        }
        return new TlsLink(new JsseEngine(engine), socket, buffers);
    }
}
