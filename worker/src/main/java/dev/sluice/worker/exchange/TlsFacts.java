package dev.sluice.worker.exchange;

/**
 * What a handshake with a client has settled; the same for all requests of the connection.
 *
 * @param server place in {@code SluiceConfig.clientTls()} of the server that spoke
 * @param protocol {@code TLSv1.3}
 * @param cipher name of the suite, as the library has it
 * @param serverName the name that the client asked for (RFC 6066 §3), lower case; empty for none
 * @param resumed whether an earlier session was taken up again
 * @param client what the client has shown of itself; null for nothing
 * @param refusal what requests are answered with because of that, 495 or 496 as in nginx, or 403
 *     by the word of a module; 0 when the client is welcome
 */
public record TlsFacts(int server, String protocol, String cipher, String serverName,
        boolean resumed, ClientCertificate client, int refusal) {

    /** The same client, refused; what it is refused for already stays the reason. */
    public TlsFacts refused(int status) {
        return refusal != 0 ? this : new TlsFacts(server, protocol, cipher, serverName, resumed,
                client, status);
    }
}
