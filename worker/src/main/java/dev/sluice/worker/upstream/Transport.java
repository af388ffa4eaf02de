package dev.sluice.worker.upstream;

import dev.sluice.common.config.TransportConfig;
import dev.sluice.worker.tls.TlsClient;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * What connections to peers are like below HTTP. There is one object for each configuration that
 * occurs, so that two connections may stand for each other exactly if theirs is the same.
 *
 * <p>Written at boot, then read-only.
 */
public final class Transport {

    // Linux's numbers, the same on every architecture; Netty has no public call for these.
    private static final int IPPROTO_IP = 0;
    private static final int IPPROTO_TCP = 6;
    private static final int IP_BIND_ADDRESS_NO_PORT = 24;
    private static final int TCP_FASTOPEN_CONNECT = 30;

    public final TransportConfig config;
    final TlsClient tls;
    private final InetSocketAddress bind;

    /** @param tls null for plain connections */
    Transport(TransportConfig config, TlsClient tls) {
        assert (tls == null) == (config.tls() == null);
        this.config = config;
        this.tls = tls;
        this.bind = config.bindAddress() == null ? null
                : new InetSocketAddress(InetAddress.ofLiteral(config.bindAddress()), 0);
    }

    public boolean isEncrypted() {
        return tls != null;
    }

    public boolean isHttp2() {
        return config.http2() != null;
    }

    /** @throws ChannelException there is no descriptor left, or no such family */
    static LinuxSocket socketFor(SocketAddress to) {
        return to instanceof InetSocketAddress inet
                ? LinuxSocket.newSocketStream(inet.getAddress() instanceof Inet6Address)
                : LinuxSocket.newSocketDomain();
    }

    /**
     * Sets what has to be set before a socket is connected (ip(7), tcp(7)).
     *
     * @return null, or why it cannot be connected like this
     */
    ConnectFailure prepare(LinuxSocket fresh, SocketAddress to) {
        if (!(to instanceof InetSocketAddress)) {
            return null;
        }
        try {
            fresh.setTcpNoDelay(true);
            if (config.fastOpen()) {
                fresh.setIntOpt(IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1);
            }
            if (bind != null) {
                // The port is chosen when the peer is known, so that each peer has all ports.
                fresh.setIntOpt(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
                return bindTo(fresh);
            }
            return null;
        } catch (IOException e) {
            return ConnectFailure.of(e);
        }
    }

    private ConnectFailure bindTo(LinuxSocket fresh) {
        try {
            fresh.bind(bind);
            return null;
        } catch (IOException e) {
            return ConnectFailure.noAddress(bind, e);
        }
    }
}
