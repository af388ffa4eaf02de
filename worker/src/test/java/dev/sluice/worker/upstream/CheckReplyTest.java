package dev.sluice.worker.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.common.config.HealthCheckConfig;
import dev.sluice.common.config.HealthCheckConfig.StatusRange;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an answer to a check comes to, whole and byte by byte. */
class CheckReplyTest {

    private static CheckReply reply(String body) {
        return new CheckReply(new HealthCheckConfig(false, "GET", "/", null, 0, 5_000, 0, 3_000,
                2, 3, List.of(new StatusRange(200, 299), new StatusRange(404, 404)), body, false,
                null));
    }

    private static String verdict(String body, String answer) {
        CheckReply whole = reply(body);
        byte[] bytes = answer.getBytes(StandardCharsets.ISO_8859_1);
        whole.add(bytes, bytes.length);
        if (whole.verdict() == null) {
            whole.end();
        }
        CheckReply pieces = reply(body);
        for (int i = 0; i < bytes.length && pieces.verdict() == null; i++) {
            pieces.add(new byte[] {bytes[i]}, 1);
        }
        if (pieces.verdict() == null) {
            pieces.end();
        }
        assertEquals(whole.verdict(), pieces.verdict());
        return whole.verdict();
    }

    @Test
    void status() {
        assertEquals("", verdict(null, "HTTP/1.1 200 OK\r\n\r\n"));
        assertEquals("", verdict(null, "HTTP/1.0 404\r\nA: b\r\n\r\n"));
        assertEquals("", verdict(null, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 None\r\n\r\n"));
        assertEquals("status 503", verdict(null, "HTTP/1.1 503 Busy\r\n\r\n"));
        assertEquals("status 301", verdict("ok", "HTTP/1.1 301 Moved\r\n\r\nok"));
    }

    @Test
    void body() {
        assertEquals("", verdict("all ok", "HTTP/1.1 200 OK\r\n\r\nit is all ok here"));
        assertEquals("text is not in the body", verdict("all ok",
                "HTTP/1.1 200 OK\r\nX: all ok\r\n\r\nit is not"));
        assertEquals("", verdict("all ok", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "6;x=y\r\nis all\r\n3\r\n ok\r\n0\r\n\r\n"));
    }

    /** A peer may leave the connection open although it was asked to close it. */
    @Test
    void theEndOfABodyIsKnownBeforeTheConnectionEnds() {
        for (String answer : new String[] {
            "200 OK\r\nContent-Length: 6\r\n\r\nnot ok",
            "200 OK\r\ncontent-LENGTH:06 \r\n\r\nnot okall ok",
            "200 OK\nContent-Length: 0\n\n",
            "200 OK\r\nContent-Length: 0\r\nTransfer-Encoding:chunked\r\n\r\n3\r\nall\r\n0;x\r\n",
            "100 Continue\r\nContent-Length: 9\r\n\r\nHTTP/1.1 204 None\r\n\r\n"}) {
            CheckReply reply = reply("all ok");
            byte[] bytes = ("HTTP/1.1 " + answer).getBytes(StandardCharsets.ISO_8859_1);
            reply.add(bytes, bytes.length);
            assertEquals("text is not in the body", reply.verdict(), answer);
        }
        for (String answer : new String[] {
            "200 OK\r\nContent-Length: 7\r\n\r\nnot ok",
            "200 OK\r\nContent-Length: 6x\r\n\r\nnot ok",
            "200 OK\r\nContent-Length: 99999999999\r\n\r\nnot ok",
            "200 OK\r\nX-Content-Length: 6\r\n\r\nnot ok",
            "200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nall\r\n0"}) {
            CheckReply reply = reply("all ok");
            byte[] bytes = ("HTTP/1.1 " + answer).getBytes(StandardCharsets.ISO_8859_1);
            reply.add(bytes, bytes.length);
            assertNull(reply.verdict(), answer);
        }
    }

    @Test
    void garbage() {
        assertEquals("answer is not HTTP", verdict(null, "SSH-2.0-OpenSSH\r\n\r\n"));
        assertEquals("answer is not HTTP", verdict(null, "HTTP/1.1 2000 OK\r\n\r\n"));
        assertEquals("answer is not HTTP", verdict(null, "HTTP/1.1 20x OK\r\n\r\n"));
        assertEquals("closed without an answer", verdict(null, ""));
        assertEquals("closed within the head", verdict(null, "HTTP/1.1 200 OK\r\n"));
    }

    @Test
    void neverKeepsMoreThanItsLimit() {
        CheckReply head = reply(null);
        byte[] start = "HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.ISO_8859_1);
        head.add(start, start.length);
        assertNull(head.verdict());
        head.add(new byte[head.room()], head.room());
        assertEquals("head of more than 16384 bytes", head.verdict());
        CheckReply body = reply("ok");
        start = "HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        body.add(start, start.length);
        body.add(new byte[body.room()], body.room());
        assertEquals("text is not in the body", body.verdict());
    }
}
