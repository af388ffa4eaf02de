package dev.sluice.talk;

import dev.sluice.common.identity.MadeCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A client that speaks TLS and takes its sessions along to the next connection. */
final class SecureClient {

    private static final char[] PASSWORD = "of-this-test".toCharArray();

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

    private static KeyManager[] keys(MadeCertificate... shown)
            throws GeneralSecurityException, IOException {
        if (shown.length == 0) {
            return null;
        }
        X509Certificate[] chain = new X509Certificate[shown.length];
        for (int i = 0; i < chain.length; i++) {
            chain[i] = shown[i].certificate();
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", shown[0].key(), PASSWORD, chain);
        // The older factory shows what it has to anybody, as a client that is to be refused does.
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(store, PASSWORD);
        return keys.getKeyManagers();
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
