package dev.sluice.worker.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.dispatch.RoutingHarness;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.HeadRules;
import dev.sluice.worker.exchange.SteadyAllocation;
import dev.sluice.worker.variables.WorkerScope;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Heads of answers before and after the rules of a location, as lines. */
class HeadEditsTest {

    private static final int MEMORY = 8192;
    /** What a file or a peer has said before the rules come. */
    private static final String HEAD = """
            Server: sluice
            Date: Fri, 20 Nov 2026 18:00:00 GMT
            Content-Type: text/html
            X-Kept: 1
            Last-Modified: Fri, 20 Nov 2026 17:00:00 GMT
            """;

    private final WorkerScope scope =
            new WorkerScope(1, "edge", TimeZone.getTimeZone("Europe/Berlin"), 1, 2);
    private final RoutingHarness h =
            new RoutingHarness(ConfigText.of("[server www]", "listen = 80", "return = 200"));
    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(MEMORY).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteSink sink = new ByteSink();

    private Exchange request(String fields) {
        Exchange x = h.client.request("GET /a HTTP/1.1\nHost: a\n" + fields);
        x.server = h.routes.defaultServer(0);
        x.location = x.server.fallback;
        return x;
    }

    private HeadRules compile(String keys) {
        LocationConfig location = ConfigText.location("/", keys);
        return HeadEdits.compile(location, scope);
    }

    /** The head behind the status line, with what the rules made of it. */
    private String edit(String keys, int status, String head, String requestFields) {
        Exchange x = request(requestFields);
        x.status = status;
        // Something lies before the head: it does not begin at zero.
        sink.reset(memory, 7, MEMORY);
        sink.putAscii("HTTP/1.1 " + status + " x\r\n" + head.replace("\n", "\r\n"));
        compile(keys).apply(x, sink, 7);
        byte[] bytes = new byte[sink.position() - 7];
        memory.get(7, bytes);
        x.end();
        String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
        return text.substring(text.indexOf('\n') + 1);
    }

    private String edit(String keys, int status) {
        return edit(keys, status, HEAD, "");
    }

    @Test
    void aLocationThatChangesNothingHasNoRules() {
        assertNull(compile("add_header = X-A a"));
    }

    @Test
    void setFieldsTakeThePlaceOfAllOfTheirName() {
        assertEquals("""
                Server: sluice
                Date: Fri, 20 Nov 2026 18:00:00 GMT
                X-Kept: 1
                Last-Modified: Fri, 20 Nov 2026 17:00:00 GMT
                content-type: text/plain
                X-New: /a
                """, edit("set_header = content-type text/plain\nset_header = X-New $uri", 200));
        assertEquals("A: 1\nB: 2\nX-Many: one\n", edit("set_header = X-Many one", 200,
                "X-Many: 1\nA: 1\nx-many: 2\nX-MANY:\nB: 2\nX-Many: 3\n", ""));
    }

    @Test
    void aValueMayBeMadeOfTheOneWhosePlaceItTakes() {
        assertEquals("B: 1\nX-Cookie: a=1, b=2; Secure\nX-Other: text/css\n",
                edit("set_header = X-Cookie \"$sent_http_x_cookie; Secure\"\n"
                        + "set_header = X-Other $sent_http_content_type\n"
                        + "set_header = Content-Type ''", 200,
                        "X-Cookie: a=1\nContent-Type: text/css\nB: 1\nx-cookie: b=2\n", ""));
    }

    @Test
    void howLongMayDependOnWhatIsAnswered() {
        String keys = "expires = $sent_http_x_ttl";
        assertEquals("X-TTL: 5s\nExpires: Fri, 20 Nov 2026 18:00:05 GMT\n"
                + "Cache-Control: max-age=5\n", edit(keys, 200, "X-TTL: 5s\n", ""));
        assertEquals("A: 1\n", edit(keys, 200, "A: 1\n", ""));
    }

    @Test
    void anEmptyValueOnlyRemoves() {
        String keys = "set_header = Server ''\nset_header = X-Kept $arg_none";
        assertEquals("""
                Date: Fri, 20 Nov 2026 18:00:00 GMT
                Content-Type: text/html
                Last-Modified: Fri, 20 Nov 2026 17:00:00 GMT
                """, edit(keys, 200));
    }

    @Test
    void withoutAlwaysErrorsAreLeftAlone() {
        String keys = "set_header = X-Kept 2\nset_header = Server '' always";
        String error = edit(keys, 502);
        assertTrue(error.contains("X-Kept: 1\n") && !error.contains("Server"), error);
        String redirect = edit(keys, 302);
        assertTrue(redirect.contains("X-Kept: 2\n") && !redirect.contains("X-Kept: 1"), redirect);
    }

    @Test
    void aPeersServerAndDateTakeThePlaceOfOurOwn() {
        String peer = HEAD + "Server: peer\nDate: Thu, 01 Jan 1970 00:00:00 GMT\n";
        String keys = "proxy_pass = http://app\nproxy_pass_header = server Date";
        String lines = edit(keys, 200, peer, "");
        assertEquals("""
                Content-Type: text/html
                X-Kept: 1
                Last-Modified: Fri, 20 Nov 2026 17:00:00 GMT
                Server: peer
                Date: Thu, 01 Jan 1970 00:00:00 GMT
                """, lines);
        assertEquals(HEAD, edit(keys, 200), "the peer sent none: our own stay");
    }

    /** At 18:00 UTC, which is 19:00 in Berlin; the file is an hour old. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "30d          | Sun, 20 Dec 2026 18:00:00 GMT | max-age=2592000",
        "1h30m        | Fri, 20 Nov 2026 19:30:00 GMT | max-age=5400",
        "0            | Fri, 20 Nov 2026 18:00:00 GMT | max-age=0",
        "-1           | Fri, 20 Nov 2026 17:59:59 GMT | no-cache",
        "modified +2h | Fri, 20 Nov 2026 19:00:00 GMT | max-age=3600",
        "modified 10m | Fri, 20 Nov 2026 17:10:00 GMT | no-cache",
        "@20h         | Fri, 20 Nov 2026 19:00:00 GMT | max-age=3600",
        "@18h30m      | Sat, 21 Nov 2026 17:30:00 GMT | max-age=84600",
        "epoch        | Thu, 01 Jan 1970 00:00:01 GMT | no-cache",
        "max          | Thu, 31 Dec 2037 23:55:55 GMT | max-age=315360000",
    })
    void expires(String value, String date, String control) {
        String head = HEAD + "Cache-Control: private\nExpires: 0\nCache-Control: no-store\n";
        assertEquals(HEAD + "Expires: " + date + "\nCache-Control: " + control + "\n",
                edit("expires = " + value, 200, head, ""));
        assertEquals(head, edit("expires = " + value, 404, head, ""), "errors stay as they are");
        assertEquals(HEAD + "Expires: " + date + "\nCache-Control: " + control + "\n",
                edit("expires = $http_x_keep", 200, head, "X-Keep: " + value), "by a variable");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "Cache-Control no-store       | Cache-Control: no-store",
        "Cache-Control private always | Cache-Control: private",
        "Expires 0                    | Expires: 0",
        "Cache-Control ''  | Expires: Fri, 20 Nov 2026 18:01:00 GMT",
        "Cache-Control $arg_none | Expires: Fri, 20 Nov 2026 18:01:00 GMT",
        "Expires ''        | Cache-Control: max-age=60",
    })
    void whatIsSetOfKeepingWinsOverExpires(String rule, String left) {
        for (String time : new String[] {"60s", "$http_x_keep"}) {
            assertEquals("A: 1\n" + left + "\n", edit("expires = " + time + "\nset_header = "
                    + rule, 200, "A: 1\n", "X-Keep: 60s"), time);
        }
    }

    @ParameterizedTest
    @CsvSource({"off", "for ever", "modified", "@25h", "''", "9999999999999999999999",
        "1234567890123456789012345678901234567890123456789012345678901234567890"})
    void aVariableThatSaysNothingChangesNothing(String value) {
        String head = HEAD + "Cache-Control: private\n";
        assertEquals(head, edit("expires = $http_x_keep", 200, head, "X-Keep: " + value));
    }

    /** More of them than are kept, and each again. */
    @Test
    void aVariableMaySayManyTimes() {
        HeadRules rules = compile("expires = modified $http_x_keep");
        for (int i = 0; i < 60; i++) {
            Exchange x = request("X-Keep: " + i % 12 + "s");
            x.status = 200;
            sink.reset(memory, 0, MEMORY);
            sink.putAscii("HTTP/1.1 200 x\r\nLast-Modified: Fri, 20 Nov 2026 18:00:00 GMT\r\n");
            rules.apply(x, sink, 0);
            byte[] bytes = new byte[sink.position()];
            memory.get(0, bytes);
            x.end();
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            assertTrue(text.endsWith("max-age=" + i % 12 + "\r\n"), text);
        }
    }

    @Test
    void withoutLastModifiedTheTimeCountsFromTheAnswer() {
        assertEquals("Expires: Fri, 20 Nov 2026 18:10:00 GMT\nCache-Control: max-age=600\n",
                edit("expires = modified 10m", 200, "", ""));
        assertEquals("Last-Modified: today\nExpires: Fri, 20 Nov 2026 18:10:00 GMT\n"
                + "Cache-Control: max-age=600\n",
                edit("expires = modified 10m", 200, "Last-Modified: today\n", ""));
    }

    private static final String CORS = "cors_allow_origin = https://a.example"
            + " ~https://[a-z]+\\.b\\.example|evil\ncors_expose_headers = X-One X-Two\n"
            + "cors_allow_credentials = on";

    @Test
    void anOriginThatIsAllowedIsNamed() {
        for (String origin : new String[] {"https://a.example", "https://x.b.example"}) {
            assertEquals("Access-Control-Allow-Origin: " + origin + """

                    Access-Control-Allow-Credentials: true
                    Access-Control-Expose-Headers: X-One, X-Two
                    Vary: Origin
                    """, edit(CORS, 500, "", "Origin: " + origin));
        }
    }

    @ParameterizedTest
    @CsvSource({"https://A.example", "https://a.example.evil", "https://a.example:444",
        "http://a.example", "https://evil/.b.example", "https://evil",
        "null", "https://x.b.example.evil"})
    void othersGetNoPermissionButCachesAreTold(String origin) {
        assertEquals("Vary: Origin\n", edit(CORS, 200, "", "Origin: " + origin));
        assertEquals("Vary: Origin\n", edit(CORS, 200, "",
                "Origin: https://a.example\nOrigin: " + origin), "two are none");
        assertEquals("Vary: Origin\n", edit(CORS, 200, "", ""));
    }

    @Test
    void varyIsNotSaidTwice() {
        String vary = "Vary: Accept-Encoding\nvary: Accept, ORIGIN\n";
        assertEquals(vary, edit(CORS, 200, vary, ""));
        assertEquals("Vary: *\n", edit(CORS, 200, "Vary: *\n", ""));
        assertEquals("Vary: X-Origin\nVary: Origin\n", edit(CORS, 200, "Vary: X-Origin\n", ""));
    }

    @Test
    void everybodyIsAllowedWithoutVary() {
        assertEquals("Access-Control-Allow-Origin: *\n",
                edit("cors_allow_origin = *", 200, "", ""));
    }

    @Test
    void aHeadThatDoesNotFitIsLeftAlone() {
        Exchange x = request("");
        x.status = 200;
        sink.reset(memory, 0, 20);
        sink.putAscii("HTTP/1.1 200 x\r\n").putAscii("X-Long: more than there is room for\r\n");
        compile("set_header = X-Long ''").apply(x, sink, 0);
        assertTrue(sink.overflowed());
        assertEquals(16, sink.position());
    }

    @Test
    void sixRulesAllocateNothing() {
        HeadRules rules = compile("set_header = Server ''\nset_header = Content-Type text/plain\n"
                + "set_header = X-Host $host\nset_header = X-Kept '' always\n"
                + "set_header = X-Id $request_id\nset_header = X-Uri $uri\nexpires = 1h\n" + CORS);
        Exchange x = request("Origin: https://a.example");
        x.status = 200;
        byte[] head = ("HTTP/1.1 200 OK\r\n" + HEAD.replace("\n", "\r\n"))
                .getBytes(StandardCharsets.US_ASCII);
        long bytes = SteadyAllocation.leastBytes(100, () -> {
            for (int i = 0; i < 2_000; i++) {
                sink.reset(memory, 0, MEMORY).put(head);
                rules.apply(x, sink, 0);
            }
        });
        assertTrue(bytes <= 100, bytes + " bytes in 2,000 answers");
    }
}
