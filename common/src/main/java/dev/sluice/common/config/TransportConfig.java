package dev.sluice.common.config;

/**
 * What a connection to a peer is like below messages. Connections are shared only by requests whose
 * transports are equal in everything: that is what identifies us to the peer, and it to us.
 * Written at boot, then read-only.
 *
 * @param tls null for plain connections
 * @param bindAddress the local address, a literal; null for the kernel's choice
 * @param proxyProtocol version of the PROXY protocol header that is sent first, 0 for none
 * @param fastOpen whether the first bytes may travel with the SYN (RFC 7413)
 * @param http2 null for HTTP/1.1
 */
public record TransportConfig(
        ProxyTlsConfig tls, String bindAddress, int proxyProtocol, boolean fastOpen,
        Http2PeerConfig http2) {

    public static final TransportConfig PLAIN = new TransportConfig(null, null, 0, false, null);

    /** Whether it is {@link #PLAIN} in everything. */
    public boolean isPlain() {
        return tls == null && bindAddress == null && proxyProtocol == 0 && !fastOpen
                && http2 == null;
    }
}
