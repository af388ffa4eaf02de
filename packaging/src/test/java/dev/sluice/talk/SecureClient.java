package dev.sluice.talk;

import dev.sluice.common.identity.MadeCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509KeyManager;

/** A client that speaks TLS and takes its sessions along to the next connection. */
final class SecureClient {

    private final SSLContext context;

    /** @param shown the client's own certificate and those that signed it; none for none */
    SecureClient(MadeCertificate trusted, MadeCertificate... shown)
            throws GeneralSecurityException, IOException {
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        authorities.setCertificateEntry("trusted", trusted.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(authorities);
        this.context = SSLContext.getInstance("TLS");
        context.init(keys(shown), trust.getTrustManagers(), null);
    }

    /** For clients that make their own connections. */
    SSLContext context() {
        return context;
    }

    private static KeyManager[] keys(MadeCertificate... shown) {
        return shown.length == 0 ? null : new KeyManager[] {new Shown(shown)};
    }

    /** Shows what it has to anybody, also to a server that names other authorities. */
    private record Shown(MadeCertificate... chain) implements X509KeyManager {

        @Override
        public String chooseClientAlias(String[] kinds, Principal[] issuers, Socket socket) {
            return "own";
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return Arrays.stream(chain).map(MadeCertificate::certificate)
                    .toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return chain[0].key();
        }

        @Override
        public String[] getClientAliases(String kind, Principal[] issuers) {
            return new String[] {"own"};
        }

        @Override
        public String[] getServerAliases(String kind, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseServerAlias(String kind, Principal[] issuers, Socket socket) {
            return null;
        }
    }

    /** @param name that it asks for (RFC 6066 §3); empty for none */
    RawClient connect(int port, String name, String... protocols) throws IOException {
        Socket raw = new Socket(InetAddress.getLoopbackAddress(), port);
        raw.setTcpNoDelay(true);
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(raw, name.isEmpty() ? "localhost" : name, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(name.isEmpty() ? List.of() : List.of(new SNIHostName(name)));
        if (protocols.length > 0) {
            parameters.setProtocols(protocols);
        }
        socket.setSSLParameters(parameters);
        return RawClient.over(socket);
    }

    /** One request on a connection of its own. */
    Response get(int port, String name, String target, String... protocols) throws IOException {
        try (RawClient client = connect(port, name, protocols)) {
            return client.request("GET " + target + " HTTP/1.1", "Host: " + name,
                    "Connection: close").response();
        }
    }
}
