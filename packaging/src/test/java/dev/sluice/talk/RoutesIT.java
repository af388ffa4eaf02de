package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * How a request finds its location, and that it is the same path that is matched and sent on,
 * whatever a client does to tell the two apart.
 */
final class RoutesIT {

    private static final String SITE = """
            [server s]
            listen = 127.0.0.1:@PORT@
            server_name = ~^(?<tenant>[a-z]+)\\.example$ localhost
            root = @DIR@/www
            [location s /users/{id}]
            methods = GET PUT
            return = 200 "user $path_id of [$tenant]"
            [location s /users/me]
            return = 200 "me"
            [location s /files/{bucket}/{rest...}]
            return = 200 "[$path_rest] of [$path_bucket]"
            [location s /choice]
            when = $http_x_beta == "1"
            when = $arg_q ~ ^[0-9]+$
            return = 200 "both hold"
            [location s /choice]
            when = $remote_addr in 10.0.0.0/8
            return = 200 "from inside"
            [location s /choice]
            methods = POST
            return = 200 "by method"
            [location s /choice]
            return = 200 "none"
            [location s = /page]
            internal = on
            return = 200 "inside"
            [location s /lost]
            error_page = 404 =200 /page
            return = 404
            [location s /lost/again]
            error_page = 404 @again
            return = 404
            [location s @again]
            error_page = 404 @again
            rewrite = ^ /lost/again last
            [location s /app/]
            try_files = $uri @app
            [location s /fallback/]
            error_page = 404 405 = @app
            [location s @app]
            proxy_pass = http://%1$s
            [location s /peer/]
            proxy_pass = http://%1$s
            [location s /prefix/]
            proxy_pass = http://%1$s/other/
            [location s ~ ^/group/(?<what>.*)$]
            proxy_pass = http://%1$s
            proxy_set_header = X-What "$what"
            proxy_set_header = X-First "$1"
            [location s /one/{id}/of]
            proxy_pass = http://%1$s
            proxy_set_header = X-What "$path_id"
            [location s /closed]
            return = 403
            [location s /circle/]
            rewrite = ^/circle/a(.*)$ /circle/b$1 last
            rewrite = ^/circle/b(.*)$ /circle/a$1 last
            [location s ~ ^/slow/(a*)*(a|aa)+b$]
            return = 200 "matched"
            [server other]
            listen = 127.0.0.1:@PORT@
            server_name = other.example2
            return = 200 "other"
            """;

    private static ScriptedUpstream peer;
    private static RunningSluice sluice;

    @BeforeAll
    static void start() throws Exception {
        peer = ScriptedUpstream.playing(talk -> {
            while (talk.readRequest()) {
                talk.answer(200, talk.head() + new String(talk.body()));
            }
        });
        sluice = RunningSluice.with(SITE.formatted(peer.address()))
                .file("www/app/file.txt", "file").start();
    }

    @AfterAll
    static void stop() throws Exception {
        sluice.close();
        peer.close();
    }

    private static Response ask(String line, String... fields) throws Exception {
        try (var client = sluice.client()) {
            boolean host = fields.length > 0 && fields[0].startsWith("Host:");
            List<String> all = new ArrayList<>(List.of(fields));
            all.add(0, line + " HTTP/1.1");
            if (!host) {
                all.add("Host: localhost");
            }
            return client.request(all.toArray(String[]::new))
                    .response(line.substring(0, line.indexOf(' ')));
        }
    }

    private static String get(String target, String... fields) throws Exception {
        Response response = ask("GET " + target, fields);
        return response.status() == 200 ? response.text() : String.valueOf(response.status());
    }

    private static Response post(String target, String body) throws Exception {
        try (var client = sluice.client()) {
            return client.send("POST " + target + " HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Length: " + body.length() + "\r\n\r\n" + body).response("POST");
        }
    }

    @Test
    void parametersMethodsAndConditions() throws Exception {
        assertEquals("user 4%2F2 of [shop]", get("/users/4%2f2", "Host: shop.example"));
        assertEquals("me", get("/users/me"));
        assertEquals("[a/b%20c] of [x]", get("/files/x/a//b%20c"));
        assertEquals("[] of [x]", get("/files/x/"));
        assertEquals("404", get("/users/"), "a parameter is not empty");
        Response refused = ask("DELETE /users/1");
        assertEquals(405, refused.status());
        assertEquals("GET, HEAD, PUT, OPTIONS", refused.field("Allow"));
        assertEquals(204, ask("OPTIONS /users/1").status());
        assertEquals("both hold", get("/choice?q=12", "X-Beta: 1"));
        assertEquals("none", get("/choice?q=x", "X-Beta: 1"));
        assertEquals("by method", post("/choice", "").text());
    }

    @Test
    void namesThatOnlyRedirectsReach() throws Exception {
        assertEquals("404", get("/page"));
        assertEquals("404", get("/@app"));
        assertEquals("inside", get("/lost"));
        assertEquals("404", get("/lost/again"), "the error of an error page is the last one");
        assertEquals("file", get("/app/file.txt"));
        assertTrue(get("/app/none?q=1").startsWith("GET /app/none?q=1 HTTP/1.1\n"));
        for (String target : List.of("/app/none", "/fallback/none")) {
            String seen = post(target, "the body").text();
            assertTrue(seen.startsWith("POST " + target + " HTTP/1.1\n"), seen);
            assertTrue(seen.endsWith("the body"), seen);
        }
        assertEquals(405, post("/app/file.txt", "x").status());
    }

    /** The left is what a client writes, the right what the peer sees, or how it is refused. */
    @Test
    void noSecondReadingOfAPath() throws Exception {
        for (String pair : """
                /peer/a%2fb           /peer/a%2Fb
                /peer/%2525           /peer/%2525
                /peer/a%25%32%66b     /peer/a%252fb
                /peer//x              /peer/x
                /peer/./x             /peer/x
                /peer/x/..            /peer/
                /peer/;/x             /peer/;/x
                /peer/.../x           /peer/.../x
                /prefix/%c3%a9        /other/%C3%A9
                /prefix/a?b=%0d%0aX:y /other/a?b=%0d%0aX:y
                /peer/../closed       403
                //closed              403
                /./closed             403
                /%63losed             403
                /peer/%2e%2e/closed   403
                /prefix//../closed    403
                /closed;x=1           403
                /peer/..;/closed      400
                /peer/..%3b/closed    400
                /peer/%2e%2e%2fclosed 400
                /peer/..%2fclosed     400
                /peer/a%2f..%2fclosed 400
                /peer/..\\closed      400
                /peer/..%5cclosed     400
                /.%2fclosed           400
                /..                   400
                /../closed            400
                /peer/%c0%ae%c0%ae/x  400
                /closed%00            400
                /peer/a%7f            400
                /peer/%               400
                /peer/%zz             400
                /group/a%0d%0aX-Evil:%201  400
                /one/a%0aX-Evil:1/of  400
                /peer/a%0dX           400
                """.lines().toList()) {
            String[] words = pair.strip().split(" +");
            Response response = ask("GET " + words[0]);
            String seen = response.status() == 200 ? response.text().split(" ")[1]
                    : String.valueOf(response.status());
            assertEquals(words[1], seen, words[0]);
        }
        String fields = get("/group/a%250d%250aX-Evil:%201");
        assertTrue(fields.contains("\nX-What: a%250d%250aX-Evil: 1\n"), fields);
        assertTrue(fields.contains("\nX-First: a%250d%250aX-Evil: 1\n"), fields);
        assertTrue(get("/one/%c3%ff%22/of").contains("\nX-What: %C3%FF%22\n"));
    }

    /** RFC 9112 §3.2.2: what a target in absolute form says goes before Host, for the peer too. */
    @Test
    void oneHostWhateverIsWritten() throws Exception {
        assertEquals("other", get("http://other.example2/closed", "Host: localhost"));
        assertEquals("403", get("http://localhost/closed", "Host: other.example2"));
        String seen = get("http://shop.example:81/peer/x?y", "Host: evil.example2");
        assertTrue(seen.startsWith("GET /peer/x?y HTTP/1.1\n"), seen);
        assertTrue(seen.contains("\nX-Forwarded-Host: shop.example:81\n"), seen);
        assertFalse(seen.contains("evil"), seen);
        assertEquals("400", get("http://u@localhost/peer/x"));
        assertEquals("400", get("http:///peer/x"));
    }

    /** RFC 9110 §7.6.1: a client must not be able to remove what Sluice itself says. */
    @Test
    void fieldsOfTheConnectionTakeNothingAlong() throws Exception {
        String seen = get("/group/x", "X-Kept: 1", "X-Gone: 1", "X-What: forged",
                "X-Forwarded-For: \"junk, , unknown, 1.2.3.4:99999",
                "Connection: X-Forwarded-For, X-Forwarded-Host, X-What, Host, Via, X-Gone");
        for (String kept : List.of("X-Forwarded-For: 127.0.0.1", "X-Forwarded-Host: localhost",
                "X-What: x", "X-Kept: 1", "Via: 1.1 sluice")) {
            assertTrue(seen.contains("\n" + kept + "\n"), kept + " in " + seen);
        }
        assertFalse(seen.contains("junk") || seen.contains("forged") || seen.contains("X-Gone"),
                seen);
    }

    @Test
    void whatWouldNeverEndEnds() throws Exception {
        assertEquals("500", get("/circle/a/x"));
        sluice.awaitErrorLog("more than 10 internal redirects");
        // 4000 letters would take a backtracking engine longer than there will be electricity.
        long beganNs = Await.nowNs();
        assertEquals("404", get("/slow/" + "a".repeat(4000)));
        assertTrue(Await.millisecondsSince(beganNs) < 10_000, "linear time");
    }
}
