package dev.sluice.worker.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.LoadedConfig;
import dev.sluice.worker.config.ConfigText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is told of a request, line by line, and why others were not taken. */
final class ExplainerTest {

    private static final LoadedConfig CONFIG = ConfigText.load("""
            [http]
            set_real_ip_from = 10.0.0.0/8
            [limit per_client]
            key = $remote_addr
            rate = 10r/s
            [map tier]
            source = $http_x_tier
            default = app
            value = gold gold
            [upstream app]
            server = 10.0.0.1:8080
            server = 10.0.0.2:8080 backup
            [upstream gold]
            server = 10.0.0.3:8080
            [server www]
            listen = 0.0.0.0:80
            server_name = example.com *.example.com
            rewrite = ^/old/(.*)$ /api/$1
            add_header = X-Frame-Options DENY
            [location www /]
            return = 200 "home"
            [location www /api/]
            limit = per_client
            proxy_pass = http://app/v1/
            proxy_set_header = X-Who $remote_addr
            [location www ^~ /api/inside/]
            allow = 192.0.2.0/24
            deny = all
            proxy_pass = http://$tier
            [location www ~ ^/api/.*[.]php$]
            return = 403 "no"
            [location www = /here]
            return = 301 https://$host/there
            [location www /only]
            when = $arg_key == secret
            methods = POST
            return = 204
            [location www /pass]
            return = 200 "in"
            [cache pages]
            path = /var/cache/none
            [location www /kept/]
            proxy_pass = http://app/
            proxy_cache = pages
            proxy_cache_bypass = $arg_new
            proxy_no_cache = $cookie_session
            [location www /purged/]
            proxy_pass = http://app/
            proxy_cache = pages
            proxy_cache_purge = 192.0.2.7 192.0.2.16/28
            [server other]
            listen = 0.0.0.0:80
            server_name = ~^(www|api)[.]
            return = 200 "other"
            [server plain]
            listen = 0.0.0.0:8080
            [server site]
            listen = 0.0.0.0:81
            [location site /]
            connect_allow = *.test.example:443 10.0.0.0/8:*
            error_page = 404 /gone
            [location site = /gone]
            return = 200 "gone"
            [location site /text/]
            gzip = on
            zstd = on
            gzip_bypass = $cookie_session
            gunzip = on
            error_page = 502 504 /gone
            proxy_pass = http://app
            """);

    private final Explainer explainer = new Explainer(CONFIG.config(), CONFIG.variables());

    private Explanation explain(String request, String... fields) {
        return explainer.explain(Asked.of(request, List.of(fields), "192.0.2.7", null));
    }

    private static void tells(Explanation told, String... parts) {
        String all = String.join("\n", told.lines());
        int from = 0;
        for (String part : parts) {
            int at = all.indexOf(part, from);
            assertTrue(at >= 0, "no \"" + part + "\" in\n" + all);
            from = at;
        }
    }

    @Test
    void aPurgeIsAnsweredByTheCache() {
        Explanation told = explain("PURGE http://example.com/purged/x?y");
        tells(told, "cache      pages: PURGE is answered here, no peer is asked",
                "removes the answer with key http://example.com:80/purged/x?y app, or is told 404",
                "answer     200");
        assertEquals("", told.upstream);
        tells(explain("PURGE http://example.com/purged/x*"),
                "removes all whose keys begin with http://example.com:80/purged/x\n");
        tells(explain("PURGE http://example.com/purged/x", "Cache-Tag: green"),
                "removes all with the tag green");
        Explanation refused = explainer.explain(Asked.of("PURGE http://example.com/purged/x",
                List.of(), "192.0.2.8", null));
        tells(refused, "refused: proxy_cache_purge lets only 192.0.2.7/32 192.0.2.16/28",
                "answer     403");
        assertEquals("", refused.upstream);
        tells(explain("PURGE http://example.com/kept/x"), "passed by", "request    PURGE /x");
    }

    @Test
    void aListenerIsChosenAsTheKernelDoes() {
        LoadedConfig many = ConfigText.load("""
                [server loopback]
                listen = 127.0.0.2:81
                return = 200 2
                [server all]
                listen = 0.0.0.0:81
                listen = [::]:81
                return = 200 $server_addr
                [server one]
                listen = 127.0.0.1:81
                listen = 127.0.0.1:443
                [server six]
                listen = [::1]:81
                listen = [::1]:82
                listen = 192.0.2.1:444 auto
                ssl_reject_handshake = on
                """);
        Explainer asking = new Explainer(many.config(), many.variables());
        Map<String, String> listeners = new LinkedHashMap<>();
        for (String url : List.of("http://127.0.0.1:81/", "http://127.0.0.2:81/",
                "http://192.0.2.1:81/", "http://[::1]:81/", "http://[2001:db8::1]:81/",
                "http://localhost:81/", "http://localhost:82/", "http://example.com:81/",
                "http://192.0.2.1:444/", "https://192.0.2.1:444/")) {
            listeners.put(url, asking.explain(Asked.of(url, List.of("Host: example.com"),
                    "192.0.2.7", null)).listener);
        }
        assertEquals("{http://127.0.0.1:81/=127.0.0.1:81, http://127.0.0.2:81/=127.0.0.2:81,"
                + " http://192.0.2.1:81/=0.0.0.0:81, http://[::1]:81/=[::1]:81,"
                + " http://[2001:db8::1]:81/=[::]:81, http://localhost:81/=127.0.0.1:81,"
                + " http://localhost:82/=[::1]:82, http://example.com:81/=0.0.0.0:81,"
                + " http://192.0.2.1:444/=192.0.2.1:444, https://192.0.2.1:444/=192.0.2.1:444}",
                listeners.toString());
        for (String[] one : new String[][] {
            {"http://192.0.2.9:82/", "nothing listens at 192.0.2.9:82\nthe file has 127.0.0.2:81,"},
            {"http://h:83/", "nothing listens at port 83\nthe file has 127.0.0.2:81, 0.0.0.0:81,"},
            {"https://127.0.0.1/", "127.0.0.1:443 has no TLS\nask for http://, or choose"},
            {"https://h/", "127.0.0.1:443 has no TLS\nask for http://, or choose"},
        }) {
            String unheard = asking.explain(Asked.of(one[0], List.of(), "192.0.2.7", null)).unheard;
            assertTrue(unheard.startsWith(one[1]), unheard);
        }
        assertTrue(asking.explain(Asked.of("http://h/", List.of(), "192.0.2.7", "*:80")).unheard
                .startsWith("nothing listens at *:80\nthe file has"));
    }

    @Test
    void whatIsPassedOn() {
        Explanation told = explain("GET http://example.com/api/x?y=1", "User-Agent: z");
        assertEquals("www \"/api/\" app /v1/x?y=1", told.brief());
        tells(told, "listener   0.0.0.0:80   (", "server     www, by example.com",
                "location   /api/", "not /: /api/ is longer",
                "limit      per_client: 10r/s burst=0 for \"192.0.2.7\"",
                "upstream   app: round_robin, 10.0.0.1:8080, 10.0.0.2:8080 backup",
                "request    GET /v1/x?y=1 HTTP/1.1", "Host: app", "User-Agent: z",
                "X-Who: 192.0.2.7", "answer     add X-Frame-Options: DENY");
    }

    @Test
    void whatTheCacheWouldDo() {
        tells(explain("GET http://example.com/kept/a%20b?y=1&new=1", "Cookie: session=7"),
                "cache      pages, key http://example.com:80/kept/a%20b?y=1&new=1 app",
                "the peer is asked all the same: proxy_cache_bypass $arg_new is \"1\"",
                "the answer is not stored: proxy_no_cache $cookie_session is \"***\"",
                "upstream   app");
        tells(explain("GET http://example.com/kept/", "Authorization: Basic eA=="),
                "key http://example.com:80/kept/ app", "with Authorization an answer is stored");
        tells(explain("POST http://example.com/kept/x"), "cache      pages: passed by, it is"
                + " neither GET nor HEAD; an answer that is no error removes");
    }

    @Test
    void whyOthersWereNotTaken() {
        tells(explain("GET http://www.example.com/api/inside/a.php"),
                "server     www, by *.example.com", "not other by ~^(www|api)[.]:",
                "location   ^~ /api/inside/", "not /: /api/inside/ is longer",
                "not /api/: /api/inside/ is longer",
                "not ~ ^/api/.*[.]php$: ^~ goes before expressions");
        tells(explain("GET http://example.com/api/a.php"), "location   ~ ^/api/.*[.]php$",
                "not /api/: an expression goes before prefixes without ^~");
        tells(explain("GET http://example.com/only"), "location   /",
                "not /only: when = $arg_key == *** does not hold");
        tells(explain("GET http://example.com/only?key=secret"), "answer     405",
                "Allow: POST, OPTIONS");
        tells(explain("GET http://nobody.test/"), "server     www, the default server");
    }

    @Test
    void rulesAnswersAndChoices() {
        Explanation rewritten = explain("GET http://example.com/old/a");
        assertEquals("www \"/api/\" app /v1/a", rewritten.brief());
        tells(rewritten, "rewrite    /old/a -> /api/a, a location is looked for anew");
        assertEquals("www \"= /here\" 301 https://example.com/there",
                explain("GET http://example.com/here").brief());
        assertEquals("www \"^~ /api/inside/\" gold /api/inside/",
                explain("GET http://example.com/api/inside/", "X-Tier: gold").brief());
        assertEquals("www \"/pass\" 200", explain("GET http://example.com/pass").brief());
        assertEquals("www \"/\" 200", explain("DELETE http://example.com/x").brief());
        assertEquals("other \"\" 200", explain("GET http://api.test/x").brief());
        assertEquals("plain \"\" 404", explain("GET http://h:8080/x").brief());
        assertEquals("- \"\" 0", explain("GET https://h/x").brief());
    }

    @Test
    void theClientIsWhomATrustedProxyNames() {
        Asked asked = Asked.of("GET http://example.com/api/inside/",
                List.of("X-Real-IP: 198.51.100.9"), "10.1.2.3", null);
        Explanation told = explainer.explain(asked);
        assertEquals("www \"^~ /api/inside/\" 403", told.brief());
        tells(told, "access     refused by allow 192.0.2.0/24 deny all", "answer     403");
    }

    @Test
    void tunnels() {
        assertEquals("www \"\" 405", explain("CONNECT a.test:443").brief());
        for (String target : List.of("a.test.example:443", "10.1.2.3:22")) {
            assertEquals("site \"/\" tunnel " + target, connect(target).brief());
        }
        tells(connect("a.test.example:443"),
                "tunnel     opened to port 443 of a.test.example, where connect_allow allows");
        for (String target : List.of("a.test.example:80", "test.example:443", "192.0.2.1:443")) {
            assertEquals("site \"/\" 403", connect(target).brief());
        }
        tells(connect("a.test:443"), "tunnel     refused by connect_allow", "answer     403");
    }

    private Explanation connect(String target) {
        return explainer.explain(Asked.of("CONNECT " + target, List.of(), "192.0.2.7",
                "0.0.0.0:81"));
    }

    @Test
    void codingsAndErrorPages() {
        String text = "GET http://h:81/text/a";
        tells(explain(text, "Accept-Encoding: gzip, zstd;q=0.5"),
                "coding     gzip, of zstd gzip, for answers from 256 bytes of text/* ",
                "coding     what a peer sends by gzip stays so",
                "error page /gone for 502 504 of Sluice itself; those of peers are passed on");
        tells(explain(text), "coding     none: the client takes none of zstd gzip",
                "coding     what a peer sends by gzip is unpacked, up to ");
        tells(explain(text, "Accept-Encoding: gzip", "Cookie: session=1"),
                "coding     none: gzip_bypass $cookie_session is \"***\"");
        tells(explain("GET http://h:81/none"), "location   /", "error page for 404: /gone",
                "location   = /gone", "answer     404");
    }

    @Test
    void aBadRequestIsOne() {
        tells(explain("GET http://example.com/\\\\u0001x".replace("\\\\u0001", "\u0001")),
                "request    ", "answer     400");
        for (String words : List.of("", "GET", "GET ftp://h/", "GET http:///x", "A B http://h/",
                "CONNECT h", "CONNECT http://h:1/")) {
            assertThrows(IllegalArgumentException.class,
                    () -> Asked.of(words, List.of(), "::1", null), words);
        }
    }
}
