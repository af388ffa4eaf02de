package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Unix sockets on either side of the proxy. */
@Timeout(60)
final class UnixSocketIT {

    @Test
    void listenerAndPeer() throws Exception {
        var site = RunningSluice.with("""
                [upstream app]
                server = unix:@DIR@/peer.sock
                [server s]
                listen = 127.0.0.1:@PORT@
                listen = unix:@DIR@/listen.sock
                [location s /]
                proxy_pass = http://app
                """).workers(2);
        try (var peer = ScriptedUpstream.playing(site.folder().resolve("peer.sock"), talk -> {
                    while (talk.readRequest()) {
                        talk.answer(200, "by " + talk.field("X-Forwarded-For"));
                    }
                })) {
            // A worker that has dropped its privileges must be able to connect.
            assertTrue(site.folder().resolve("peer.sock").toFile().setWritable(true, false));
            try (var sluice = site.start();
                    var tcp = sluice.client()) {
                for (int i = 0; i < 8; i++) {
                    try (var unix = RawClient.connect(site.folder().resolve("listen.sock"))) {
                        assertEquals(200, unix.get("/").response().status());
                        assertTrue(unix.get("/").response().text().startsWith("by "));
                    }
                }
                assertEquals("by 127.0.0.1", tcp.get("/").response().text());
                assertTrue(peer.requestCount() >= 17);
            }
        }
    }
}
