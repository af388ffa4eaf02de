package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.PeerCounterId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a request decides about its peer: keys, cookies; and peers that are not as others. */
class ProxyBalanceTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final ProxyHarness harness = new ProxyHarness();
    private final List<ScriptedPeer> peers = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        harness.assertQuiet();
        harness.stop();
        for (ScriptedPeer peer : peers) {
            peer.close();
        }
    }

    /** A peer that answers whatever comes, on one connection after the other. */
    private ScriptedPeer peer() {
        ScriptedPeer peer = new ScriptedPeer();
        peers.add(peer);
        peer.script(p -> {
            for (;;) {
                p.accept();
                while (!p.readHead().isEmpty()) {
                    p.send(OK);
                }
            }
        });
        harness.peer(peer);
        return peer;
    }

    private ScriptedClient get(String cookie) throws Exception {
        return harness.exchange("GET / HTTP/1.1\nHost: a"
                + (cookie == null ? "" : "\nCookie: x=1; " + cookie + "; y=2"));
    }

    private static String cookieOf(ScriptedClient client) {
        for (String line : client.head().split("\r?\n")) {
            if (line.startsWith("Set-Cookie: ")) {
                return line.substring(12);
            }
        }
        return null;
    }

    private long served(int peer) throws Exception {
        return harness.count(peer, PeerCounterId.REQUESTS);
    }

    private void sticky() {
        harness.upstream("sticky",
                "cookie srv expires=1h path=/ httponly secure samesite=lax");
    }

    @Test
    void cookieBringsAClientBack() throws Exception {
        sticky();
        peer();
        peer();
        harness.start();
        String first = cookieOf(get(null));
        assertTrue(first.matches("srv=[A-Za-z0-9_-]{16}; Max-Age=3600; Path=/; HttpOnly; Secure;"
                + " SameSite=Lax"), first);
        String name = first.substring(0, first.indexOf(';'));
        for (int i = 0; i < 5; i++) {
            assertEquals(null, cookieOf(get(name)));
        }
        assertEquals(6, served(0));
        assertEquals(0, served(1));
        String other = cookieOf(get(null));
        assertFalse(other.startsWith(name), "the second peer has a cookie of its own");
    }

    @Test
    void cookieThatIsNoneOfOursCountsAsNone() throws Exception {
        sticky();
        peer();
        harness.start();
        String good = cookieOf(get("srv=127.0.0.1"));
        assertEquals(good, cookieOf(get("SRV=" + good.substring(4, 20))));
        assertEquals(good, cookieOf(get("srv=" + good.substring(4, 19))));
        assertEquals(good, cookieOf(get("srv=")));
        assertEquals(null, cookieOf(get("srv=wrong; srv=" + good.substring(4, 20))));
    }

    @Test
    void clientOfAPeerThatIsDownGetsAnother() throws Exception {
        sticky();
        ScriptedPeer first = peer();
        peer();
        harness.upstream("keepalive", "0");
        harness.start();
        String cookie = cookieOf(get(null));
        first.close();
        ScriptedClient client = get(cookie.substring(0, 20));
        assertEquals("ok", client.bodyText());
        assertTrue(cookieOf(client) != null && !cookieOf(client).equals(cookie));
    }

    /** Only a request whose cookie names it goes to a peer that drains. */
    @Test
    void drainTakesNobodyNew() throws Exception {
        sticky();
        peer();
        harness.start();
        String cookie = cookieOf(get(null)).substring(0, 20);
        harness.stop();
        harness.last("drain");
        peer();
        harness.start();
        for (int i = 0; i < 3; i++) {
            assertFalse(cookieOf(get(null)).startsWith(cookie));
            assertEquals(null, cookieOf(get(cookie)));
        }
        assertEquals(4, served(0), "one before it was told to drain");
        assertEquals(3, served(1));
    }

    @Test
    void keyDecidesThePeer() throws Exception {
        harness.upstream("balance", "hash $host consistent bound=off");
        peer();
        peer();
        peer();
        harness.start();
        for (int i = 0; i < 6; i++) {
            get(null);
        }
        assertEquals(6, Math.max(served(0), Math.max(served(1), served(2))));
    }

    @Test
    void addressOfTheClientDecides() throws Exception {
        harness.upstream("balance", "ip_hash");
        peer();
        peer();
        harness.start();
        for (int i = 0; i < 6; i++) {
            get(null);
        }
        assertEquals(6, Math.max(served(0), served(1)));
    }

    /** After 100 ms of 10 s the slow one has a hundredth of its weight. */
    @Test
    void slowStartLetsTheWeightGrow() throws Exception {
        peer();
        peer();
        harness.last("slow_start=10s");
        harness.start();
        harness.step(100);
        for (int i = 0; i < 20; i++) {
            get(null);
        }
        assertEquals(20, served(0));
        harness.step(9_950);
        for (int i = 0; i < 20; i++) {
            get(null);
        }
        assertEquals(10, served(1), 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"random two", "ewma", "least_conn"})
    void loadIsShared(String method) throws Exception {
        harness.upstream("balance", method);
        peer();
        peer();
        harness.start();
        for (int i = 0; i < 40; i++) {
            assertEquals("ok", get(null).bodyText());
        }
        assertTrue(served(0) > 0 && served(1) > 0, served(0) + " and " + served(1));
    }
}
