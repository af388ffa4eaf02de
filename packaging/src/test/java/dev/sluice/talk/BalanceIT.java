package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Which peer is next, as the operator said. */
final class BalanceIT {

    private static ScriptedUpstream naming(String name) throws Exception {
        return ScriptedUpstream.playing(talk -> {
            while (talk.readRequest()) {
                talk.answer(200, name);
            }
        });
    }

    @Test
    void weightsCookiesAddressesAndKeys() throws Exception {
        try (var a = naming("a");
                var b = naming("b");
                var spare = naming("spare");
                var sluice = RunningSluice.with("""
                        [upstream weights]
                        server = %1$s weight=3
                        server = %2$s
                        server = %3$s backup
                        [upstream cookie]
                        server = %1$s
                        server = %2$s
                        sticky = cookie srv path=/ httponly
                        [upstream address]
                        server = %1$s
                        server = %2$s
                        balance = ip_hash
                        [upstream key]
                        server = %1$s
                        server = %2$s
                        balance = hash $arg_key consistent
                        [upstream backup]
                        server = 127.0.0.1:@PORT:nobody@
                        server = %3$s backup
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        set_real_ip_from = 127.0.0.1
                        [location s /]
                        proxy_pass = http://$arg_to
                        """.formatted(a.address(), b.address(), spare.address()))
                        .workers(2).start();
                var client = sluice.client()) {
            StringBuilder turns = new StringBuilder();
            for (int i = 0; i < 8; i++) {
                turns.append(client.get("/?to=weights").response().text());
            }
            assertEquals(6, turns.chars().filter(c -> c == 'a').count(), turns.toString());
            assertEquals("spare", client.get("/?to=backup").response().text());
            cookieStays(sluice);
            addressesStay(sluice);
            Set<String> used = new HashSet<>();
            for (int i = 0; i < 40; i++) {
                String target = "/?to=key&key=" + i;
                String peer = client.get(target).response().text();
                used.add(peer);
                assertEquals(peer, onAnotherConnection(sluice, target));
            }
            assertEquals(Set.of("a", "b"), used);
        }
    }

    private static String onAnotherConnection(RunningSluice sluice, String target, String... more)
            throws Exception {
        List<String> lines = new ArrayList<>(
                List.of("GET " + target + " HTTP/1.1", "Host: localhost"));
        lines.addAll(List.of(more));
        try (var client = sluice.client()) {
            return client.request(lines.toArray(String[]::new)).response().text();
        }
    }

    private static void cookieStays(RunningSluice sluice) throws Exception {
        Set<String> used = new HashSet<>();
        for (int i = 0; i < 6; i++) {
            String cookie;
            String peer;
            try (var client = sluice.client()) {
                Response first = client.get("/?to=cookie").response();
                peer = first.text();
                cookie = first.field("Set-Cookie");
            }
            assertTrue(cookie.matches("srv=[^;]+; Path=/; HttpOnly"), cookie);
            used.add(peer);
            for (int k = 0; k < 5; k++) {
                assertEquals(peer, onAnotherConnection(sluice, "/?to=cookie",
                        "Cookie: " + cookie.substring(0, cookie.indexOf(';'))));
            }
        }
        assertEquals(Set.of("a", "b"), used);
    }

    /** A network of 256 addresses counts as one. */
    private static void addressesStay(RunningSluice sluice) throws Exception {
        Set<String> used = new HashSet<>();
        for (int net = 0; net < 20; net++) {
            String peer = onAnotherConnection(
                    sluice, "/?to=address", "X-Real-IP: 192.0." + net + ".1");
            used.add(peer);
            assertEquals(peer, onAnotherConnection(
                    sluice, "/?to=address", "X-Real-IP: 192.0." + net + ".254"));
        }
        assertEquals(Set.of("a", "b"), used);
    }

    /** Each worker knows what the other one has sent where. */
    @Test
    void leastConnectionsIsExactOverAllWorkers() throws Exception {
        var hold = new CountDownLatch(1);
        ScriptedUpstream.Script holding = talk -> {
            while (talk.readRequest()) {
                talk.waitFor(hold);
                talk.answer(200, "done");
            }
        };
        List<RawClient> clients = new ArrayList<>();
        try (var a = ScriptedUpstream.playing(holding);
                var b = ScriptedUpstream.playing(holding);
                var sluice = RunningSluice.with("""
                        [upstream app]
                        server = %s weight=2
                        server = %s
                        balance = least_conn
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /]
                        proxy_pass = http://app
                        """.formatted(a.address(), b.address())).workers(2).start()) {
            for (int i = 1; i <= 24; i++) {
                RawClient client = sluice.client();
                clients.add(client);
                client.get("/");
                int count = i;
                Await.that("it has come",
                        () -> a.requestCount() + b.requestCount() == count);
                if (i % 3 == 0) {
                    assertEquals(i / 3, b.requestCount(), "of " + i);
                }
            }
            hold.countDown();
            for (RawClient client : clients) {
                assertEquals("done", client.response().text());
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }
}
