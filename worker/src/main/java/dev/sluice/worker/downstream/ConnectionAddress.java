package dev.sluice.worker.downstream;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientAddress;
import io.netty.channel.unix.Socket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The two ends of a connection as text and numbers. What is asked seldom (the local address, text
 * for error lines) is asked of the kernel or made anew each time rather than kept.
 *
 * <p>Stateless.
 */
public final class ConnectionAddress {

    private static final int TEXT_BYTES_MAX = 64;

    private ConnectionAddress() {
    }

    /** The client's address for an error line; allocates. */
    static String text(DownstreamConnection connection) {
        ByteSink sink = new ByteSink();
        ByteBuffer bytes = ByteBuffer.allocate(TEXT_BYTES_MAX);
        sink.reset(bytes, 0, TEXT_BYTES_MAX);
        connection.printRemoteAddress(sink);
        return new String(bytes.array(), 0, sink.position(), StandardCharsets.US_ASCII);
    }

    /** The client's address and port for an operator; allocates. */
    static String withPort(DownstreamConnection connection) {
        return text(connection) + ":" + connection.remotePort();
    }

    /** The address and port that the client has connected to; allocates. */
    static String ofLocal(DownstreamConnection connection) {
        ByteBuffer bytes = ByteBuffer.allocate(TEXT_BYTES_MAX);
        ByteSink sink = new ByteSink().reset(bytes, 0, TEXT_BYTES_MAX);
        connection.printLocalAddress(sink);
        return new String(bytes.array(), 0, sink.position(), StandardCharsets.US_ASCII) + ":"
                + connection.localPort();
    }

    /** The local end by getsockname(2); null on a unix socket or when it is gone. */
    private static InetSocketAddress local(int family, Socket socket) {
        return family == ClientAddress.UNIX || socket == null ? null : socket.localAddress();
    }

    /** 0 on a unix socket, and when it is gone. */
    public static int localPort(int family, Socket socket) {
        InetSocketAddress local = local(family, socket);
        return local == null ? 0 : local.getPort();
    }

    public static void printLocal(int family, Socket socket, ByteSink out) {
        InetSocketAddress local = local(family, socket);
        if (local == null) {
            ClientAddress.print(ClientAddress.UNIX, 0, 0, out);
            return;
        }
        byte[] bytes = local.getAddress().getAddress();
        if (bytes.length == 4) {
            ClientAddress.print(ClientAddress.IPV4, 0, ClientAddress.bytesToLong(bytes, 0, 4),
                    out);
        } else {
            ClientAddress.print(ClientAddress.IPV6, ClientAddress.bytesToLong(bytes, 0, 8),
                    ClientAddress.bytesToLong(bytes, 8, 8), out);
        }
    }
}
