package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What is asked of the kernel for connections: the address they come from, and TCP Fast Open. */
final class ConnectionOptionsIT {

    private static final Path FAST_OPEN = Path.of("/proc/sys/net/ipv4/tcp_fastopen");
    private static final int FOR_CLIENTS = 1;
    private static final int FOR_SERVERS = 2;

    @Test
    void peersSeeTheAddressOfProxyBind() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    while (talk.readRequest()) {
                        talk.answer(200, talk.clientAddress());
                    }
                });
                var sluice = RunningSluice.with("""
                        [upstream app]
                        server = %1$s max_fails=1
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /]
                        proxy_pass = http://app
                        [location s /bound]
                        proxy_bind = 127.0.0.9
                        proxy_pass = http://app
                        [location s /not-ours]
                        proxy_bind = 192.0.2.1
                        proxy_pass = http://app
                        """.formatted(peer.address())).start();
                var client = sluice.client()) {
            for (int i = 0; i < 2; i++) {
                assertEquals("127.0.0.1", client.get("/").response().text());
                assertEquals("127.0.0.9", client.get("/bound").response().text());
            }
            assertEquals(2, peer.connectionCount(), "no connection of the one serves the other");
            assertEquals(503, client.get("/not-ours").response().status());
            sluice.awaitErrorLog("bind(192.0.2.1) of proxy_bind failed (99: ");
            assertEquals("127.0.0.1", client.get("/").response().text(), "no fault of the peer");
        }
    }

    /** Through a front that opens fast to a back that listens for it: the data of a SYN counts. */
    @Test
    void requestsTravelWithTheFirstPacket() throws Exception {
        int allowed = Files.exists(FAST_OPEN)
                ? Integer.decode(Files.readString(FAST_OPEN).strip()) : 0;
        try (var sluice = RunningSluice.with("""
                [upstream back]
                server = 127.0.0.1:@PORT:back@
                keepalive = off
                tcp_fastopen = on
                [server front]
                listen = 127.0.0.1:@PORT@
                [location front /]
                proxy_pass = http://back
                [server back]
                listen = 127.0.0.1:@PORT:back@ fastopen=16
                return = 200 "hello"
                """).start();
                var client = sluice.client()) {
            long before = received();
            for (int i = 0; i < 5; i++) {
                assertEquals("hello", client.get("/").response().text());
            }
            Assumptions.assumeTrue((allowed & FOR_CLIENTS) != 0 && (allowed & FOR_SERVERS) != 0,
                    () -> "net.ipv4.tcp_fastopen = " + allowed + " forbids it on this machine;"
                            + " only that requests pass all the same was shown");
            assertTrue(received() > before, "no SYN carried data");
        }
    }

    /** Connections that this machine has accepted with data in their SYN. */
    private static long received() throws Exception {
        List<String> lines = Files.readAllLines(Path.of("/proc/net/netstat"));
        for (int i = 0; i + 1 < lines.size(); i += 2) {
            List<String> names = List.of(lines.get(i).split(" "));
            int at = names.indexOf("TCPFastOpenPassive");
            if (at >= 0) {
                return Long.parseLong(lines.get(i + 1).split(" ")[at]);
            }
        }
        return 0;
    }
}
