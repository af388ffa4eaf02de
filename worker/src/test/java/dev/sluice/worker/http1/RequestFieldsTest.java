package dev.sluice.worker.http1;

import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.ParseError;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Header lines of a request: syntax, limits, Host (RFC 9112 §3.2, §5; RFC 9110 §7.2). */
class RequestFieldsTest {

    private static final String LONG = "Some-Unknown-Name-Of-Thirty-Five-By";

    private static ParserTable table() {
        return new ParserTable((bytes, cuts) -> Feed.request(bytes, cuts, Feed.limits()));
    }

    private static String fields(String lines) {
        return "GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n";
    }

    private static String ok(String fields) {
        return "1 GET ORIGIN path=/ 1.1 host=a:0 authority=a NONE 0 keep [1 Host=a] "
                + fields + " rest=0";
    }

    @TestFactory
    Stream<DynamicTest> accepts() {
        return table()
                .row("empty value", fields("X:\r\n"), ok("[0 X=]"))
                .row("spaces only", fields("X: \t \r\n"), ok("[0 X=]"))
                .row("value is trimmed", fields("X: \t a  b\t \r\n"), ok("[0 X=a  b]"))
                .row("no space", fields("X:a\r\n"), ok("[0 X=a]"))
                .row("tab inside", fields("X: aaaaaaaa\tbbbbbbbbbb\r\n"),
                        ok("[0 X=aaaaaaaa\tbbbbbbbbbb]"))
                .row("bytes above 0x7f", fields("X: é\u0080\u0085\u00a0ÿ\r\n"),
                        ok("[0 X=é\u0080\u0085\u00a0ÿ]"))
                .row("known name in any case", fields("aCCEPT-eNCODING: x\r\n"),
                        ok("[" + HeaderName.ACCEPT_ENCODING + " aCCEPT-eNCODING=x]"))
                .row("long unknown name", fields(LONG + ": x\r\n"), ok("[0 " + LONG + "=x]"))
                .row("known name cut short", fields("Accept-Encodin: x\r\n"),
                        ok("[0 Accept-Encodin=x]"))
                .row("name of all token characters", fields("!#$%&'*+-.^`|~09azAZ: x\r\n"),
                        ok("[0 !#$%&'*+-.^`|~09azAZ=x]"))
                .row("underscore is dropped", fields("X_Forwarded_For: x\r\nA: b\r\n"),
                        ok("-[0 X_Forwarded_For=x] [0 A=b]"))
                .row("colons in the value", fields("X: :a:b:\r\n"), ok("[0 X=:a:b:]"))
                .row("equal names stay apart", fields("Cookie: a\r\nCookie: b\r\n"),
                        ok("[" + HeaderName.COOKIE + " Cookie=a] ["
                                + HeaderName.COOKIE + " Cookie=b]"))
                .row("eight fields", fields("A:\r\nB:\r\nC:\r\nD:\r\nE:\r\nF:\r\nG:\r\n"),
                        ok("[0 A=] [0 B=] [0 C=] [0 D=] [0 E=] [0 F=] [0 G=]"))
                .row("name of exactly the limit", fields("N".repeat(40) + ": x\r\n"),
                        ok("[0 " + "N".repeat(40) + "=x]"))
                .row("block of exactly the limit", fields("X: " + "a".repeat(284) + "\r\n"),
                        ok("[0 X=" + "a".repeat(284) + "]"))
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> refuses() {
        return table()
                .bad(ParseError.EMPTY_HEADER_NAME, fields(": x\r\n"), fields(":\r\n"))
                .bad(ParseError.SPACE_BEFORE_COLON, fields("X : a\r\n"), fields("X\t: a\r\n"),
                        fields("X Y: a\r\n"), fields("Content-Length : 5\r\n"))
                .bad(ParseError.OBSOLETE_FOLDING, fields(" X: a\r\n"), fields("\tX: a\r\n"),
                        fields("X: a\r\n b\r\n"), fields("Transfer-Encoding:\r\n chunked\r\n"),
                        "GET / HTTP/1.1\r\n Host: a\r\n\r\n")
                .bad(ParseError.BAD_HEADER_NAME, fields("X\u0000: a\r\n"), fields("Xé: a\r\n"),
                        fields("(X): a\r\n"), fields("X\u000b: a\r\n"), fields("\u007f: a\r\n"),
                        fields("Host\u0000\u0000: a\r\n"),
                        fields("Content@Length: 5\r\n"), fields("Content[Type: 5\r\n"))
                .bad(ParseError.HEADER_WITHOUT_COLON, fields("X\r\n"), fields("Content\rLength: 5"),
                        fields("Some-Header-Name-Without-Colon\r\n"))
                .bad(ParseError.BARE_CR, fields("X: a\rb\r\n"), fields("X: a\r\r\n"),
                        fields("X: a\r\n\rB: c\r\n"), fields("X: a\r\u0000\r\n"))
                .bad(ParseError.BARE_LF, fields("X: a\nY: b\r\n"), fields("X\n: a\r\n"),
                        fields("\nX: a\r\n"), fields("X:\n\n"))
                .bad(ParseError.BAD_HEADER_VALUE, fields("X: a\u0000b\r\n"),
                        fields("X: \u007f\r\n"), fields("X: \u0001\r\n"), fields("X: \u001f\r\n"),
                        fields("X: long enough for a word \u000b and more\r\n"))
                .bad(ParseError.TOO_MANY_HEADERS,
                        fields("A:\r\nB:\r\nC:\r\nD:\r\nE:\r\nF:\r\nG:\r\nH:\r\n"))
                .bad(ParseError.HEADER_NAME_TOO_LONG, fields("N".repeat(41) + ": x\r\n"),
                        fields("N".repeat(41) + "\u0000"))
                .bad(ParseError.HEADERS_TOO_LARGE, fields("X: " + "a".repeat(285) + "\r\n"),
                        fields("X: " + "a".repeat(300)),
                        fields("X: " + "a".repeat(292) + "\u0000\r\n"))
                .tests();
    }

    private static String host(String lines) {
        return "GET / HTTP/1.1\r\n" + lines + "\r\n";
    }

    private static String hostIs(String value, String host, int port) {
        return "1 GET ORIGIN path=/ 1.1 host=" + host + ":" + port + " authority=" + value
                + " NONE 0 keep [1 Host=" + value + "] rest=0";
    }

    @TestFactory
    Stream<DynamicTest> acceptsHosts() {
        ParserTable table = table();
        String[][] rows = {
            {"a.example", "a.example", "0"}, {"a.example:80", "a.example", "80"},
            {"A.Example.:8080", "A.Example", "8080"}, {"a.example:", "a.example", "0"},
            {"127.0.0.1:65535", "127.0.0.1", "65535"}, {"[::1]", "[::1]", "0"},
            {"[2001:db8::1]:443", "[2001:db8::1]", "443"}, {"my_host-1~x", "my_host-1~x", "0"},
            {"[::ffff:10.0.0.1]:1", "[::ffff:10.0.0.1]", "1"}, {"x.", "x", "0"},
        };
        for (String[] row : rows) {
            table.row(row[0], host("Host: " + row[0] + "\r\n"),
                    hostIs(row[0], row[1], Integer.parseInt(row[2])));
        }
        return table.row("1.0 without Host", "GET / HTTP/1.0\r\n\r\n",
                "1 GET ORIGIN path=/ 1.0 host=:0 authority= NONE 0 close rest=0").tests();
    }

    @TestFactory
    Stream<DynamicTest> refusesHosts() {
        ParserTable table = table();
        String[] bad = {
            "", "a b", "a,b", "a/b", "u@a", "a:b", "a:80:80", "a:-1", "a:65536", "a:0", "a:123456",
            "a%2e", "..", ".", ".a", "a..b", "a\\b", "a?b", "a#b", "[::1", "::1", "[]", "[:]",
            "[g::1]", "[::1]x", "[::1]:x", "é", "a'b", "a;b", "[fe80::1%eth0]", "[v1.x]", ":80",
            "a..", "a.:80:", "x".repeat(256),
        };
        for (String each : bad) {
            table.bad(ParseError.BAD_HOST, host("Host: " + each + "\r\n"));
        }
        return table
                .bad(ParseError.MISSING_HOST, host(""), host("X-Host: a\r\n"),
                        "GET http://a/ HTTP/1.1\r\n\r\n")
                .bad(ParseError.REPEATED_HOST, host("Host: a\r\nHost: a\r\n"),
                        host("Host: a\r\nhost: b\r\n"),
                        "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n")
                .bad(ParseError.BAD_HOST, "GET http://a/ HTTP/1.1\r\nHost: a b\r\n\r\n",
                        "GET / HTTP/1.0\r\nHost: a,b\r\n\r\n")
                .tests();
    }
}
