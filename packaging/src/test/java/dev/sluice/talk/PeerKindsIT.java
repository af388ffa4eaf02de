package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Peers that are not like the others, and what becomes of those that fail. */
final class PeerKindsIT {

    private static final Semaphore NEVER = new Semaphore(0);

    private static ScriptedUpstream naming(String name) throws Exception {
        return ScriptedUpstream.answering(name);
    }

    /** Reads each request and closes the connection in place of an answer. */
    private static ScriptedUpstream failing() throws Exception {
        return ScriptedUpstream.playing(UpstreamTalk::readRequest);
    }

    private static Response ask(RunningSluice sluice, String target, String... fields)
            throws Exception {
        try (var client = sluice.client()) {
            String[] all = new String[fields.length + 2];
            all[0] = "GET " + target + " HTTP/1.1";
            all[1] = "Host: h";
            System.arraycopy(fields, 0, all, 2, fields.length);
            return client.request(all).response();
        }
    }

    private static Map<String, Integer> answers(RunningSluice sluice, String target, int count)
            throws Exception {
        Map<String, Integer> answers = new HashMap<>();
        for (int i = 0; i < count; i++) {
            answers.merge(ask(sluice, target).text(), 1, Integer::sum);
        }
        return answers;
    }

    private static int many(Map<String, Integer> answers, String of) {
        return answers.getOrDefault(of, 0);
    }

    private static final String KINDS = """
            [upstream spare]
            server = 127.0.0.1:@PORT:nobody@
            server = %1$s backup
            server = %2$s down
            [upstream leaving]
            server = %1$s
            server = %2$s DRAIN
            sticky = cookie srv
            [upstream quick]
            server = %1$s
            server = %3$s
            balance = ewma
            [upstream two]
            server = %1$s
            server = %2$s
            balance = random two
            [upstream slow]
            server = %1$s
            server = %4$s slow_start=60s max_fails=1 fail_timeout=1s
            [server s]
            listen = 127.0.0.1:@PORT@
            [location s /spare]
            proxy_pass = http://spare
            [location s /leaving]
            proxy_pass = http://leaving
            [location s /quick]
            proxy_pass = http://quick
            [location s /two]
            proxy_pass = http://two
            [location s /slow]
            proxy_pass = http://slow
            """;

    @Test
    void eachKindServesWhomItShould() throws Exception {
        var ill = new AtomicBoolean(true);
        try (var a = naming("a");
                var b = naming("b");
                var lame = ScriptedUpstream.playing(talk -> {
                    while (talk.readRequest()) {
                        assertTrue(!NEVER.tryAcquire(30, TimeUnit.MILLISECONDS), "no permits");
                        talk.answer(200, "lame");
                    }
                });
                var back = ScriptedUpstream.playing(talk -> {
                    while (talk.readRequest() && !ill.get()) {
                        talk.answer(200, "back");
                    }
                });
                var sluice = RunningSluice.with(KINDS.formatted(a.address(), b.address(),
                        lame.address(), back.address()).replace(" DRAIN", "")).start()) {
            assertEquals(Map.of("a", 6), answers(sluice, "/spare", 6), "backup, and never down");
            String cookie = "";
            for (int i = 0; i < 4 && cookie.isEmpty(); i++) {
                Response first = ask(sluice, "/leaving");
                cookie = first.text().equals("b") ? first.field("Set-Cookie") : "";
            }
            theSlowOneGetsLess(sluice);
            Map<String, Integer> two = answers(sluice, "/two", 60);
            assertTrue(many(two, "a") >= 10 && many(two, "b") >= 10, two.toString());
            comesBackSlowly(sluice, ill);

            sluice.writeConfiguration(KINDS.formatted(a.address(), b.address(),
                    lame.address(), back.address()).replace("DRAIN", "drain"));
            sluice.signal("HUP");
            sluice.awaitErrorLog("generation 2 serves");
            assertEquals("b", ask(sluice, "/leaving", "Cookie: " + cookie).text(),
                    "whom its cookie brings");
            assertEquals(Map.of("a", 6), answers(sluice, "/leaving", 6), "and nobody else");
        }
    }

    private static void theSlowOneGetsLess(RunningSluice sluice) throws Exception {
        Map<String, Integer> quick = answers(sluice, "/quick", 40);
        assertTrue(many(quick, "lame") >= 1 && many(quick, "lame") <= 10, quick.toString());
    }

    private static void comesBackSlowly(RunningSluice sluice, AtomicBoolean ill)
            throws Exception {
        // A new peer starts slowly, too: it takes a while until one of many requests is its.
        Await.that("it has failed", () -> {
            answers(sluice, "/slow", 20);
            return sluice.errorLog().contains("is set aside for 1000 ms");
        });
        ill.set(false);
        Await.that("it is tried again", () -> ask(sluice, "/slow").text().equals("back"));
        Map<String, Integer> after = answers(sluice, "/slow", 60);
        assertTrue(many(after, "back") <= 15, "of 60, in its first seconds: " + after);
    }

    /** However ill all of them are, half of them stay, and one that is alone. */
    @Test
    void neverMoreThanHalfAndNeverTheLast() throws Exception {
        try (var a = failing();
                var b = failing();
                var c = failing();
                var d = failing();
                var lone = failing();
                var sluice = RunningSluice.with("""
                        [upstream four]
                        server = %s max_fails=1 fail_timeout=10m
                        server = %s max_fails=1 fail_timeout=10m
                        server = %s max_fails=1 fail_timeout=10m
                        server = %s max_fails=1 fail_timeout=10m
                        retry = off
                        [upstream one]
                        server = %s max_fails=1 fail_timeout=10m
                        retry = off
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /four]
                        proxy_pass = http://four
                        [location s /one]
                        proxy_pass = http://one
                        """.formatted(a.address(), b.address(), c.address(), d.address(),
                        lone.address())).workers(2).start()) {
            for (int i = 0; i < 30; i++) {
                assertEquals(502, ask(sluice, "/four").status());
            }
            List<Integer> asked = List.of(a.requestCount(), b.requestCount(), c.requestCount(),
                    d.requestCount());
            assertEquals(30, asked.stream().mapToInt(i -> i).sum(), asked.toString());
            assertEquals(2, asked.stream().filter(n -> n == 1).count(), asked.toString());
            for (int i = 0; i < 5; i++) {
                assertEquals(502, ask(sluice, "/one").status());
            }
            assertEquals(5, lone.requestCount());
        }
    }

    /** While everything fails, peers get a fifth more than without retries, or 3 a second. */
    @Test
    void retriesAreAShareOfTheRequests() throws Exception {
        try (var a = failing();
                var b = failing();
                var sluice = RunningSluice.with("""
                        [upstream app]
                        server = %s max_fails=0
                        server = %s max_fails=0
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /]
                        proxy_pass = http://app
                        """.formatted(a.address(), b.address())).start()) {
            long beganNs = Await.nowNs();
            for (int i = 0; i < 100; i++) {
                assertEquals(502, ask(sluice, "/").status());
            }
            int windows = 1 + (int) (Await.millisecondsSince(beganNs) / 9000);
            int retries = a.requestCount() + b.requestCount() - 100;
            assertTrue(retries >= 30 && retries <= 30 * windows, retries + " retries");
            sluice.awaitErrorLog("budget");

            int before = a.requestCount() + b.requestCount();
            try (var client = sluice.client()) {
                client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
                assertEquals(502, client.response("POST").status());
            }
            assertEquals(before + 1, a.requestCount() + b.requestCount(), "a POST goes once");
        }
    }
}
