package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.exchange.ValueTemplate;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.ResponseHead;
import dev.sluice.worker.http1.ParseLimits;
import dev.sluice.worker.http1.ResponseParser;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.LoopContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The head of the response to the client, without any socket. */
class ResponseHeadersTest {

    private static String rewrite(String uri, String pattern, String fields) {
        return rewrite(uri, pattern, "proxy_hide_header = X-Hidden ETag", fields);
    }

    private static String rewrite(String uri, String pattern, String keys, String fields) {
        ScriptedClient client = new ScriptedClient(new LoopContext(
                new EventLoop("unused", new SteppedClock(0), () -> { }), new SlabPool(1),
                CounterWriter.inMemory(1, 1), ErrorLog.NONE, 0, 1));
        byte[] bytes = ("HTTP/1.1 200 OK\n" + fields + "\n\n").replace("\n", "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer b = ByteBuffer.allocateDirect(8192).order(ByteOrder.LITTLE_ENDIAN);
        b.put(0, bytes);
        ResponseHead head = new ResponseHead(100);
        ResponseParser parser = new ResponseParser(ParseLimits.defaults());
        parser.reset(0, Method.GET);
        assertEquals(bytes.length, parser.parse(head, b, bytes.length));
        client.beginHead(200);
        new ResponseHeaders(ConfigText.location(pattern,
                "proxy_pass = http://app" + (uri == null ? "" : uri),
                keys), "app",
                ResponseHeadersTest::compile)
                .write(client.exchange, head.headers, client);
        return client.head();
    }

    /** Knows $hostname and the first two groups; every other text stands for itself. */
    private static ValueTemplate compile(String text) {
        return (x, out) -> out.putAscii(x.captures != null && x.captures.length > 2
                ? text.replace("$1", x.captures[1]).replace("$2", x.captures[2])
                : text.replace("$hostname", "example.com"));
    }

    @Test
    void ownHiddenAndHopByHopFieldsStopHere() {
        assertEquals("Content-Type: a\nSet-Cookie: a\nSet-Cookie: b\nVia: 1.1 other\n"
                + "Via: 1.1 sluice\n", rewrite(null, "/", """
                Content-Type: a
                Content-Length: 0
                Date: now
                Server: peer
                Connection: keep-alive, X-Internal
                Keep-Alive: timeout=5
                X-Internal: 1
                X-Hidden: 1
                etag: "x"
                X-Accel-Expires: 5
                X-Accel-Redirect: /secret
                Set-Cookie: a
                Upgrade: h2c
                Set-Cookie: b
                Via: 1.1 other"""));
    }

    /** The first rule that fits is taken; a template is compiled with the others. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "http://inner:81/x/y   | $scheme://$host/y",
        "http://inner:81/z     | /root/z",
        "http://app/z          | /z",
        "http://other/z        | http://other/z",
    })
    void redirectsBeginAsTheRulesSay(String value, String expected) {
        String keys = "proxy_redirect = http://inner:81/x/ $scheme://$host/\n"
                + "proxy_redirect = http://inner:81/ /root/\nproxy_redirect = default";
        assertEquals("Location: " + expected + "\nVia: 1.1 sluice\n",
                rewrite(null, "/", keys, "Location: " + value));
    }

    /** An expression gives the whole URL anew; its groups are of this rule alone. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Location | http://app7:8080/a?b   | https://x/7/a?b",
        "Location | HTTP://APP7:8080/a     | HTTP://APP7:8080/a",
        "Location | http://Inner/x         | /x of http://",
        "Location | https://example.com/in | /out/in",
        "Location | http://elsewhere/      | http://elsewhere/",
        "Refresh  | 1; url=http://app1:80/ | 1; url=https://x/1/",
    })
    void redirectsByExpressionsAndVariables(String name, String value, String expected) {
        String keys = "proxy_redirect = ~^http://app([0-9]):[0-9]+/(.*)$ https://x/$1/$2\n"
                + "proxy_redirect = \"~*^(http://)inner(/.*)\" \"$2 of $1\"\n"
                + "proxy_redirect = https://$hostname/ /out/";
        assertEquals(name + ": " + expected + "\nVia: 1.1 sluice\n",
                rewrite(null, "/", keys, name + ": " + value));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a=b; Path=/app/one/two; Secure     | a=b; Path=/two-one; Secure",
        "a=b; Path=/APP/one/two             | a=b; Path=/APP/one/two",
        "a=b; Domain=x.INNER.test           | a=b; Domain=test.x",
        "a=b; Domain=.Example.com; Path=/   | a=b; Domain=outside; Path=/",
        "a=b; Domain=other.test; Path=/x    | a=b; Domain=other.test; Path=/x",
    })
    void cookiesByExpressionsAndVariables(String value, String expected) {
        String keys = "proxy_cookie_path = ~^/app/([^/]+)/(.*)$ /$2-$1\n"
                + "proxy_cookie_domain = ~*^(.)\\.inner\\.(test)$ $2.$1\n"
                + "proxy_cookie_domain = $hostname outside";
        assertEquals("Set-Cookie: " + expected + "\nVia: 1.1 sluice\n",
                rewrite(null, "/", keys, "Set-Cookie: " + value));
    }

    @Test
    void redirectsMayStayAsTheyAre() {
        assertEquals("Location: http://app/x\nVia: 1.1 sluice\n",
                rewrite(null, "/", "proxy_redirect = off", "Location: http://app/x"));
        assertEquals("Location: http://app/x\nVia: 1.1 sluice\n",
                rewrite(null, "/", "proxy_redirect = http://b/ /", "Location: http://app/x"));
    }

    /** Attributes in any case and order; what is no attribute stays as it is. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a=b; Domain=app.internal; Path=/app/x | a=b; Domain=example.com; Path=/x",
        "a=b;PATH = /app/ ; domain=.APP.internal;Secure | a=b;PATH = / ; domain=example.com;Secure",
        "a=/app/; path=/root/; HttpOnly        | a=/app/; path=/root/; HttpOnly",
        "path=/app/; Path=/apple               | path=/app/; Path=/apple",
        "a=b; Domain=other.app.internal        | a=b; Domain=other.app.internal",
        "a=b; Path; Domain=; Path=             | a=b; Path; Domain=; Path=",
        "a=b;                                  | a=b;",
        "a=b; Path=/old                        | a=b; Path=$uri",
    })
    void attributesOfCookiesAreAsTheRulesSay(String value, String expected) {
        String keys = "proxy_cookie_domain = .app.Internal example.com\n"
                + "proxy_cookie_path = /app/ /\nproxy_cookie_path = /old $uri";
        assertEquals("Set-Cookie: " + expected + "\nVia: 1.1 sluice\n",
                rewrite(null, "/", keys, "Set-Cookie: " + value));
    }

    @Test
    void whatIsLetThroughIsNotHidden() {
        assertEquals("Server: peer\nDate: now\nX-Accel-Expires: 5\nX-Inner: 1\nVia: 1.1 sluice\n",
                rewrite(null, "/", "proxy_hide_header = X-Inner X-Hidden\n"
                        + "proxy_pass_header = server DATE x-accel-expires x-inner", """
                        Server: peer
                        Date: now
                        X-Accel-Expires: 5
                        X-Accel-Redirect: /secret
                        X-Inner: 1
                        X-Hidden: 1"""));
    }

    @Test
    void whoMayReadAnAnswerIsNotThePeersToSayWhereItIsSaidHere() {
        String fields = "Access-Control-Allow-Origin: *\nAccess-Control-Max-Age: 5\nX-A: 1";
        assertEquals("X-A: 1\nVia: 1.1 sluice\n",
                rewrite(null, "/", "cors_allow_origin = https://a.example", fields));
        assertEquals(fields + "\nVia: 1.1 sluice\n", rewrite(null, "/", "", fields));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Location | http://app/x             |       | /     | /x",
        "Location | http://app:8080/x        |       | /     | http://app:8080/x",
        "Location | http://application/x     |       | /     | http://application/x",
        "Location | http://app               |       | /     | http://app",
        "Location | /x                       |       | /     | /x",
        "Location | http://app/to/x          | /to/  | /from/| /from/x",
        "Location | http://app/other         | /to/  | /from/| http://app/other",
        "Refresh  | 5; url=http://app/to/x   | /to/  | /from/| 5; url=/from/x",
        "Refresh  | 5; URL=http://app/to/x   | /to/  | /from/| 5; URL=/from/x",
        "Refresh  | 5                        | /to/  | /from/| 5",
        "Refresh  | 5; url=http://b/         | /to/  | /from/| 5; url=http://b/",
        "X-Other  | http://app/x             |       | /     | http://app/x",
    })
    void redirectsToThePeersOwnUrlAreTurnedBack(
            String name, String value, String uri, String pattern, String expected) {
        assertEquals(name + ": " + expected + "\nVia: 1.1 sluice\n",
                rewrite(uri, pattern, name + ": " + value));
    }
}
