package dev.sluice.master.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.ListenConfig;
import dev.sluice.common.config.LoadedConfig;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the kernel is told of a listening socket. */
class ListenSocketTest {

    private static final int IPPROTO_TCP = 6;
    private static final int TCP_DEFER_ACCEPT = 9;
    private static final int TCP_FASTOPEN = 23;

    @BeforeAll
    static void load() {
        Epoll.ensureAvailability();
    }

    private static ListenConfig listen(String options) {
        LoadedConfig loaded = ConfigLoader.loadText(
                "[server a]\nlisten = 127.0.0.1:80 " + options + "\n", Path.of("."));
        assertEquals(List.of(), loaded.errors());
        return loaded.config().listenAddresses().getFirst();
    }

    @Test
    void aReloadChangesItsOptions() throws IOException {
        ListenConfig plain = listen("");
        Socket socket = ListenSocket.bindInet(plain, 0);
        try {
            ListenSocket.listen(socket, plain);
            assertEquals(0, socket.getIntOpt(IPPROTO_TCP, TCP_FASTOPEN));
            ListenSocket.listen(socket,
                    listen("fastopen=77 deferred so_keepalive=on rcvbuf=64k sndbuf=32k"));
            assertEquals(77, socket.getIntOpt(IPPROTO_TCP, TCP_FASTOPEN));
            assertTrue(socket.getIntOpt(IPPROTO_TCP, TCP_DEFER_ACCEPT) > 0);
            assertTrue(socket.isKeepAlive());
            // The kernel doubles what it is told (socket(7)).
            assertEquals(128 << 10, socket.getReceiveBufferSize());
            assertEquals(64 << 10, socket.getSendBufferSize());
            ListenSocket.listen(socket, plain);
            assertEquals(0, socket.getIntOpt(IPPROTO_TCP, TCP_FASTOPEN));
            assertEquals(0, socket.getIntOpt(IPPROTO_TCP, TCP_DEFER_ACCEPT));
        } finally {
            socket.close();
        }
    }
}
