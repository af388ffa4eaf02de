package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Variables that a map, a split or a network decides, in texts and for the choice of a peer. */
final class ChosenValuesIT {

    private static final String TEXT = """
            [map pool]
            source = $host
            default = current
            value = beta.example.com next
            value = *.beta.example.com next
            value = ~^[a-z]+\\.test$ next
            [geo side]
            default = outside
            network = 10.0.0.0/8 inside
            network = 10.9.0.0/16 guests
            network = fd00::/8 inside
            [split release]
            source = $remote_addr
            share = 25%% b
            share = * a
            [upstream current]
            server = %s
            [upstream next]
            server = %s
            [server s]
            listen = 127.0.0.1:@PORT@
            set_real_ip_from = 127.0.0.1
            [location s /]
            proxy_pass = http://$pool
            proxy_set_header = X-Chosen "$pool of $host"
            [location s /values]
            return = 200 "$side $release"
            """;

    private static String ask(RunningSluice sluice, String target, String host, String address)
            throws Exception {
        try (var client = sluice.client()) {
            return client.request("GET " + target + " HTTP/1.1", "Host: " + host,
                    "X-Real-IP: " + address).response().text();
        }
    }

    private static ScriptedUpstream telling(String name) throws Exception {
        return ScriptedUpstream.playing(talk -> {
            while (talk.readRequest()) {
                talk.answer(200, name + ": " + talk.field("X-Chosen"));
            }
        });
    }

    @Test
    void inTextsAndForPeers() throws Exception {
        try (var current = telling("current");
                var next = telling("next");
                var sluice = RunningSluice.with(
                        TEXT.formatted(current.address(), next.address())).workers(2).start()) {
            for (String host : List.of("beta.example.com", "x.BETA.example.com", "alice.test")) {
                assertEquals("next: next of " + host.toLowerCase(),
                        ask(sluice, "/", host, "192.0.2.1"));
            }
            assertEquals("current: current of example.com",
                    ask(sluice, "/", "example.com", "192.0.2.1"));
            assertEquals("inside", side(sluice, "10.1.2.3"));
            assertEquals("guests", side(sluice, "10.9.2.3"));
            assertEquals("inside", side(sluice, "fd12::1"));
            assertEquals("outside", side(sluice, "192.0.2.1"));
            sharesAreKept(sluice);
        }
    }

    private static String side(RunningSluice sluice, String address) throws Exception {
        return ask(sluice, "/values", "x", address).split(" ")[0];
    }

    /** An address gets the same in every worker and in the next generation. */
    private static void sharesAreKept(RunningSluice sluice) throws Exception {
        Map<String, String> given = new HashMap<>();
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            addresses.add("198.51." + i % 7 + "." + i);
        }
        for (int round = 0; round < 3; round++) {
            for (String address : addresses) {
                String value = ask(sluice, "/values", "x", address).split(" ")[1];
                assertEquals(value, given.computeIfAbsent(address, first -> value), address);
            }
            if (round == 1) {
                for (long worker : sluice.workerPids()) {
                    Processes.signal(worker, "KILL");
                }
                Await.that("others", () -> sluice.workerPids().size() == 2
                        && sluice.errorLog().split("signal 9", -1).length > 2);
            }
        }
        // The same addresses fall into the same share for ever, so this is no lottery.
        long b = given.values().stream().filter("b"::equals).count();
        assertTrue(b > 10 && b < 40, b + " of 100 for 25%");
    }
}
