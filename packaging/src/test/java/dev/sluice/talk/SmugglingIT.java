package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Bytes that two parsers could read in two ways are refused, and the connection ends there. */
final class SmugglingIT {

    private static final String H = "POST / HTTP/1.1\r\nHost: h\r\n";
    private static final String GET = "GET / HTTP/1.1\r\n";

    private static final Map<String, String> REFUSED = refused();

    private static Map<String, String> refused() {
        var all = new LinkedHashMap<String, String>();
        all.put("both framings",
                H + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
        all.put("two lengths", H + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab");
        all.put("one length twice", H + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na");
        all.put("list of lengths", H + "Content-Length: 1, 1\r\n\r\na");
        all.put("signed length", H + "Content-Length: +1\r\n\r\na");
        all.put("negative length", H + "Content-Length: -1\r\n\r\na");
        all.put("hexadecimal length", H + "Content-Length: 0x1\r\n\r\na");
        all.put("empty length", H + "Content-Length: \r\n\r\na");
        all.put("huge length", H + "Content-Length: 99999999999999999999\r\n\r\na");
        all.put("other encoding", H + "Transfer-Encoding: gzip\r\n\r\n");
        all.put("chunked not last", H + "Transfer-Encoding: chunked, gzip\r\n\r\n");
        all.put("chunked twice", H + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n");
        all.put("encoding twice",
                H + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        all.put("almost chunked", H + "Transfer-Encoding: xchunked\r\n\r\n");
        all.put("quoted chunked", H + "Transfer-Encoding: \"chunked\"\r\n\r\n");
        all.put("encoding in 1.0",
                "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        all.put("space before colon", H + "Content-Length : 1\r\n\r\na");
        all.put("tab before colon", H + "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n");
        all.put("folded field", H + "X-A: 1\r\n 2\r\n\r\n");
        all.put("bare LF in the head", GET + "Host: h\nX-A: 1\r\n\r\n");
        all.put("bare CR in a value", GET + "Host: h\r\nX-A: 1\r2\r\n\r\n");
        all.put("NUL in a value", GET + "Host: h\r\nX-A: 1\0002\r\n\r\n");
        all.put("empty name", GET + "Host: h\r\n: 1\r\n\r\n");
        all.put("no colon", GET + "Host: h\r\nX-A\r\n\r\n");
        all.put("space in a name", GET + "Host: h\r\nX A: 1\r\n\r\n");
        all.put("no host", GET + "\r\n");
        all.put("two hosts", GET + "Host: a\r\nHost: b\r\n\r\n");
        all.put("host with a user", GET + "Host: u@h\r\n\r\n");
        all.put("host with a bad port", GET + "Host: h:12x\r\n\r\n");
        all.put("LF after the request line", "GET / HTTP/1.1\nHost: h\r\n\r\n");
        all.put("two spaces", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n");
        all.put("control in the target", "GET /a\001b HTTP/1.1\r\nHost: h\r\n\r\n");
        all.put("fragment", "GET /#a HTTP/1.1\r\nHost: h\r\n\r\n");
        all.put("lower-case version", "GET / http/1.1\r\nHost: h\r\n\r\n");
        all.put("foreign scheme", "GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n");
        return all;
    }

    private static final List<String> BAD_CHUNKS = List.of(
            "x\r\n", "-1\r\na\r\n0\r\n\r\n", "0x1\r\na\r\n0\r\n\r\n", " 1\r\na\r\n0\r\n\r\n",
            "1\na\r\n0\r\n\r\n", "1\r\nab\r\n0\r\n\r\n", "1\r\na\n0\r\n\r\n",
            "ffffffffffffffff1\r\na", "8000000000000000\r\na", "\r\n",
            "1;a\001=b\r\na\r\n0\r\n\r\n",
            "1;" + "e".repeat(20_000) + "\r\na\r\n0\r\n\r\n");

    @Test
    void refusedWith400AndClosed() throws Exception {
        try (var peer = ScriptedUpstream.answering("never");
                var sluice = RunningSluice.proxyTo(peer).start()) {
            var wrong = new ArrayList<String>();
            for (var entry : REFUSED.entrySet()) {
                try (var client = sluice.client()) {
                    String seen = client.send(entry.getValue() + GET + "Host: smuggled\r\n\r\n")
                            .readUntilClosed();
                    if (!seen.startsWith("HTTP/1.1 400 ") || count(seen) != 1) {
                        wrong.add(entry.getKey() + ": " + seen);
                    }
                }
            }
            assertEquals(List.of(), wrong);
            assertEquals(0, peer.requestCount(), () -> "passed on: " + peer.heads());
        }
    }

    @Test
    void badChunksNeverBecomeAnotherRequest() throws Exception {
        try (var peer = ScriptedUpstream.answering("never");
                var sluice = RunningSluice.proxyTo(peer).start()) {
            for (String chunks : BAD_CHUNKS) {
                try (var client = sluice.client()) {
                    String seen = client.send(H + "Transfer-Encoding: chunked\r\n\r\n" + chunks
                            + GET + "Host: smuggled\r\n\r\n").readUntilClosed();
                    assertTrue(seen.isEmpty() || seen.matches("(?s)HTTP/1\\.1 4\\d\\d .*")
                            && count(seen) == 1, chunks + ": " + seen);
                }
            }
            assertTrue(peer.heads().stream().noneMatch(h -> h.contains("smuggled")), "smuggled");
        }
    }

    @Test
    void limitsHaveTheirOwnStatus() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                client_max_body_size = 10
                return = 200 ok
                [location s /up]
                proxy_pass = http://127.0.0.1:1
                """).http("max_headers = 20").start()) {
            expect(sluice, 414, "GET /" + "a".repeat(40_000) + " HTTP/1.1\r\nHost: h\r\n\r\n");
            expect(sluice, 431, GET + "Host: h\r\nX: " + "a".repeat(40_000) + "\r\n\r\n");
            expect(sluice, 431, GET + "Host: h\r\n" + "X: a\r\n".repeat(30) + "\r\n");
            expect(sluice, 505, "GET / HTTP/2.0\r\nHost: h\r\n\r\n");
            expect(sluice, 413, "POST /up HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n");
            expect(sluice, 405, "TRACE / HTTP/1.1\r\nHost: h\r\n\r\n");
            expect(sluice, 417, GET + "Host: h\r\nExpect: the-unexpected\r\n\r\n");
        }
    }

    private static void expect(RunningSluice sluice, int status, String request)
            throws Exception {
        try (var client = sluice.client()) {
            Response response = client.send(request).response();
            assertEquals(status, response.status(), () -> response + " to " + request);
        }
    }

    private static int count(String seen) {
        return seen.split("HTTP/1\\.1 \\d", -1).length - 1;
    }
}
