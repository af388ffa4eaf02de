package dev.sluice.master.listen;

import dev.sluice.common.config.ListenConfig;
import dev.sluice.common.config.ListenOptions;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Opens listening sockets. They are bound when a reload begins, so that an address that cannot be
 * had is known early, but listen only when workers stand ready: the kernel spreads connections over
 * all listening sockets of an address, served or not.
 *
 * <p>Stateless. Owner: master loop.
 */
final class ListenSocket {

    private static final int IPPROTO_TCP = 6;
    private static final int TCP_DEFER_ACCEPT = 9;
    private static final int TCP_FASTOPEN = 23;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;

    private ListenSocket() {}

    /**
     * Fails when somebody else uses the address. SO_REUSEPORT alone would share it silently with a
     * second master of the same user: a socket without it cannot be bound beside a listening one.
     */
    static void probe(ListenConfig listen) throws IOException {
        InetSocketAddress address = address(listen, listen.port());
        Socket socket = open(listen, address);
        try {
            // Datagram sockets that say so share an address whoever has it.
            if (!listen.udp()) {
                socket.setReuseAddress(true);
            }
            bind(socket, listen, address);
        } finally {
            socket.close();
        }
    }

    /** @param port the port to bind to: the configured one, or what the kernel chose for port 0 */
    static Socket bindInet(ListenConfig listen, int port) throws IOException {
        InetSocketAddress address = address(listen, port);
        Socket socket = open(listen, address);
        try {
            socket.setReusePort(true);
            if (listen.udp()) {
                setBuffers(socket, listen.options());
            } else {
                socket.setReuseAddress(true);
                // Linux gives accepted sockets the options of the listener: one call here saves
                // one per connection in the worker.
                socket.setTcpNoDelay(true);
            }
            bind(socket, listen, address);
            return socket;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    private static Socket open(ListenConfig listen, InetSocketAddress address)
            throws IOException {
        boolean v6 = address.getAddress() instanceof Inet6Address;
        LinuxSocket socket = listen.udp() ? LinuxSocket.newSocketDgram(v6)
                : LinuxSocket.newSocketStream(v6);
        if (v6) {
            // As nginx: [::]:80 and 0.0.0.0:80 are two listeners.
            socket.setIntOpt(IPPROTO_IPV6, IPV6_V6ONLY, 1);
        }
        return socket;
    }

    static InetSocketAddress address(ListenConfig listen, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(listen.host()), port);
    }

    private static void bind(Socket socket, ListenConfig listen, InetSocketAddress address)
            throws IOException {
        try {
            socket.bind(address);
        } catch (IOException failed) {
            throw new ListenFailure("bind() to ", listen, failed);
        }
    }

    /** A socket of a path. One serves all slots: SO_REUSEPORT does not exist for it. */
    static Socket bindUnix(ListenConfig listen) throws IOException {
        Path path = Path.of(listen.unixPath());
        removeStale(listen, path);
        Socket socket = Socket.newSocketDomain();
        try {
            socket.bind(new DomainSocketAddress(listen.unixPath()));
            // As nginx: whoever may enter the folder may connect.
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
            return socket;
        } catch (IOException failed) {
            socket.close();
            throw new ListenFailure("bind() to ", listen, failed);
        }
    }

    private static void removeStale(ListenConfig listen, Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            assert channel.isConnected();
        } catch (IOException refused) {
            // Nobody listens there any more, or it is no socket at all: then bind says so.
            if (!Files.isRegularFile(path) && !Files.isDirectory(path)) {
                Files.deleteIfExists(path);
            }
            return;
        }
        throw new ListenFailure(listen);
    }

    /** Datagrams come as soon as the socket has its address. */
    static void listen(Socket socket, ListenConfig listen) throws ListenFailure {
        if (listen.udp()) {
            return;
        }
        try {
            if (listen.unixPath() == null) {
                setOptions(socket, listen.options());
            }
            socket.listen(listen.backlog());
        } catch (IOException failed) {
            throw new ListenFailure("listen() on ", listen, failed);
        }
    }

    /**
     * Also for a socket that listens already. A size of a buffer that is taken out of the file
     * stays until the next start: the kernel knows no way back.
     */
    private static void setOptions(Socket socket, ListenOptions options) throws IOException {
        socket.setIntOpt(IPPROTO_TCP, TCP_FASTOPEN, options.fastOpen());
        socket.setIntOpt(IPPROTO_TCP, TCP_DEFER_ACCEPT, options.deferred() ? 1 : 0);
        socket.setKeepAlive(options.keepAlive());
        setBuffers(socket, options);
    }

    private static void setBuffers(Socket socket, ListenOptions options) throws IOException {
        if (options.receiveBufferBytes() > 0) {
            socket.setReceiveBufferSize(options.receiveBufferBytes());
        }
        if (options.sendBufferBytes() > 0) {
            socket.setSendBufferSize(options.sendBufferBytes());
        }
    }
}
