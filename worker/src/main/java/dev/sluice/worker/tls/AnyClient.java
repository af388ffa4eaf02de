package dev.sluice.worker.tls;

import java.net.Socket;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Lets every certificate through the handshake, where the client proves that it has the key: the
 * {@link ClientVerifier} judges it afterwards. Stateless.
 */
final class AnyClient extends X509ExtendedTrustManager {

    private final X509Certificate[] named;

    /** @param named the authorities that clients are told */
    AnyClient(X509Certificate[] named) {
        this.named = named;
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return named.clone();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) {
        // See above.
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {
        // See above.
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {
        // See above.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) {
        throw new AssertionError("it is for servers");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {
        throw new AssertionError("it is for servers");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {
        throw new AssertionError("it is for servers");
    }
}
