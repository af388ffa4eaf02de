package dev.sluice.worker.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.worker.exchange.SteadyAllocation;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Variables of {@code [map]}, {@code [split]} and {@code [geo]}. */
class DerivedVariablesTest {

    private static final long NOISE_BYTES_MAX = 20_000;

    @TempDir
    private Path directory;

    private RoutingHarness load(String text) {
        LoadedConfig loaded = ConfigLoader.loadText(text, directory);
        assertTrue(loaded.errors().isEmpty(), () -> loaded.errors().toString());
        LoadedConfig again = ConfigLoader.loadText(loaded.effectiveText(), directory);
        assertTrue(again.errors().isEmpty(), () -> again.errors() + loaded.effectiveText());
        return new RoutingHarness(loaded.config());
    }

    private static String ask(RoutingHarness h, String host) {
        return h.send("GET /x HTTP/1.1\nHost: " + host).body();
    }

    @Test
    void aMapTakesEqualTextsThenHostsThenExpressions() {
        RoutingHarness h = load("""
                [map site]
                source = $http_host
                default = "none of $http_host"
                value = ~^[a-z]\\. letter
                value = *.example.com below
                value = shop.* shop
                value = www.example.com www
                value = "" nobody
                value = ~*^CDN cdn
                [map kind]
                source = $site
                value = letter "one $site"
                [server w]
                listen = 80
                return = 200 "$site,$kind"
                """);
        assertEquals("www,", ask(h, "WWW.example.com"));
        assertEquals("below,", ask(h, "a.example.com"));
        assertEquals("shop,", ask(h, "shop.net"));
        assertEquals("letter,one letter", ask(h, "a.net"));
        assertEquals("cdn,", ask(h, "cdn7"));
        assertEquals("none of A.net,", ask(h, "A.net"));
    }

    @Test
    void behindABackslashAKeyIsAText() {
        RoutingHarness h = load("""
                [map home]
                source = $arg_a
                default = none
                value = \\~A tilde
                value = \\*.b asterisk
                value = \\b.* below
                value = \\\\c backslash
                value = \\d plain
                [server w]
                listen = 80
                return = 200 $home
                """);
        String[][] told = {{"~a", "tilde"}, {"~A", "tilde"}, {"a", "none"}, {"*.b", "asterisk"},
            {"x.b", "none"}, {"b.*", "below"}, {"b.x", "none"}, {"\\c", "backslash"},
            {"d", "plain"}, {"\\d", "none"}, {"\\~a", "none"}};
        for (String[] one : told) {
            assertEquals(one[1], h.send("GET /?a=" + one[0] + " HTTP/1.1\nHost: a").body(), one[0]);
        }
    }

    /** What is captured elsewhere stays what it was. */
    @Test
    void groupsOfAMapsExpressionAreInItsResultAndByTheirNames() {
        RoutingHarness h = load("""
                [map outer]
                source = $http_host
                value = ~^(?<tenant>[a-z]+)-([0-9]+)\\. "$2 of $1"
                value = ~*^plain none
                [map both]
                source = "$outer/$uri"
                value = ~^[^/]*//(.).*$ "$1 $outer $1"
                [server w]
                listen = 80
                [location w ~ ^/(x)$]
                return = 200 "$1,$both,$outer,$tenant,$1"
                """);
        assertEquals("x,x 7 of shop x,7 of shop,shop,x", ask(h, "shop-7.example.com"));
        assertEquals("x,x none x,none,,x", ask(h, "PLAIN"));
        assertEquals("x,x  x,,,x", ask(h, "other"));
    }

    @Test
    void geoTakesTheLongestPrefix() {
        RoutingHarness h = load("""
                [geo side]
                default = out
                network = 10.0.0.0/8 in
                network = 10.1.0.0/16 lab
                network = 2001:db8::/32 six
                network = unix: local
                [server w]
                listen = 80
                [location w /]
                when = $side == lab
                return = 200 "the lab"
                [location w /]
                return = 200 $side
                """);
        h.client.remoteAddress = "10.1.2.3";
        assertEquals("the lab", ask(h, "a"));
        h.client.remoteAddress = "::ffff:10.2.0.1";
        assertEquals("in", ask(h, "a"));
        h.client.remoteAddress = "2001:db8:1::9";
        assertEquals("six", ask(h, "a"));
        h.client.remoteAddress = "unix:";
        assertEquals("local", ask(h, "a"));
        h.client.remoteAddress = "11.0.0.1";
        assertEquals("out", ask(h, "a"));
    }

    @Test
    void sharesAreAsLargeAsToldAndStable() {
        RoutingHarness h = load("""
                [split release]
                source = $http_host
                share = 10% canary
                share = 0.5% nightly
                share = * stable
                [server w]
                listen = 80
                return = 200 $release
                """);
        int canary = 0;
        int nightly = 0;
        for (int i = 0; i < 20_000; i++) {
            String first = ask(h, "h" + i);
            canary += first.equals("canary") ? 1 : 0;
            nightly += first.equals("nightly") ? 1 : 0;
        }
        // Fixed sources and a fixed hash: these are facts, not chances.
        assertTrue(canary > 1900 && canary < 2100, "10% of 20000: " + canary);
        assertTrue(nightly > 70 && nightly < 130, "0.5% of 20000: " + nightly);
        assertEquals("stable", ask(h, "h0"));
        assertEquals(ask(h, "h4711"), ask(h, "h4711"));
    }

    @Test
    void nothingIsAllocated() {
        RoutingHarness h = load("""
                [map site]
                source = $http_host
                value = *.example.com below
                value = ~x$ never
                [geo side]
                network = 192.0.2.0/24 near
                [split release]
                source = $remote_addr
                share = 50% a
                share = * b
                [server w]
                listen = 80
                return = 200 "$site $side $release"
                """);
        String request = "GET /x HTTP/1.1\nHost: a.example.com";
        assertTrue(h.send(request).body().startsWith("below near "));
        int bytes = h.client.exchange.request.headLength;
        long allocated = SteadyAllocation.leastBytes(NOISE_BYTES_MAX, () -> {
            for (int i = 0; i < 20_000; i++) {
                h.onRequest(h.client.again(bytes));
                h.client.exchange.end();
            }
        });
        assertTrue(allocated <= NOISE_BYTES_MAX, allocated + " bytes");
    }
}
