package dev.sluice.worker.http1;

import dev.sluice.worker.http.ParseError;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Body framing, persistence and expectations of a request (RFC 9112 §6, §9.3). */
class RequestFramingTest {

    private static ParserTable table() {
        return new ParserTable((bytes, cuts) -> {
            String got = Feed.request(bytes, cuts, ParseLimits.defaults());
            int from = got.indexOf("authority=a ");
            return from < 0 ? got : got.substring(from + 12, got.indexOf(" ["));
        });
    }

    private static String post(String lines) {
        return "POST / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n";
    }

    private static String post10(String lines) {
        return "POST / HTTP/1.0\r\nHost: a\r\n" + lines + "\r\n";
    }

    @TestFactory
    Stream<DynamicTest> accepts() {
        String max = Long.toString(Long.MAX_VALUE);
        return table()
                .row("no body", post(""), "NONE 0 keep")
                .row("length", post("Content-Length: 5\r\n"), "LENGTH 5 keep")
                .row("zero", post("Content-Length: 0\r\n"), "LENGTH 0 keep")
                .row("leading zeros", post("Content-Length: 0005\r\n"), "LENGTH 5 keep")
                .row("largest", post("Content-Length: " + max + "\r\n"), "LENGTH " + max + " keep")
                .row("chunked", post("Transfer-Encoding: chunked\r\n"), "CHUNKED -1 keep")
                .row("any case", post("transfer-ENCODING: \tChunked \r\n"), "CHUNKED -1 keep")
                .row("close", post("Connection: close\r\n"), "NONE 0 close")
                .row("close in a list", post("Connection: foo, Close\r\n"), "NONE 0 close")
                .row("close in a second field", post("Connection: foo\r\nConnection: close\r\n"),
                        "NONE 0 close")
                .row("close wins", post("Connection: keep-alive, close\r\n"), "NONE 0 close")
                .row("not quite close", post("Connection: closed,,xclose\r\n"), "NONE 0 keep")
                .row("1.0 closes", post10(""), "NONE 0 close")
                .row("1.0 keeps when asked", post10("Connection: Keep-Alive\r\n"), "NONE 0 keep")
                .row("1.0 length", post10("Content-Length: 5\r\n"), "LENGTH 5 close")
                .row("upgrade", post("Connection: Upgrade\r\nUpgrade: websocket\r\n"),
                        "NONE 0 keep upgrade")
                .row("upgrade unnamed", post("Upgrade: websocket\r\n"), "NONE 0 keep")
                .row("upgrade in 1.0", post10("Connection: upgrade\r\nUpgrade: x\r\n"),
                        "NONE 0 close")
                .row("expect", post("Content-Length: 5\r\nExpect: 100-Continue\r\n"),
                        "LENGTH 5 keep expect")
                .row("expect before the length", post("Expect: 100-continue\r\n"
                        + "Transfer-Encoding: chunked\r\n"), "CHUNKED -1 keep expect")
                .row("expect without a body", post("Expect: 100-continue\r\n"), "NONE 0 keep")
                .row("expect in 1.0", post10("Content-Length: 5\r\nExpect: x\r\n"),
                        "LENGTH 5 close")
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> refusesLengths() {
        ParserTable table = table();
        String[] bad = {
            "", "+5", "-5", "0x5", "5,5", "5, 5", "5 5", "5;", "1e3", "5.0", "٥", "_5", "1_0",
            "9223372036854775808", "18446744073709551616", "99999999999999999999", "\"5\"",
            "00000000000000000005", "5\u00a0", "five",
        };
        for (String each : bad) {
            table.bad(ParseError.BAD_CONTENT_LENGTH, post("Content-Length: " + each + "\r\n"));
        }
        return table
                .bad(ParseError.REPEATED_CONTENT_LENGTH,
                        post("Content-Length: 5\r\nContent-Length: 5\r\n"),
                        post("Content-Length: 5\r\nX: y\r\ncontent-length: 6\r\n"),
                        post10("Content-Length: 5\r\nContent-Length: 5\r\n"))
                .bad(ParseError.LENGTH_AND_TRANSFER_ENCODING,
                        post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
                        post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
                        post("Transfer-Encoding: x\r\nContent-Length: y\r\n"),
                        post10("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"))
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> refusesEncodings() {
        ParserTable table = table();
        String[] bad = {
            "", "chunked, chunked", "chunked, xchunked", ",chunked", "chunked,", "gzip",
            "gzip, chunked", "identity", "xchunked", "chunked;q=1", "\"chunked\"", "chunked x",
            "\u00a0chunked", "chunked\u0085", "chunke", "chunkedd", "identity, chunked",
        };
        for (String each : bad) {
            table.bad(ParseError.BAD_TRANSFER_ENCODING,
                    post("Transfer-Encoding: " + each + "\r\n"));
        }
        return table
                .bad(ParseError.BAD_HEADER_VALUE, post("Transfer-Encoding: \u000bchunked\r\n"))
                .bad(ParseError.OBSOLETE_FOLDING, post("Transfer-Encoding: x,\r\n chunked\r\n"))
                .bad(ParseError.REPEATED_TRANSFER_ENCODING,
                        post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
                        post("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"))
                .bad(ParseError.TRANSFER_ENCODING_IN_HTTP_1_0,
                        post10("Transfer-Encoding: chunked\r\n"))
                .bad(ParseError.UNKNOWN_EXPECTATION,
                        post("Expect: 200-ok\r\n"), post("Expect:\r\n"),
                        post("Expect: 100-continue, x\r\n"),
                        post("Expect: 100-continue\r\nExpect: y\r\n"))
                .bad(ParseError.BAD_CONNECTION, post("Connection: " + "a,".repeat(33) + "\r\n"))
                .tests();
    }
}
