package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Answers are stored and given again. What the peer says is written in the query: fields with
 * their values, and how many bytes.
 */
final class CacheIT {

    private static final String FRESH = "cc=max-age=600";
    private static final String LARGE = "0123456789".repeat(20_000);
    private static final AtomicInteger SERIAL = new AtomicInteger();
    private static final CountDownLatch SLOW = new CountDownLatch(1);

    private static ScriptedUpstream peer;
    private static RunningSluice sluice;

    @BeforeAll
    static void start() throws Exception {
        peer = ScriptedUpstream.playing(talk -> {
            while (talk.readRequest()) {
                answer(talk);
            }
        });
        sluice = RunningSluice.with("""
                [cache pages]
                path = @DIR@/pages
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /]
                proxy_pass = http://%s
                proxy_cache = pages
                proxy_cache_purge = 127.0.0.1
                proxy_cache_bypass = $arg_bypass
                add_header = X-Did $upstream_cache_status
                [location s /stale/]
                proxy_pass = http://%s
                proxy_cache = pages
                proxy_cache_use_stale = http_500
                add_header = X-Did $upstream_cache_status
                [server files]
                listen = unix:@DIR@/files.sock
                root = @DIR@/www
                expires = 10m
                [location s /sliced/]
                proxy_pass = http://unix:@DIR@/files.sock:/
                proxy_cache = pages
                slice = 64k
                proxy_cache_purge = 127.0.0.1
                add_header = X-Did $upstream_cache_status
                """.formatted(peer.address(), peer.address()))
                .file("www/large", LARGE).file("www/film", LARGE.repeat(10)).workers(2).start();
    }

    @AfterAll
    static void stop() throws Exception {
        sluice.close();
        peer.close();
    }

    private static void answer(UpstreamTalk talk) throws IOException, InterruptedException {
        String target = talk.target();
        int bytes = 10;
        int status = 200;
        StringBuilder fields = new StringBuilder();
        for (String one : target.substring(target.indexOf('?') + 1).split("&")) {
            String value = one.substring(one.indexOf('=') + 1);
            switch (one.substring(0, Math.max(0, one.indexOf('=')))) {
                case "cc" -> fields.append("Cache-Control: ").append(value).append("\r\n");
                case "etag" -> fields.append("ETag: \"").append(value).append("\"\r\n");
                case "vary" -> fields.append("Vary: ").append(value).append("\r\n");
                case "cookie" -> fields.append("Set-Cookie: a=").append(value).append("\r\n");
                case "tag" -> fields.append("Cache-Tag: ").append(value).append("\r\n");
                case "bytes" -> bytes = Integer.parseInt(value);
                case "fail" -> status = SERIAL.get() > 0 && talk.field("If-None-Match") != null
                        ? 500 : 200;
                default -> { }
            }
        }
        if (target.contains("slow")) {
            SLOW.await();
        }
        String serial = "X-Serial: " + SERIAL.incrementAndGet() + "\r\n";
        if (status == 200 && talk.field("If-None-Match") != null) {
            talk.send("HTTP/1.1 304 Not Modified\r\n" + fields + serial + "\r\n");
            return;
        }
        if (target.contains("cut")) {
            talk.send("HTTP/1.1 200 OK\r\n" + fields + serial + "Content-Length: " + bytes
                    + "\r\n\r\nhalf");
            talk.reset();
            return;
        }
        talk.send("HTTP/1.1 " + status + " X\r\n" + fields + serial + "Content-Length: " + bytes
                + "\r\n\r\n" + "0123456789".repeat(bytes / 10));
    }

    private static Response ask(String target, String... fields) throws IOException {
        return asked("GET", target, fields);
    }

    private static Response asked(String method, String target, String... fields)
            throws IOException {
        List<String> lines = new ArrayList<>(
                List.of(method + " " + target + " HTTP/1.1", "Host: localhost"));
        lines.addAll(List.of(fields));
        try (RawClient client = sluice.client()) {
            return client.request(lines.toArray(String[]::new)).response(method);
        }
    }

    /** Stored by one worker, at once or a moment later, it is there for both. */
    private static void awaitHit(String target, String... fields) {
        Await.that("a hit of " + target, () -> {
            try {
                return "HIT".equals(ask(target, fields).field("X-Did"));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** One that is still being written is a hit for others, but is not at hand. */
    private static void awaitStored(String target) {
        awaitHit(target, "Cache-Control: only-if-cached");
    }

    @Test
    void aHitIsTheAnswerThatWasStored() throws Exception {
        String target = "/hit?" + FRESH;
        Response first = ask(target);
        awaitHit(target);
        Response again = ask(target);
        assertEquals("MISS", first.field("X-Did"));
        assertEquals(first.field("X-Serial"), again.field("X-Serial"));
        assertEquals(first.text(), again.text());
        assertTrue(again.field("Cache-Status").startsWith("sluice; hit; ttl="),
                again.toString());
        assertTrue(Integer.parseInt(again.field("Age")) >= 0);
    }

    @Test
    void whatGoesPastTheCacheSaysWhy() throws Exception {
        String target = "/past?" + FRESH;
        assertEquals("sluice; fwd=method", asked("OPTIONS", target).field("Cache-Status"));
        assertEquals("sluice; fwd=request; detail=precondition",
                ask(target, "If-Match: \"a\"").field("Cache-Status"));
    }

    @Test
    void aLargeOneIsGivenFromItsFileWholeAndInPart() throws Exception {
        String target = "/large?bytes=300000&" + FRESH;
        byte[] first = ask(target).body();
        awaitHit(target);
        assertEquals(300_000, first.length);
        assertArrayEquals(first, ask(target).body());
        Response part = ask(target, "Range: bytes=299990-");
        assertEquals(206, part.status());
        assertEquals("bytes 299990-299999/300000", part.field("Content-Range"));
        assertEquals("0123456789", part.text());
    }

    @Test
    void headIsAnsweredByWhatAGetHasBrought() throws Exception {
        String target = "/head?bytes=20&" + FRESH;
        assertEquals("20", asked("HEAD", target).field("Content-Length"));
        awaitHit(target);
        Response head = asked("HEAD", target);
        assertEquals("HIT", head.field("X-Did"));
        assertEquals("20", head.field("Content-Length"));
    }

    @Test
    void aStaleOneIsConfirmedByItsPeer() throws Exception {
        String target = "/confirm?etag=e&cc=max-age=0";
        Response first = ask(target);
        Await.that("a confirmation", () -> {
            try {
                return "REVALIDATED".equals(ask(target).field("X-Did"));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        Response confirmed = ask(target);
        assertEquals(first.text(), confirmed.text());
        assertTrue(Integer.parseInt(confirmed.field("X-Serial"))
                > Integer.parseInt(first.field("X-Serial")), "a 304 brings new fields");
        assertEquals(304, ask(target, "If-None-Match: \"e\"").status());
    }

    @Test
    void aStaleOneIsBetterThanAnError() throws Exception {
        String target = "/stale/x?fail=1&etag=e&cc=max-age=0";
        Response first = ask(target);
        Await.that("a stale answer", () -> {
            try {
                return "STALE".equals(ask(target).field("X-Did"));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        Response stale = ask(target);
        assertEquals(200, stale.status());
        assertEquals(first.field("X-Serial"), stale.field("X-Serial"));
    }

    @Test
    void whatVariesIsNotMixedUp() throws Exception {
        String target = "/vary?vary=X-Kind&" + FRESH;
        ask(target, "X-Kind: one");
        awaitHit(target, "X-Kind: one");
        ask(target, "X-Kind: two");
        awaitHit(target, "X-Kind: two");
        awaitHit(target, "X-Kind: one");
        String one = ask(target, "X-Kind: one").field("X-Serial");
        String two = ask(target, "X-Kind: two").field("X-Serial");
        assertNotEquals(one, two);
        assertEquals(one, ask(target, "X-Kind: one").field("X-Serial"));
        assertEquals(two, ask(target, "X-Kind: two").field("X-Serial"));
    }

    @Test
    void whatIsForOneClientIsNeverStored() throws Exception {
        for (String target : List.of("/account/x.css?cc=private", "/account/y.css?cookie=1&"
                + FRESH, "/account/z.css?cc=no-store", "/account/plain.css?none")) {
            String first = ask(target).field("X-Serial");
            Response second = ask(target);
            assertTrue(!first.equals(second.field("X-Serial")), target);
            assertEquals("MISS", second.field("X-Did"), target);
        }
        String target = "/account/authorized.css?" + FRESH;
        ask(target, "Authorization: Basic YTpi");
        assertEquals("MISS", ask(target).field("X-Did"));
    }

    @Test
    void hostsAndQueriesAreToldApart() throws Exception {
        String target = "/key?" + FRESH;
        String first = ask(target).field("X-Serial");
        awaitHit(target);
        try (RawClient client = sluice.client()) {
            Response other = client.request("GET " + target + " HTTP/1.1", "Host: evil.example")
                    .response();
            assertEquals("MISS", other.field("X-Did"));
        }
        assertEquals("MISS", ask(target + "&x=1").field("X-Did"));
        // A path that looks like the other one's path and query, once it is decoded.
        assertEquals("MISS", ask("/key%3F" + FRESH).field("X-Did"));
        assertEquals(first, ask(target).field("X-Serial"));
    }

    @Test
    void manyWantItAndOneAsks() throws Exception {
        String target = "/slow?bytes=100000&" + FRESH;
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clients.add(sluice.client().get(target));
        }
        Await.that("the peer is asked", () -> count("/slow") > 0);
        // The one that began it leaves: the others get their answer all the same.
        clients.removeFirst().close();
        SLOW.countDown();
        for (RawClient client : clients) {
            assertEquals(100_000, client.response().body().length);
            client.close();
        }
        assertEquals(1, count("/slow"));
    }

    private static long count(String path) {
        return peer.heads().stream().filter(head -> head.startsWith("GET " + path)).count();
    }

    @Test
    void halfAnAnswerIsNotStored() throws Exception {
        String target = "/cut?bytes=100000&" + FRESH;
        for (int i = 0; i < 2; i++) {
            try (RawClient client = sluice.client()) {
                String got = client.get(target).readUntilClosed();
                assertTrue(got.startsWith("HTTP/1.1 200") && got.endsWith("half"), got);
            }
        }
        assertEquals(2, count("/cut"));
    }

    @Test
    void requestsHaveASay() throws Exception {
        String target = "/say?" + FRESH;
        assertEquals(504, ask(target, "Cache-Control: only-if-cached").status());
        ask(target);
        awaitStored(target);
        assertEquals(200, ask(target, "Cache-Control: only-if-cached").status());
        assertEquals("BYPASS", ask(target, "Cache-Control: no-store").field("X-Did"));
        assertEquals("EXPIRED", ask(target, "Cache-Control: no-cache").field("X-Did"));
        assertEquals("EXPIRED", ask(target, "Pragma: no-cache").field("X-Did"));
        assertEquals("BYPASS", ask(target + "&bypass=1").field("X-Did"));
    }

    @Test
    void unsafeMethodsAndPurgesRemove() throws Exception {
        String target = "/remove?tag=red%20blue&" + FRESH;
        ask(target);
        awaitHit(target);
        asked("POST", target, "Content-Length: 0");
        assertEquals("MISS", ask(target).field("X-Did"));
        awaitHit(target);
        assertEquals(200, asked("PURGE", target).status());
        assertEquals(404, asked("PURGE", target).status());
        assertEquals("MISS", ask(target).field("X-Did"));
        awaitStored(target);
        assertEquals(404, asked("PURGE", "/remo%2A").status());
        assertEquals("purged 1\n", asked("PURGE", "/remo*").text());
        assertEquals("MISS", ask(target).field("X-Did"));
    }

    @Test
    void tagsPurgeAndStayHere() throws Exception {
        String target = "/tags?tag=green&" + FRESH;
        assertNull(ask(target).field("Cache-Tag"));
        awaitStored(target);
        assertEquals("purged 1\n", asked("PURGE", "/", "Cache-Tag: green").text());
        assertEquals("MISS", ask(target).field("X-Did"));
    }

    /** Of a film nothing but its middle may be stored. */
    @Test
    void aPartThatStandsAloneIsPurged() throws Exception {
        String[] late = {"Range: bytes=1900000-1900009"};
        assertEquals(206, ask("/sliced/film", late).status());
        awaitHit("/sliced/film", late);
        assertEquals(200, asked("PURGE", "/sliced/film").status());
        assertEquals("MISS", ask("/sliced/film", late).field("X-Did"));
    }

    @Test
    void partsAreStoredAndPutTogether() throws Exception {
        Response part = ask("/sliced/large", "Range: bytes=150000-150009");
        assertEquals(206, part.status());
        assertEquals("bytes 150000-150009/200000", part.field("Content-Range"));
        assertEquals("0123456789", part.text());
        awaitHit("/sliced/large", "Range: bytes=150000-150009");
        assertEquals("MISS", ask("/sliced/large", "Range: bytes=0-1").field("X-Did"));
        for (int i = 0; i < 2; i++) {
            Response whole = ask("/sliced/large");
            assertEquals(200, whole.status());
            assertEquals("200000", whole.field("Content-Length"));
            assertEquals(LARGE, whole.text());
        }
    }

    @Test
    void bodiesAreWhatTheyWere() throws Exception {
        for (int bytes : new int[] {0, 10, 32_000, 33_000, 65_530, 70_000, 1_000_000}) {
            String target = "/sizes?bytes=" + bytes + "&" + FRESH;
            byte[] expected = "0123456789".repeat(bytes / 10)
                    .getBytes(StandardCharsets.US_ASCII);
            assertArrayEquals(expected, ask(target).body());
            awaitHit(target);
            assertArrayEquals(expected, ask(target).body());
        }
    }
}
