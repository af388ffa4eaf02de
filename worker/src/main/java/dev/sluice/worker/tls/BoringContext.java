package dev.sluice.worker.tls;

import dev.sluice.common.config.ServerTlsConfig;
import io.netty.internal.tcnative.CertificateVerifier;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import io.netty.internal.tcnative.SessionTicketKey;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What all connections of a server agree in, as BoringSSL keeps it. It lives as long as the last
 * of them: the library frees it when it is released and no connection has it any more.
 *
 * <p>Owner: event loop. {@link #release} must be called once.
 */
final class BoringContext {

    private static final String HTTP_1_1 = "http/1.1";
    private static final String HTTP_2 = "h2";
    /** More than a chain of certificates can be long, whose length we judge ourselves. */
    private static final int DEPTH = 10;
    private static final int VERSIONS = SSL.SSL_PROTOCOL_TLSV1 | SSL.SSL_PROTOCOL_TLSV1_1
            | SSL.SSL_PROTOCOL_TLSV1_2 | SSL.SSL_PROTOCOL_TLSV1_3;

    /** Lets every certificate through: {@link ClientVerifier} judges it after the handshake. */
    private static final class AnyClient extends CertificateVerifier {
        @Override
        public int verify(long ssl, byte[][] chain, String kind) {
            return X509_V_OK;
        }
    }

    private final long pointer;
    private int connectionCount;
    private boolean retired;

    /**
     * @param named the authorities that clients are told; null to ask them for no certificate
     * @throws GeneralSecurityException the library refuses a setting
     */
    BoringContext(ServerTlsConfig config, X509Certificate[] named, byte[] sessionContext)
            throws GeneralSecurityException {
        BoringSsl.need();
        long made = 0;
        try {
            made = SSLContext.make(VERSIONS, SSL.SSL_MODE_SERVER);
            set(made, config, sessionContext);
            if (named != null) {
                askClients(made, named);
            }
        } catch (GeneralSecurityException e) {
            SSLContext.free(made);
            throw e;
        } catch (Exception e) {
            if (made != 0) {
                SSLContext.free(made);
            }
            throw new GeneralSecurityException(e);
        }
        this.pointer = made;
    }

    private static void set(long ctx, ServerTlsConfig config, byte[] sessionContext)
            throws Exception {
        SSLContext.setOptions(ctx, options(config));
        SSLContext.clearOptions(ctx, (config.preferServerCiphers() ? 0
                : SSL.SSL_OP_CIPHER_SERVER_PREFERENCE)
                | (config.tickets().on() ? SSL.SSL_OP_NO_TICKET : 0));
        SSLContext.setMode(ctx, SSLContext.getMode(ctx) | SSL.SSL_MODE_ENABLE_PARTIAL_WRITE
                | SSL.SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL.SSL_MODE_RELEASE_BUFFERS);
        if (!SSLContext.setCipherSuite(ctx, config.ciphers(), false)) {
            throw new GeneralSecurityException("no such ciphers: " + config.ciphers());
        }
        if (!SSLContext.setCurvesList(ctx, config.groups().toArray(String[]::new))) {
            throw new GeneralSecurityException("no such groups: " + config.groups());
        }
        if (config.http()) {
            SSLContext.setAlpnProtos(ctx, config.http2() ? new String[] {HTTP_2, HTTP_1_1}
                    : new String[] {HTTP_1_1}, SSL.SSL_SELECTOR_FAILURE_NO_ADVERTISE);
        }
        SSLContext.setVerify(ctx, SSL.SSL_CVERIFY_NONE, DEPTH);
        // Sessions live in tickets alone: a cache would be of this worker only, and take memory.
        SSLContext.setSessionCacheMode(ctx, SSL.SSL_SESS_CACHE_OFF);
        SSLContext.setSessionCacheTimeout(ctx, config.tickets().timeoutMs() / 1000);
        if (!SSLContext.setSessionIdContext(ctx, sessionContext)) {
            throw new GeneralSecurityException("the context of sessions is refused");
        }
    }

    private static int options(ServerTlsConfig config) {
        List<String> versions = config.protocols();
        return SSL.SSL_OP_NO_SSLv2 | SSL.SSL_OP_NO_SSLv3 | SSL.SSL_OP_NO_COMPRESSION
                | (versions.contains("TLSv1") ? 0 : SSL.SSL_OP_NO_TLSv1)
                | (versions.contains("TLSv1.1") ? 0 : SSL.SSL_OP_NO_TLSv1_1)
                | (versions.contains("TLSv1.2") ? 0 : SSL.SSL_OP_NO_TLSv1_2)
                | (versions.contains("TLSv1.3") ? 0 : SSL.SSL_OP_NO_TLSv1_3)
                | (config.preferServerCiphers() ? SSL.SSL_OP_CIPHER_SERVER_PREFERENCE : 0)
                | (config.tickets().on() ? 0 : SSL.SSL_OP_NO_TICKET);
    }

    private static void askClients(long ctx, X509Certificate[] named) throws Exception {
        SSLContext.setVerify(ctx, SSL.SSL_CVERIFY_OPTIONAL, DEPTH);
        SSLContext.setCertVerifyCallback(ctx, new AnyClient());
        if (named.length > 0) {
            long bio = PemMemory.of(pem(named));
            try {
                if (!SSLContext.setCACertificateBio(ctx, bio)) {
                    throw new GeneralSecurityException("authorities of clients are refused");
                }
            } finally {
                SSL.freeBIO(bio);
            }
        }
    }

    private static String pem(X509Certificate[] all) throws CertificateEncodingException {
        StringBuilder text = new StringBuilder();
        for (X509Certificate one : all) {
            text.append(PemMemory.pem("CERTIFICATE", one.getEncoded()));
        }
        return text.toString();
    }

    long pointer() {
        return pointer;
    }

    /** @param keys of which the first encrypts tickets, and all decrypt them */
    void ticketKeys(SessionTicketKey... keys) {
        SSLContext.setSessionTicketKeys(pointer, keys);
    }

    /** A connection has begun with it. */
    void held() {
        connectionCount++;
    }

    /** A connection has ended. */
    void letGo() {
        connectionCount--;
        free();
    }

    /** No connection begins with it any more. */
    void retire() {
        retired = true;
        free();
    }

    private void free() {
        assert connectionCount >= 0;
        if (retired && connectionCount == 0) {
            SSLContext.free(pointer);
        }
    }
}
