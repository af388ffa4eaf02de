package dev.sluice.master.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who has an address, with sockets of this process. */
class AddressOwnerTest {

    private static final String SELF = "process " + ProcessHandle.current().pid() + " (";

    @BeforeAll
    static void load() {
        Epoll.ensureAvailability();
    }

    private static String owner(String host, int port) {
        return String.valueOf(
                AddressOwner.of(new InetSocketAddress(InetAddress.ofLiteral(host), port), false));
    }

    @Test
    void aSocketOfIpv4IsFound() throws IOException {
        Socket socket = LinuxSocket.newSocketStream(false);
        try {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            socket.listen(1);
            int port = socket.localAddress().getPort();
            assertTrue(owner("127.0.0.1", port).startsWith(SELF));
            assertTrue(owner("0.0.0.0", port).startsWith(SELF));
            assertEquals("null", owner("127.0.0.2", port));
            assertEquals("null", owner("::1", port));
        } finally {
            socket.close();
        }
    }

    @Test
    void aSocketOfIpv6MayHaveAnAddressOfIpv4() throws IOException {
        try (ServerSocket mapped = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                ServerSocket any = new ServerSocket(0)) {
            assertTrue(owner("127.0.0.1", mapped.getLocalPort()).startsWith(SELF));
            assertTrue(owner("127.0.0.1", any.getLocalPort()).startsWith(SELF));
        }
    }

    @Test
    void aSocketOfDatagramsIsNoneOfConnections() throws IOException {
        Socket socket = LinuxSocket.newSocketDgram(false);
        try {
            InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
            socket.bind(any);
            InetSocketAddress address = socket.localAddress();
            assertTrue(AddressOwner.of(address, true).startsWith(SELF));
            assertNull(AddressOwner.of(address, false));
        } finally {
            socket.close();
        }
    }
}
