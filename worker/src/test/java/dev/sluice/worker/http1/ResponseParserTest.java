package dev.sluice.worker.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.http.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Status lines and the framing of responses (RFC 9112 §4, §6.3). */
class ResponseParserTest {

    private static ParserTable table(int method) {
        return new ParserTable((bytes, cuts) -> Feed.response(bytes, method, cuts, Feed.limits()));
    }

    private static String head(String statusLine, String lines) {
        return statusLine + "\r\n" + lines + "\r\n";
    }

    @TestFactory
    Stream<DynamicTest> accepts() {
        return table(Method.GET)
                .row("length", head("HTTP/1.1 200 OK", "Content-Length: 5\r\n") + "hello",
                        "200 1.1 reason=OK LENGTH 5 keep [4 Content-Length=5] rest=5")
                .row("chunked", head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked\r\n"),
                        "200 1.1 reason=OK CHUNKED -1 keep [5 Transfer-Encoding=chunked] rest=0")
                .row("until close", head("HTTP/1.1 200 OK", ""),
                        "200 1.1 reason=OK UNTIL_CLOSE -1 close rest=0")
                .row("empty reason", head("HTTP/1.1 404 ", "Content-Length: 0\r\n"),
                        "404 1.1 reason= LENGTH 0 keep [4 Content-Length=0] rest=0")
                .row("no reason", head("HTTP/1.1 503", "Content-Length: 0\r\n"),
                        "503 1.1 reason= LENGTH 0 keep [4 Content-Length=0] rest=0")
                .row("odd reason", head("HTTP/1.1 599 a\tb  é: c", "Content-Length: 0\r\n"),
                        "599 1.1 reason=a\tb  é: c LENGTH 0 keep [4 Content-Length=0] rest=0")
                .row("1.0 closes", head("HTTP/1.0 200 OK", "Content-Length: 1\r\n"),
                        "200 1.0 reason=OK LENGTH 1 close [4 Content-Length=1] rest=0")
                .row("1.0 keeps", head("HTTP/1.0 200 OK",
                                "Content-Length: 1\r\nConnection: keep-alive\r\n"),
                        "200 1.0 reason=OK LENGTH 1 keep [4 Content-Length=1] "
                                + "[2 Connection=keep-alive] rest=0")
                .row("close", head("HTTP/1.1 200 OK", "Content-Length: 1\r\nConnection: Close\r\n"),
                        "200 1.1 reason=OK LENGTH 1 close [4 Content-Length=1] "
                                + "[2 Connection=Close] rest=0")
                .row("interim", head("HTTP/1.1 100 Continue", "") + head("HTTP/1.1 200 OK", ""),
                        "100 1.1 reason=Continue NONE 0 keep rest=19")
                .row("304 with a length", head("HTTP/1.1 304 x", "Content-Length: 9\r\n"),
                        "304 1.1 reason=x NONE 9 keep [4 Content-Length=9] rest=0")
                .row("204", head("HTTP/1.1 204 x", "Content-Length: 0\r\n"),
                        "204 1.1 reason=x NONE 0 keep [4 Content-Length=0] rest=0")
                .row("204 that announces a body", head("HTTP/1.1 204 x", "Content-Length: 9\r\n"),
                        "204 1.1 reason=x NONE 9 close [4 Content-Length=9] rest=0")
                .row("103 in chunks", head("HTTP/1.1 103 x", "Transfer-Encoding: chunked\r\n"),
                        "103 1.1 reason=x NONE 0 close [5 Transfer-Encoding=chunked] rest=0")
                .row("101", head("HTTP/1.1 101 x", "Upgrade: a\r\nConnection: upgrade\r\n"),
                        "101 1.1 reason=x NONE 0 close upgrade [8 Upgrade=a] "
                                + "[2 Connection=upgrade] rest=0")
                .row("incomplete", "HTTP/1.1 200 OK\r\nContent-", "NEED_MORE")
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> acceptsForHead() {
        return table(Method.HEAD)
                .row("length", head("HTTP/1.1 200 OK", "Content-Length: 5\r\n"),
                        "200 1.1 reason=OK NONE 5 keep [4 Content-Length=5] rest=0")
                .row("chunked", head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked\r\n"),
                        "200 1.1 reason=OK NONE 0 keep [5 Transfer-Encoding=chunked] rest=0")
                .row("neither", head("HTTP/1.1 200 OK", ""),
                        "200 1.1 reason=OK NONE 0 keep rest=0")
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> refuses() {
        return table(Method.GET)
                .bad(ParseError.BAD_STATUS_LINE, "HTTP/1.2 200 OK\r\n", "HTTP/2.0 200 OK\r\n",
                        "http/1.1 200 OK\r\n", "HTTP/1.1  200 OK\r\n", "HTTP/1.1 20 OK\r\n",
                        "HTTP/1.1 2000 OK\r\n", "HTTP/1.1 200OK\r\n", "HTTP/1.1 099 OK\r\n",
                        "HTTP/1.1 600 OK\r\n", "HTTP/1.1 2x0 OK\r\n", "ICY 200 OK\r\n", "<html>",
                        "\r\nHTTP/1.1 200 OK\r\n", "HTTP/1.1 200 O\u0000K\r\n",
                        "HTTP/1.1 200 " + "a".repeat(107) + "\r\n", "HTTP/1.1 200\t\r\n")
                .bad(ParseError.BARE_LF, "HTTP/1.1 200 OK\nServer: a\r\n", "HTTP/1.1 200\n")
                .bad(ParseError.BARE_CR, "HTTP/1.1 200 OK\rServer: a\r\n")
                .bad(ParseError.OBSOLETE_FOLDING, head("HTTP/1.1 200 OK", "A: b\r\n c\r\n"))
                .bad(ParseError.SPACE_BEFORE_COLON, head("HTTP/1.1 200 OK", "A : b\r\n"))
                .bad(ParseError.LENGTH_AND_TRANSFER_ENCODING, head("HTTP/1.1 200 OK",
                        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"))
                .bad(ParseError.REPEATED_CONTENT_LENGTH, head("HTTP/1.1 200 OK",
                        "Content-Length: 5\r\nContent-Length: 5\r\n"))
                .bad(ParseError.BAD_CONTENT_LENGTH, head("HTTP/1.1 304 OK",
                        "Content-Length: x\r\n"))
                .bad(ParseError.BAD_TRANSFER_ENCODING,
                        head("HTTP/1.1 200 OK", "Transfer-Encoding: gzip, chunked\r\n"),
                        head("HTTP/1.1 200 OK", "Transfer-Encoding: identity\r\n"))
                .bad(ParseError.TRANSFER_ENCODING_IN_HTTP_1_0,
                        head("HTTP/1.0 200 OK", "Transfer-Encoding: chunked\r\n"))
                .bad(ParseError.HEADERS_TOO_LARGE,
                        head("HTTP/1.1 200 OK", "A: " + "b".repeat(300) + "\r\n"))
                .tests();
    }

    @Test
    void theFirstByteMayComeIntoOtherMemoryThanWasLookedAtBefore() {
        ByteBuffer before = bytes("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
        ByteBuffer after = bytes("HTTP/1.1 200 OK\r\nX-One: 1\r\nContent-Length: 5\r\n\r\n");
        ResponseHead head = new ResponseHead(8);
        ResponseParser parser = new ResponseParser(Feed.limits());
        parser.reset(0, Method.GET);
        parser.parse(head, before, before.capacity());
        parser.reset(0, Method.GET);
        assertEquals(ResponseParser.NEED_MORE, parser.parse(head, before, 0));
        assertEquals(after.capacity(), parser.parse(head, after, after.capacity()));
        assertSame(after, head.headers.buffer());
        assertEquals(5, head.contentLength);
    }

    private static ByteBuffer bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.LITTLE_ENDIAN)
                .put(0, bytes);
    }
}
