package dev.sluice.worker.http1;

import dev.sluice.worker.http.ParseError;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The request line and the forms of its target (RFC 9112 §3). */
class RequestLineTest {

    private static final String HOST = "Host: a\r\n\r\n";

    private static ParserTable table() {
        return new ParserTable((bytes, cuts) -> Feed.request(bytes, cuts, Feed.limits()));
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\n" + HOST;
    }

    private static String ok(String start) {
        return start + " NONE 0 keep [1 Host=a] rest=0";
    }

    @TestFactory
    Stream<DynamicTest> accepts() {
        return table()
                .row("get", get("/"), ok("1 GET ORIGIN path=/ 1.1 host=a:0 authority=a"))
                .row("path and query", get("/a/b.c?d=e&f"),
                        ok("1 GET ORIGIN path=/a/b.c query=d=e&f 1.1 host=a:0 authority=a"))
                .row("empty query", get("/?"),
                        ok("1 GET ORIGIN path=/ query= 1.1 host=a:0 authority=a"))
                .row("question marks in the query", get("/long/enough/path?a?b??c=longer"), ok(
                        "1 GET ORIGIN path=/long/enough/path query=a?b??c=longer 1.1 "
                                + "host=a:0 authority=a"))
                .row("lenient characters", get("/a|{}\"<>\\^`?|{}\"[]é"), ok(
                        "1 GET ORIGIN path=/a|{}\"<>\\^` query=|{}\"[]é 1.1 host=a:0 authority=a"))
                .row("one empty line before", "\r\n" + get("/"),
                        ok("1 GET ORIGIN path=/ 1.1 host=a:0 authority=a"))
                .row("head", "HEAD /x HTTP/1.1\r\n" + HOST,
                        ok("2 HEAD ORIGIN path=/x 1.1 host=a:0 authority=a"))
                .row("post", "POST /x HTTP/1.1\r\n" + HOST,
                        ok("3 POST ORIGIN path=/x 1.1 host=a:0 authority=a"))
                .row("patch", "PATCH /x HTTP/1.1\r\n" + HOST,
                        ok("9 PATCH ORIGIN path=/x 1.1 host=a:0 authority=a"))
                .row("methods are case-sensitive", "get /x HTTP/1.1\r\n" + HOST,
                        ok("0 get ORIGIN path=/x 1.1 host=a:0 authority=a"))
                .row("method of 32 characters", "M".repeat(32) + " / HTTP/1.1\r\n" + HOST,
                        ok("0 " + "M".repeat(32) + " ORIGIN path=/ 1.1 host=a:0 authority=a"))
                .row("asterisk", "OPTIONS * HTTP/1.1\r\n" + HOST,
                        ok("7 OPTIONS ASTERISK path=* 1.1 host=a:0 authority=a"))
                .row("options with a path", "OPTIONS /a HTTP/1.1\r\n" + HOST,
                        ok("7 OPTIONS ORIGIN path=/a 1.1 host=a:0 authority=a"))
                .row("bytes behind the head stay", get("/") + "GET /2",
                        "1 GET ORIGIN path=/ 1.1 host=a:0 authority=a NONE 0 keep [1 Host=a] "
                                + "rest=6")
                .row("incomplete", "GET / HTTP/1.1\r\nHost: a\r\n", "NEED_MORE")
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> acceptsAbsoluteForm() {
        return table()
                .row("absolute", get("http://b.example/p?q"),
                        ok("1 GET ABSOLUTE path=/p query=q 1.1 host=b.example:0 "
                                + "authority=b.example"))
                .row("absolute wins over Host", get("HTTPS://B:8443/"),
                        ok("1 GET ABSOLUTE path=/ 1.1 host=B:8443 authority=B:8443"))
                .row("absolute without a path", get("http://b"),
                        ok("1 GET ABSOLUTE path= 1.1 host=b:0 authority=b"))
                .row("absolute with a query only", get("http://b?x=/y"),
                        ok("1 GET ABSOLUTE path= query=x=/y 1.1 host=b:0 authority=b"))
                .row("absolute with a literal", get("http://[::1]:80/x"),
                        ok("1 GET ABSOLUTE path=/x 1.1 host=[::1]:80 authority=[::1]:80"))
                .row("absolute in 1.0 needs no Host", "GET http://b/ HTTP/1.0\r\n\r\n",
                        "1 GET ABSOLUTE path=/ 1.0 host=b:0 authority=b NONE 0 close rest=0")
                .row("authority", "CONNECT b:443 HTTP/1.1\r\n" + HOST,
                        ok("6 CONNECT AUTHORITY path= 1.1 host=b:443 authority=b:443"))
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> refusesMalformedLines() {
        return table()
                .bad(ParseError.TLS_RECORD, "\u0016\u0003\u0001\u0002\u0000")
                .bad(ParseError.BAD_METHOD, "G\u0016T / HTTP/1.1\r\n")
                .bad(ParseError.BAD_METHOD, " GET / HTTP/1.1\r\n", "G\u0000T / HTTP/1.1\r\n",
                        "GET: / HTTP/1.1\r\n", "GET\t/ HTTP/1.1\r\n",
                        "(GET) / HTTP/1.1\r\n", "M".repeat(33) + " / HTTP/1.1\r\n",
                        "\r\n\r\nGET / HTTP/1.1\r\n", "GET\r\n", "GÉT / HTTP/1.1\r\n")
                .bad(ParseError.BAD_REQUEST_LINE, "GET  / HTTP/1.1\r\n", "GET /  HTTP/1.1\r\n",
                        "GET / HTTP/1.1 \r\n", "GET / HTTP/1.12\r\n", "GET / HTTP/1.1\u0000\r\n")
                .bad(ParseError.MISSING_VERSION, "GET /\r\n", "GET /index.html\r\n\r\n")
                .bad(ParseError.BARE_CR, "\rGET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\r\n",
                        "GET / HTTP/1.1\rHost: a\r\n")
                .bad(ParseError.BARE_LF, "\nGET / HTTP/1.1\r\n", "GET / HTTP/1.1\nHost: a\r\n",
                        "GET /\nHTTP/1.1\r\n")
                .bad(ParseError.BAD_VERSION, "GET / http/1.1\r\n", "GET / HTTP/1\r\n",
                        "GET / HTTP/1,1\r\n", "GET / HTTPS/1.1\r\n", "GET / HTTP/x.1\r\n",
                        "GET / HTTP/11.1\r\n", "GET / HTT\r\n", "GET / b HTTP/1.1\r\n",
                        "GET / HTTP/1.\r\n")
                .bad(ParseError.VERSION_NOT_SUPPORTED, "GET / HTTP/2.0\r\n", "GET / HTTP/0.9\r\n",
                        "GET / HTTP/1.2\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> refusesTargets() {
        return table()
                .bad(ParseError.BAD_TARGET_CHARACTER, get("/a\tb"), get("/a\u0000"),
                        get("/\u007f"), get("/abcdefghijk\u0001lmnopq"), get("/?\u001b[31m"))
                .bad(ParseError.FRAGMENT_IN_TARGET, get("/a#b"), get("#"), get("/?a#b"))
                .bad(ParseError.BAD_TARGET, get("a"), get("a/b"), get("?x"), get("**"), get("a:80"),
                        get("http://"), get("http:///a"), get("http://u@h/"), get("http://h:x/"),
                        get("http://a,b/"), get("http:/a"), get("http://[::1/"), get("%2Fa"),
                        get("http://h\\x/"), "CONNECT / HTTP/1.1\r\n", "CONNECT b HTTP/1.1\r\n",
                        "CONNECT b: HTTP/1.1\r\n", "CONNECT http://b:1/ HTTP/1.1\r\n",
                        "CONNECT b:0 HTTP/1.1\r\n", "CONNECT b:1?x HTTP/1.1\r\n")
                .bad(ParseError.BAD_SCHEME, get("ftp://a/"), get("httpx://a/"), get("ws://a/"))
                .bad(ParseError.TARGET_FORM_NOT_FOR_METHOD, get("*"), "POST * HTTP/1.1\r\n")
                .bad(ParseError.REQUEST_LINE_TOO_LONG, get("/" + "a".repeat(120)),
                        get("/?" + "?".repeat(104)), "GET /" + "a".repeat(200))
                .row("a line of exactly the limit", get("/" + "a".repeat(104)),
                        ok("1 GET ORIGIN path=/" + "a".repeat(104) + " 1.1 host=a:0 authority=a"))
                .bad(ParseError.REQUEST_LINE_TOO_LONG, get("/" + "a".repeat(105)))
                .tests();
    }
}
