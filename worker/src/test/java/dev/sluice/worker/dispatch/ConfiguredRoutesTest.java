package dev.sluice.worker.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.worker.access.AccessGates;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.RecordingStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way from a configuration file to an answer. */
class ConfiguredRoutesTest {

    @TempDir
    private Path directory;

    private RoutingHarness load(String text) {
        LoadedConfig loaded = ConfigLoader.loadText(text, directory);
        assertTrue(loaded.errors().isEmpty(), () -> loaded.errors().toString());
        return new RoutingHarness(loaded.config(), (ctx, scope, paths) -> {
            AccessGates access = new AccessGates(loaded.config(), scope, paths);
            return one -> {
                Gate gate = access.gateFor(one, List.of());
                return gate == null ? Gate.NONE : new Gate[] {gate};
            };
        });
    }

    private static String get(RoutingHarness h, String host, String target) {
        RecordingStream client = h.send("GET " + target + " HTTP/1.1\nHost: " + host);
        String location = client.header("location");
        return client.status() + " " + (location == null ? client.body() : location);
    }

    @Test
    void aSiteWithEverything() {
        RoutingHarness h = load("""
                [log_format short]
                format = "$host $request_uri $uri $status"

                [upstream app]
                server = 127.0.0.1:9

                [server www]
                listen = 127.0.0.1:80
                server_name = example.com *.example.com ~^w\\d+\\.example\\.org$
                root = .
                access_log = stderr short
                rewrite = ^/user/(\\d+)$ /show?id=$1 last

                [location www /]
                error_page = 404 =200 /index.html
                add_header = X-Path $uri

                [location www ^~ /assets/]
                return = 200 "asset $uri"

                [location www ~ \\.php$]
                return = 403

                [location www /api/]
                proxy_pass = http://app
                rewrite = ^/api/v1/(.*)$ /api/v2/$1 break

                [server other]
                listen = 127.0.0.1:80 default_server
                return = 301 https://example.com$request_uri
                """);
        assertEquals("200 file /show?id=42 by www /", get(h, "example.com", "/user/42"));
        assertEquals("200 file /index.html by www /", get(h, "a.example.com", "/missing"));
        assertEquals("200 asset /assets/x.php", get(h, "w3.example.org", "/assets/x.php"));
        assertTrue(get(h, "example.com", "/x.php").startsWith("403 "));
        assertEquals("200 proxy /api/v2/x?y by www /api/", get(h, "example.com", "/api/v1/x?y"));
        assertEquals("301 http://example.com/api/", get(h, "example.com", "/api"));
        assertEquals("301 https://example.com/a?b", get(h, "w.example.org", "/a?b"));
        assertEquals("example.com /user/42 /show 200", h.accessLines.getFirst());
    }

    @Test
    void theAddressOfOperatorsIsForThemAlone() {
        RoutingHarness h = load("""
                [admin]
                listen = 127.0.0.1:9090
                allow = 10.0.0.0/8 ::1

                [server www]
                listen = 127.0.0.1:80
                """);
        h.client.listenIndex = 1;
        assertTrue(get(h, "x", "/metrics").startsWith("403 "));
        h.client.remoteAddress = "::1";
        assertEquals("200 metrics", get(h, "x", "/metrics"));
    }
}
