package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.Termination;
import java.net.SocketException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What peers may send that is no answer: each ends its exchange in its own way, none the loop. */
class ProxyGarbageTest {

    /**
     * @param status what the client is answered; of a response already begun its status
     * @param why how the exchange ends
     * @param reused whether the connection may serve again
     */
    record Case(String name, String sent, int status, Termination why, boolean reused) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case bad(String name, String sent) {
        return new Case(name, sent, 502, Termination.UPSTREAM_BAD_HEAD, false);
    }

    private static Case interims(String name, String bytes) {
        return new Case(name, bytes, 502, Termination.UPSTREAM_ENDLESS_INTERIMS, false);
    }

    private static Case large(String name, String sent) {
        return new Case(name, sent, 502, Termination.UPSTREAM_HEAD_TOO_LARGE, false);
    }

    private static Case cut(String name, String sent) {
        return new Case(name, sent, 200, Termination.UPSTREAM_CUT_BODY, false);
    }

    private static Case badBody(String name, String sent) {
        return new Case(name, sent, 200, Termination.UPSTREAM_BAD_BODY, false);
    }

    private static Case fine(String name, String sent, boolean reused) {
        return new Case(name, sent, 200, Termination.DONE, reused);
    }

    static Stream<Case> cases() {
        String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        return Stream.of(
                bad("no http", "220 smtp.example.com ESMTP\r\n\r\n"),
                bad("http/2 preface answer", "\0\0\4\4\0\0\0\0\0"),
                bad("status of four digits", "HTTP/1.1 2000 OK\r\n\r\n"),
                bad("bare LF", "HTTP/1.1 200 OK\nContent-Length: 0\n\n"),
                bad("length and chunked", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                bad("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"
                        + "Content-Length: 6\r\n\r\nhello"),
                bad("negative length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
                bad("space before colon", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n"),
                bad("folded field", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n"),
                bad("NUL in a value", "HTTP/1.1 200 OK\r\nA: b\0\r\n\r\n"),
                bad("101 nobody asked for", "HTTP/1.1 101 Switching Protocols\r\n"
                        + "Upgrade: websocket\r\nConnection: upgrade\r\n\r\nGET / HTTP/1.1"),
                interims("endless interim answers",
                        "HTTP/1.1 102 Processing\r\n\r\n".repeat(50)),
                interims("many large interim answers",
                        ("HTTP/1.1 103 Early Hints\r\nLink: " + "x".repeat(12_000)
                                + "\r\n\r\n").repeat(20)),
                large("giant field", "HTTP/1.1 200 OK\r\nA: " + "x".repeat(100_000)),
                large("endless fields", "HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(200) + "\r\n"),
                new Case("closed at once", "", 502, Termination.UPSTREAM_CLOSED_BEFORE_HEAD, false),
                new Case("closed in the head", "HTTP/1.1 200 OK\r\nA", 502,
                        Termination.UPSTREAM_CLOSED_BEFORE_HEAD, false),
                cut("closed in the body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"),
                cut("closed in a chunk", chunked + "9\r\nhello"),
                cut("closed before the last chunk", chunked + "5\r\nhello\r\n"),
                badBody("size with a sign", chunked + "+5\r\nhello\r\n0\r\n\r\n"),
                badBody("size that overflows", chunked + "ffffffffffffffff1\r\n"),
                badBody("no CR LF behind a chunk", chunked + "5\r\nhelloX"),
                fine("bytes behind the end", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
                        + "helloHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false),
                fine("bytes behind the last chunk", chunked + "5\r\nhello\r\n0\r\n\r\nX", false),
                fine("Connection: close", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"
                        + "Connection: close\r\n\r\nhello", false),
                fine("nothing wrong", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", true),
                fine("no reason phrase", "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello", true),
                new Case("204 with a body", "HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\nhello",
                        204, Termination.DONE, false),
                new Case("304 with a body", "HTTP/1.1 304 No\r\n\r\nhello", 304, Termination.DONE,
                        false));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void garbage(Case c) throws Exception {
        ScriptedPeer peer = new ScriptedPeer();
        ProxyHarness harness = new ProxyHarness();
        harness.location("proxy_next_upstream", "off");
        harness.peer(peer).start();
        peer.script(p -> {
            p.accept();
            p.readHead();
            try {
                p.send(c.sent());
                p.finishSending();
                p.readToEnd();
            } catch (SocketException e) {
                // The proxy has had enough of it.
                p.closeConnection();
            }
        });
        ScriptedClient client = harness.get("/");
        assertEquals(c.why(), client.exchange.termination, harness.logged::toString);
        assertEquals(c.status(), client.exchange.status);
        boolean isCut = c.why() == Termination.UPSTREAM_CUT_BODY
                || c.why() == Termination.UPSTREAM_BAD_BODY;
        if (isCut) {
            assertEquals(c.why(), client.aborted);
        } else {
            assertNull(client.aborted);
        }
        assertEquals(c.why() == Termination.DONE ? 0 : 1, harness.logged.size());
        assertEquals(c.why() == Termination.DONE ? 0 : 1,
                harness.count(0, PeerCounterId.FAILURES));
        if (!c.reused()) {
            assertEquals(0, harness.count(0, PeerCounterId.IDLE));
        }
        harness.assertQuiet();
        harness.stop();
        peer.close();
    }
}
