package dev.sluice.worker.variables;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.KnownVariables;
import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.config.ServerNameConfig.Kind;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.dispatch.RoutingHarness;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.route.Sites;
import dev.sluice.worker.route.Sites.Place;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TemplateTest {

    private final Sites sites = new Sites();
    private final RoutingHarness harness = new RoutingHarness(sites.add(sites.site("www")
            .listen(80, false).name(Kind.EXACT, "main.example.com")
            .place(new Place(Match.PREFIX, "/files/"))
            .place(new Place(Match.PREFIX, "/api/").proxy("app"))).config());
    private Exchange x;

    private void send(String request) {
        harness.send(request);
        x = harness.client.exchange;
    }

    private String value(String text) {
        return written(Template.compile(text, harness.scope));
    }

    private String written(Template template) {
        ByteSink sink = harness.scope.scratch();
        template.append(x, sink);
        byte[] bytes = new byte[sink.position()];
        sink.buffer().get(0, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void hasExactlyTheVariablesThatTheConfigurationAccepts() {
        TreeSet<String> mine = new TreeSet<>();
        for (Variable v : Variable.values()) {
            mine.add(v.label());
            assertTrue(KnownVariables.contains(v.label()));
        }
        assertEquals(KnownVariables.names(), mine);
        for (String name : new String[] {"http_x", "sent_http_x", "arg_x", "cookie_x", "1", "9",
            "http_", "arg_", "0", "10", "nothing", ""}) {
            assertEquals(KnownVariables.contains(name),
                    NamedVariables.bind(name, harness.scope) != null, name);
        }
    }

    @Test
    void takesATextApart() {
        send("GET /a?b=c HTTP/1.1\nHost: a");
        assertEquals("GET:/a?b=c, GETs", value("${request_method}:$uri$is_args$args, "
                + "${request_method}s"));
        assertEquals("", value(""));
        for (String bad : new String[] {"$", "a$", "$-", "${uri", "$nothing", "${}"}) {
            assertThrows(IllegalArgumentException.class, () -> value(bad), bad);
        }
        assertArrayEquals("x y".getBytes(StandardCharsets.US_ASCII),
                Template.compile("x y", harness.scope).constant());
        assertNull(Template.compile("x$uri", harness.scope).constant());
    }

    /** RFC 9112 §3.2.2: rules about paths hold for it as for the other form. */
    @Test
    void ofAnAbsoluteTargetTheUriIsThePath() {
        send("GET http://A.example:81/adm%69n?x=1 HTTP/1.1\nHost: b");
        assertEquals("/adm%69n?x=1", value("$request_uri"));
        assertEquals("GET http://A.example:81/adm%69n?x=1 HTTP/1.1", value("$request"));
        send("GET http://a.example?x HTTP/1.1\nHost: b");
        assertEquals("/?x", value("$request_uri"));
        send("GET http://a.example HTTP/1.1\nHost: b");
        assertEquals("/", value("$request_uri"));
    }

    @Test
    void knowsTheRequest() {
        send("GET /a%20b/../c?x=1&Y=%20z&empty= HTTP/1.1\nHost: WWW.Example.com:8080\n"
                + "Content-Type: text/x\nX-Thing: 1\nx-thing: 2\nCookie: a=b; Sid=77\nCookie: q=r");
        assertEquals("GET /a%20b/../c?x=1&Y=%20z&empty= HTTP/1.1", value("$request"));
        assertEquals("/a%20b/../c?x=1&Y=%20z&empty=", value("$request_uri"));
        assertEquals("/c /c", value("$uri $document_uri"));
        assertEquals("x=1&Y=%20z&empty=", value("$query_string"));
        assertEquals("www.example.com", value("$host"));
        assertEquals("WWW.Example.com:8080", value("$http_host"));
        assertEquals("1, 2", value("$http_x_thing"));
        assertEquals("a=b; Sid=77; q=r", value("$http_cookie"));
        assertEquals("1|%20z||", value("$arg_x|$arg_y|$arg_empty|$arg_none"));
        assertEquals("77|r|", value("$cookie_sid|$cookie_q|$cookie_none"));
        assertEquals("text/x HTTP/1.1", value("$content_type $server_protocol"));
        assertEquals("http 192.0.2.7:4711 198.51.100.1:8080",
                value("$scheme $remote_addr:$remote_port $server_addr:$server_port"));
        assertEquals("main.example.com edge-1 4242 3 7", value("$server_name $hostname $pid"
                + " $worker $generation"));
    }

    @Test
    void theServersNameStandsInForAMissingHost() {
        send("GET / HTTP/1.0");
        assertEquals("main.example.com", value("$host"));
        assertEquals("HTTP/1.0", value("$server_protocol"));
        assertEquals("|", value("$is_args|$args"));
    }

    @Test
    void elseTheAddressOfTheConnectionDoes() {
        Sites patterns = new Sites();
        RoutingHarness named = new RoutingHarness(patterns.add(patterns.site("www")
                .listen(80, false).name(Kind.LEADING_WILDCARD, "*.example.com")
                .name(Kind.REGEX, "^x")).config());
        for (String[] one : new String[][] {{"198.51.100.1", "198.51.100.1"},
            {"2001:db8::1", "[2001:db8::1]"}, {"unix:", "localhost"}}) {
            named.client.localAddress = one[0];
            named.send("GET / HTTP/1.0");
            x = named.client.exchange;
            assertEquals(one[1] + "|", written(Template.compile("$host|", named.scope)));
        }
    }

    @Test
    void knowsFilesAndPeers() {
        send("GET /files/x HTTP/1.1\nHost: a");
        assertEquals(Sites.ROOT + " " + Sites.ROOT + "/files/x",
                value("$document_root $request_filename"));
        send("GET /api/x HTTP/1.1\nHost: a\nX-Forwarded-For: 10.0.0.1, 10.0.0.2\n"
                + "X-Forwarded-For: 10.0.0.3");
        assertEquals("app", value("$proxy_host"));
        assertEquals("10.0.0.1, 10.0.0.2, 10.0.0.3, 192.0.2.7",
                value("$proxy_add_x_forwarded_for"));
        send("GET /api/x HTTP/1.1\nHost: a");
        assertEquals("192.0.2.7", value("$proxy_add_x_forwarded_for"));
    }

    private String user(String credentials) {
        send("GET / HTTP/1.1\nHost: a\nAuthorization: basic "
                + Base64.getEncoder().encodeToString(
                        credentials.getBytes(StandardCharsets.ISO_8859_1)));
        return value("$remote_user");
    }

    @Test
    void readsTheUserOfBasicAuthentication() {
        assertEquals("Aladdin", user("Aladdin:open sesame"));
        assertEquals("a", user("a:"));
        assertEquals("", user("nocolon"));
        assertEquals("", user(":empty"));
        assertEquals("", user("evil\r\nX: y:pw"), "a line end would split a header");
        assertEquals("\u00e9\"", user("\u00e9\":pw"));
        send("GET / HTTP/1.1\nHost: a\nAuthorization: Bearer QTpi");
        assertEquals("", value("$remote_user"));
        send("GET / HTTP/1.1\nHost: a\nAuthorization: Basic !!!");
        assertEquals("", value("$remote_user"));
    }

    @Test
    void theRequestIdStaysForTheExchange() {
        send("GET / HTTP/1.1\nHost: a");
        String id = value("$request_id");
        assertTrue(id.matches("[0-9a-f]{32}"), id);
        assertEquals(id + id, value("$request_id$request_id"));
        send("GET / HTTP/1.1\nHost: a");
        assertNotEquals(id, value("$request_id"));
    }

    @Test
    void requestIdsAreSipHash() {
        // Key and first eight-byte message of the reference vectors.
        RequestIds ids = new RequestIds(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        assertEquals(0x93f5f5799a932462L, ids.hash(0x0706050403020100L));
    }

    @Test
    void knowsTheAnswer() {
        send("GET /files/x HTTP/1.1\nHost: a");
        assertEquals("200 text/plain", value("$status $sent_http_content_type"));
        assertEquals("", value("$sent_http_http"));
        x.bodyBytesSent = 12;
        x.bytesSent = 345;
        x.requestBytes = 67;
        harness.clock.stepMs(1234);
        harness.ctx.clock.update();
        assertEquals("12 345 67 1.234", value("$body_bytes_sent $bytes_sent $request_length"
                + " $request_time"));
        assertEquals("1795197601.234", value("$msec"));
        assertEquals("20/Nov/2026:18:00:01 +0000 2026-11-20T18:00:01+00:00",
                value("$time_local $time_iso8601"));
        assertEquals("1 1 . done", value("$connection $connection_requests $pipe $termination"));
        assertEquals("||", value("$upstream_addr|$upstream_error|$upstream_connect_time"));
        x.upstreamAddress = "10.0.0.1:80";
        x.upstreamStatus = 502;
        x.upstreamConnectNs = 1_000_000;
        x.upstreamHeaderNs = 22_999_999;
        x.upstreamResponseNs = 0;
        x.upstreamError = Termination.UPSTREAM_REFUSED;
        assertEquals("10.0.0.1:80 502 0.001 0.022 0.000 upstream_refused",
                value("$upstream_addr $upstream_status $upstream_connect_time"
                        + " $upstream_header_time $upstream_response_time $upstream_error"));
        x.status = 0;
        assertEquals("000", value("$status"));
        x.termination = Termination.CLIENT_RESET;
        assertEquals("499", value("$status"));
        x.termination = Termination.CLIENT_HEAD_TIMEOUT;
        assertEquals("408", value("$status"));
    }

    @Test
    void triesBeforeTheLastKeepTheirValues() {
        send("GET / HTTP/1.1\nHost: a");
        String all = "$upstream_addr; $upstream_status; $upstream_connect_time;"
                + " $upstream_header_time; $upstream_response_time";
        x.attemptBegins("10.0.0.1:80", true);
        x.upstreamResponseNs = 3_000_000;
        x.attemptBegins("10.0.0.2:80", false);
        // It was a closed connection: the try does not count.
        x.upstreamTries--;
        x.attemptBegins("10.0.0.3:80", false);
        x.upstreamStatus = 503;
        x.upstreamConnectNs = 1_000_000;
        x.upstreamHeaderNs = 2_000_000;
        x.upstreamResponseNs = 2_000_000;
        x.attemptBegins("10.0.0.4:80", true);
        String told = "10.0.0.1:80, 10.0.0.3:80 : 10.0.0.4:80; -, 503 : -; -, 0.001 : -;"
                + " -, 0.002 : -; 0.003, 0.002 : -";
        assertEquals(told, value(all));
        send("GET / HTTP/1.1\nHost: a");
        assertEquals("; ; ; ; ", value(all), "another request");
        for (int i = 1; i <= 40; i++) {
            x.attemptBegins("p" + i, false);
        }
        assertEquals(IntStream.rangeClosed(1, 16).mapToObj(i -> "p" + i + ", ")
                .collect(Collectors.joining()) + "p40", value("$upstream_addr"));
    }

    @Test
    void capturesAreEncodedInsideUrls() {
        send("GET /a%20b HTTP/1.1\nHost: a");
        x.captures = new String[] {"", "x y", null};
        assertEquals("x y2|/a b|", value("$12|$uri|$2$3"));
        assertEquals("x%20y?/a%20b", written(Template.compileUrl("$1?$uri", harness.scope)));
    }
}
