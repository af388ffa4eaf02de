package dev.sluice.worker.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What expressions in names and locations leave for templates. */
class HostCapturesTest {

    @TempDir
    private Path directory;

    private RoutingHarness load(String text) {
        LoadedConfig loaded = ConfigLoader.loadText(text, directory);
        assertTrue(loaded.errors().isEmpty(), () -> loaded.errors().toString());
        return new RoutingHarness(loaded.config());
    }

    private static String body(RoutingHarness h, String host, String target) {
        return h.send("GET " + target + " HTTP/1.1\nHost: " + host).body();
    }

    @Test
    void numberedGroupsOfAName() {
        RoutingHarness h = load("""
                [server www]
                listen = 80
                server_name = ~^(www\\.)?([a-z]+)\\.example\\.com$
                return = 200 "site $2 [$1]"
                """);
        assertEquals("site shop [www.]", body(h, "WWW.Shop.example.com", "/"));
        assertEquals("site shop []", body(h, "shop.example.com:8080", "/"));
        assertEquals("site  []", body(h, "other.org", "/"), "the default server has no groups");
    }

    @Test
    void namedGroupsOutliveTheNumbersOfALocation() {
        RoutingHarness h = load("""
                [server www]
                listen = 80
                server_name = ~^(?<tenant>[a-z]+)\\.example\\.com$
                [location www ~ ^/(?P<kind>[a-z]+)/([0-9]+)$]
                return = 200 "$tenant $kind $2"
                [location www /]
                return = 200 "$tenant $1 [$kind]"
                """);
        assertEquals("acme user 7", body(h, "acme.example.com", "/user/7"));
        assertEquals("acme acme []", body(h, "acme.example.com", "/"));
        assertEquals("  []", body(h, "1.2.3.4", "/"), "nothing is left of another request");
    }

    @Test
    void anExpressionWithoutGroupsTakesTheNumbersAway() {
        RoutingHarness h = load("""
                [server www]
                listen = 80
                server_name = ~^([a-z]+)\\.example\\.com$
                [location www ~ \\.txt$]
                return = 200 "[$1]"
                [location www /]
                return = 200 "[$1]"
                """);
        assertEquals("[]", body(h, "acme.example.com", "/a.txt"));
        assertEquals("[acme]", body(h, "acme.example.com", "/a"));
    }

    @Test
    void aGroupIsEncodedInAUrl() {
        RoutingHarness h = load("""
                [server www]
                listen = 80
                [location www ~ ^/go/(?<where>.*)$]
                return = 302 https://example.com/$where
                """);
        String location = h.get("/go/a%20b").header("location");
        assertEquals("https://example.com/a%20b", location);
    }
}
