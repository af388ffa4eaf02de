package dev.sluice.worker.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.http.Method;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What locations can be beside nginx's: templates, conditions, methods, names, internal. */
class LocationKindsTest {

    @TempDir
    private Path directory;

    private RoutingHarness load(String text) {
        LoadedConfig loaded = ConfigLoader.loadText("[server www]\nlisten = 80\n" + text,
                directory);
        assertTrue(loaded.errors().isEmpty(), () -> loaded.errors().toString());
        return new RoutingHarness(loaded.config());
    }

    private static String get(RoutingHarness h, String target) {
        return h.get(target).body();
    }

    @Test
    void parametersAreEncodedAsTheyAreForwarded() {
        RoutingHarness h = load("""
                [location www /users/{id}/{rest\u2026}]
                return = 200 "$path_id|$path_rest"
                """);
        assertEquals("5|", get(h, "/users/5/"));
        assertEquals("a%2Fb%20%25|c/d%C3%A9", get(h, "/users/a%2fb%20%25/c/d%c3%a9"));
        assertTrue(get(h, "/users/").contains("404"), "a parameter is not empty");
    }

    /** In front of a peer that would decode it and find what is not its client's. */
    @Test
    void anEncodedSlashIsNoSlashAndCanBeRefused() {
        RoutingHarness h = load("""
                [location www ~ %2F]
                return = 400
                [location www /admin/]
                return = 403
                [location www /]
                return = 200 "$uri"
                """);
        assertEquals(403, h.get("/admin/x").status());
        assertEquals(400, h.get("/admin%2fx").status());
        assertEquals("/admin%252Fx", get(h, "/admin%252Fx"));
    }

    @Test
    void parametersOutliveARewrite() {
        RoutingHarness h = load("""
                [location www /api/{version}/users/{id}]
                rewrite = ^/api/(.*)$ /x/$1 last
                [location www /x/]
                rewrite = ^/x/(.*)$ /y/$1/$path_id break
                return = 200 "$uri $path_id $path_version"
                """);
        assertEquals("/y/v1/users/A b/A b A%20b v1", get(h, "/api/v1/users/%41%20b"));
    }

    @Test
    void namesOfParametersBelongToTheVariant() {
        RoutingHarness h = load("""
                [location www /a/{one}]
                when = $arg_x == 1
                return = 200 "one $path_one"
                [location www /a/{two}]
                return = 200 "two $path_two"
                """);
        assertEquals("one b", get(h, "/a/b?x=1"));
        assertEquals("two b", get(h, "/a/b"));
    }

    @Test
    void aMethodThatIsNotServed() {
        RoutingHarness h = load("""
                [location www /a]
                methods = GET PUT
                return = 200 "a"
                """);
        assertEquals("a", get(h, "/a"));
        assertEquals(200, h.send("HEAD /a HTTP/1.1\nHost: a").status());
        RecordingStream refused = h.send("DELETE /a HTTP/1.1\nHost: a");
        assertEquals(405, refused.status());
        assertEquals("GET, HEAD, PUT, OPTIONS", refused.header("allow"));
        RecordingStream asked = h.send("OPTIONS /a HTTP/1.1\nHost: a");
        assertEquals(204, asked.status());
        assertEquals("GET, HEAD, PUT, OPTIONS", asked.header("allow"));
        assertEquals(405, h.send("PURGE /a HTTP/1.1\nHost: a").status());
    }

    @Test
    void namedLocations() {
        RoutingHarness h = load("""
                error_page = 404 @absent
                error_page = 502 =200 @down
                root = .
                [location www @absent]
                return = 404 "no $uri"
                [location www @down]
                return = 200 "soon"
                """);
        RecordingStream absent = h.get("/missing/x");
        assertEquals(404, absent.status());
        assertEquals("no /missing/x", absent.body());
        assertEquals(200, h.get("/broken").status());
        assertEquals("soon", h.get("/broken").body());
        assertEquals("file /@absent by www ", get(h, "/@absent"), "no client can ask for one");
    }

    /** As in nginx: a page is fetched, and a named location gets the request as it came. */
    @Test
    void aNamedLocationGetsTheMethodThatWasSent() {
        RoutingHarness h = load("""
                error_page = 404 @absent
                error_page = 502 /page
                root = .
                [location www @absent]
                proxy_pass = http://127.0.0.1:9
                """);
        Exchange x = h.client.exchange;
        String post = " HTTP/1.1\nHost: a\nContent-Length: 3";
        h.send("POST /missing/by/name" + post);
        assertEquals(Method.POST, x.request.method);
        assertFalse(x.fetchesPage, "the body goes along");
        h.send("POST /broken" + post);
        assertEquals(Method.GET, x.request.method);
        assertTrue(x.fetchesPage);
    }

    @Test
    void internalLocationsAreForRedirects() {
        RoutingHarness h = load("""
                root = .
                error_page = 404 /pages/404
                rewrite = ^/go$ /pages/go last
                [location www /pages/]
                internal = on
                root = .
                """);
        assertEquals("file /pages/404 by www /pages/", get(h, "/pages/go"));
        assertEquals(404, h.get("/pages/go").status());
        assertEquals("file /pages/go by www /pages/", get(h, "/go"));
    }

    @Test
    void conditionsAskOfEverything() {
        RoutingHarness h = load("""
                [location www /]
                when = $cookie_session != ""
                when = $http_host ~* ^SHOP\\.
                return = 200 "shop"
                [location www /]
                when = $remote_addr !in 10.0.0.0/8 192.0.2.0/24
                return = 200 "far"
                [location www /]
                return = 200 "all"
                """);
        assertEquals("all", get(h, "/"));
        assertEquals("shop", h.send("GET / HTTP/1.1\nHost: shop.x\nCookie: session=1").body());
        h.client.remoteAddress = "2001:db8::1";
        assertEquals("far", get(h, "/"));
        assertEquals("shop", h.send("GET / HTTP/1.1\nHost: shop.x\nCookie: session=1").body());
    }
}
