package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.exchange.ClientStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A request goes to a peer and its response comes back. */
class ProxyForwardTest {

    private final ScriptedPeer peer = new ScriptedPeer();
    private ProxyHarness harness;

    @BeforeEach
    void start() throws Exception {
        harness = new ProxyHarness().peer(peer).start();
    }

    @AfterEach
    void stop() throws Exception {
        harness.assertQuiet();
        harness.stop();
        peer.close();
    }

    @Test
    void passesARequestAndItsAnswer() throws Exception {
        AtomicReference<String> head = new AtomicReference<>();
        peer.script(p -> head.set(p.serve("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"
                + "Content-Type: text/plain\r\nServer: peer\r\nDate: x\r\n"
                + "Connection: keep-alive\r\n"
                + "X-Accel-Redirect: /secret\r\n\r\nhello")));
        ScriptedClient client = harness.exchange("GET /a/b?c=d HTTP/1.1\nHost: example.com:8080\n"
                + "Accept: */*\nX-Forwarded-For: 10.0.0.1\nConnection: close, X-Own\nX-Own: 1\n"
                + "X_Forwarded_For: 1.1.1.1\nUser-Agent: test\nTE: trailers\nExpect: 100-continue");
        peer.join();
        assertEquals("""
                GET /a/b?c=d HTTP/1.1
                Host: app
                Accept: */*
                User-Agent: test
                X-Forwarded-For: 192.0.2.7
                X-Forwarded-Proto: http
                X-Forwarded-Host: example.com:8080
                Via: 1.1 sluice

                """, head.get().replace("\r\n", "\n"));
        assertEquals(200, client.exchange.status);
        assertEquals("Content-Type: text/plain\nVia: 1.1 sluice\n", client.head());
        assertEquals(5, client.contentLength);
        assertEquals("hello", client.bodyText());
        assertEquals(Termination.DONE, client.exchange.termination);
        assertEquals("127.0.0.1:" + peer.port(), client.exchange.upstreamAddress);
        assertEquals(200, client.exchange.upstreamStatus);
        assertEquals(1, client.exchange.upstreamTries);
        assertNull(client.exchange.upstreamError);
        assertTrue(client.exchange.upstreamResponseNs >= 0);
    }

    @Test
    void keepsTheConnectionAndUsesItAgain() throws Exception {
        peer.script(p -> {
            p.serve("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
            p.readHead();
            p.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n0\r\n\r\n");
            p.readHead();
            p.send("HTTP/1.1 204 No Content\r\n\r\n");
        });
        assertEquals("a", harness.get("/").bodyText());
        ScriptedClient second = harness.get("/");
        assertEquals("b", second.bodyText());
        assertEquals(ClientStream.LENGTH_UNKNOWN, second.contentLength);
        ScriptedClient third = harness.get("/");
        assertEquals(204, third.exchange.status);
        assertEquals(ClientStream.NO_BODY, third.contentLength);
        peer.join();
        assertEquals(1, harness.count(0, PeerCounterId.CONNECTS));
        assertEquals(2, harness.count(0, PeerCounterId.REUSES));
        assertEquals(1, harness.count(0, PeerCounterId.IDLE));
    }

    @Test
    void closesAfterKeepaliveRequests() throws Exception {
        harness.stop();
        harness = new ProxyHarness().peer(peer);
        harness.upstream("keepalive_requests", "1");
        harness.start();
        peer.script(p -> {
            p.serve("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            assertEquals("", p.readHead());
        });
        harness.get("/");
        peer.join();
        assertEquals(0, harness.count(0, PeerCounterId.IDLE));
    }

    @Test
    void readsUntilThePeerClosesWhenNothingElseTellsTheEnd() throws Exception {
        peer.script(p -> {
            p.serve("HTTP/1.0 200 OK\r\n\r\nsome");
            p.send("thing");
            p.closeConnection();
        });
        ScriptedClient client = harness.get("/");
        assertEquals("something", client.bodyText());
        assertEquals(ClientStream.LENGTH_UNKNOWN, client.contentLength);
        assertEquals(0, harness.count(0, PeerCounterId.IDLE));
    }

    @Test
    void headHasTheLengthAndNoBody() throws Exception {
        peer.script(p -> {
            assertTrue(p.serve("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n")
                    .startsWith("HEAD / "));
            p.readHead();
            p.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            p.readHead();
            p.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\nETag: \"x\"\r\n\r\n");
        });
        ScriptedClient head = harness.exchange("HEAD / HTTP/1.1\nHost: a");
        assertEquals(99, head.contentLength);
        assertEquals("", head.bodyText());
        assertEquals(ClientStream.LENGTH_UNKNOWN,
                harness.exchange("HEAD / HTTP/1.1\nHost: a").contentLength);
        ScriptedClient notModified = harness.get("/");
        assertEquals(304, notModified.exchange.status);
        assertEquals(ClientStream.NO_BODY, notModified.contentLength);
        peer.join();
        assertEquals(2, harness.count(0, PeerCounterId.REUSES));
    }

    @Test
    void passesInterimAnswersOnButNot100() throws Exception {
        peer.script(p -> p.serve("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n"
                + "Link: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
        ScriptedClient client = harness.get("/");
        assertEquals(1, client.interimCount);
        assertEquals("ok", client.bodyText());
        assertEquals(200, client.exchange.upstreamStatus);
    }

    @Test
    void rfc8297HintsArePassedOnWithTheirFields() throws Exception {
        peer.script(p -> p.serve("HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n"
                + "Set-Cookie: a=b\r\nConnection: X-Hop\r\nX-Hop: 1\r\nServer: s\r\n"
                + "Content-Security-Policy: x\r\n\r\n"
                + "HTTP/1.1 103 Early Hints\r\nLink: </b>\r\n\r\n"
                + "HTTP/1.1 103 Early Hints\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
        ScriptedClient client = harness.get("/");
        assertEquals(List.of("</a>; rel=preload|||||x|", "</b>|"),
                client.hints);
        assertEquals(0, client.interimCount);
        assertEquals("ok", client.bodyText());
    }

    @Test
    void headInPiecesIsPutTogether() throws Exception {
        peer.script(p -> {
            p.accept();
            p.readHead();
            for (char c : "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX: y\r\n\r\nabc".toCharArray()) {
                p.send(String.valueOf(c));
            }
        });
        ScriptedClient client = harness.get("/");
        assertEquals("abc", client.bodyText());
        assertTrue(client.head().contains("X: y\n"));
    }

    @Test
    void pageOfAnErrorKeepsTheStatusOfTheError() throws Exception {
        AtomicReference<String> head = new AtomicReference<>();
        peer.script(p -> head.set(p.serve("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage")));
        ScriptedClient client = harness.client();
        harness.run(() -> {
            client.begin(client.load("POST /x HTTP/1.1\nHost: a\nContent-Length: 3\n"
                    + "Range: bytes=0-1\nIf-None-Match: \"x\""));
            client.exchange.errorStatus = 404;
            client.exchange.fetchesPage = true;
            harness.handler.handle(client.exchange);
        });
        harness.await(client);
        peer.join();
        assertEquals(404, client.exchange.status);
        assertEquals("page", client.bodyText());
        assertTrue(head.get().startsWith("GET /x "));
        assertTrue(!head.get().contains("Range") && !head.get().contains("Content-Length")
                && !head.get().contains("If-None"), head.get());
    }

    @Test
    void idleConnectionsAreClosedBeforeThePeersTime() throws Exception {
        peer.script(p -> {
            p.serve("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            assertEquals("", p.readHead());
        });
        harness.get("/");
        assertEquals(1, harness.count(0, PeerCounterId.IDLE));
        harness.step(59_000);
        assertEquals(1, harness.count(0, PeerCounterId.IDLE));
        harness.step(700);
        peer.join();
        assertEquals(0, harness.count(0, PeerCounterId.IDLE));
    }

    @Test
    void idleConnectionThatTalksIsClosed() throws Exception {
        peer.script(p -> {
            p.serve("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            p.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
        });
        harness.get("/");
        peer.join();
        harness.until(() -> harness.counters.peer(0).get(PeerCounterId.IDLE) == 0);
    }
}
