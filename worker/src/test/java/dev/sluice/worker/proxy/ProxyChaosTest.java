package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.Termination;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Peers that do whatever peers can do: each way has its own {@code $upstream_error}, the client is
 * told, and the loop serves the next request as if nothing had been.
 */
class ProxyChaosTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String GET = "GET / HTTP/1.1\nHost: a";
    private static final String UPLOAD = "POST / HTTP/1.1\nHost: a\nContent-Length: 100000000";
    private static final int MANY = 1_000;

    /**
     * @param status what the client is answered; of a response already begun its status
     * @param waitMs time that has to pass before anything happens, 0 for none
     */
    record Chaos(String name, String request, ScriptedPeer.Script script, long waitMs,
            int status, Termination why) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Chaos at502(String name, Termination why, ScriptedPeer.Script script) {
        return new Chaos(name, GET, script, 0, 502, why);
    }

    /** Sends one piece again and again, until the proxy has had enough. */
    private static ScriptedPeer.Script endless(String first, String piece) {
        return p -> {
            p.accept();
            p.readHead();
            p.send(first);
            for (int i = 0; i < MANY; i++) {
                p.send(piece);
            }
        };
    }

    private static ScriptedPeer.Script sending(String answer) {
        return p -> {
            p.accept();
            p.readHead();
            p.send(answer);
            p.finishSending();
            p.readToEnd();
        };
    }

    static Stream<Chaos> chaos() {
        return Stream.of(
                at502("resets", Termination.UPSTREAM_RESET_BEFORE_HEAD, p -> {
                    p.accept();
                    p.readHead();
                    p.reset();
                }),
                at502("closes", Termination.UPSTREAM_CLOSED_BEFORE_HEAD, sending("")),
                at502("closes in the head", Termination.UPSTREAM_CLOSED_BEFORE_HEAD,
                        sending("HTTP/1.1 200 OK\r\nContent-")),
                at502("garbage", Termination.UPSTREAM_BAD_HEAD,
                        endless("SSH-2.0-OpenSSH_9.2\r\n", "\0\1\2\3".repeat(1000))),
                at502("infinite 1xx", Termination.UPSTREAM_ENDLESS_INTERIMS,
                        endless("", "HTTP/1.1 102 Processing\r\n\r\n")),
                at502("infinite large 1xx", Termination.UPSTREAM_ENDLESS_INTERIMS, endless("",
                        "HTTP/1.1 103 Early Hints\r\nLink: " + "x".repeat(9_000) + "\r\n\r\n")),
                at502("giant head", Termination.UPSTREAM_HEAD_TOO_LARGE,
                        endless("HTTP/1.1 200 OK\r\n", "A: " + "x".repeat(1_000) + "\r\n")),
                at502("giant field", Termination.UPSTREAM_HEAD_TOO_LARGE,
                        endless("HTTP/1.1 200 OK\r\nA: ", "x".repeat(1_000))),
                new Chaos("hangs", GET, p -> {
                    p.accept();
                    p.readToEnd();
                }, 30_100, 504, Termination.UPSTREAM_READ_TIMEOUT),
                new Chaos("reads nothing", UPLOAD, ScriptedPeer::accept, 20_100, 504,
                        Termination.UPSTREAM_SEND_TIMEOUT),
                new Chaos("stops in the body", GET, p -> {
                    p.accept();
                    p.readHead();
                    p.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
                    p.readToEnd();
                }, 30_100, 200, Termination.UPSTREAM_READ_TIMEOUT),
                new Chaos("cuts the body", GET, sending(
                        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"),
                        0, 200, Termination.UPSTREAM_CUT_BODY),
                new Chaos("breaks a chunk", GET, sending(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"),
                        0, 200, Termination.UPSTREAM_BAD_BODY));
    }

    private final ProxyHarness harness = new ProxyHarness();

    private void noRetry() {
        harness.location("proxy_next_upstream", "off");
    }

    @ParameterizedTest
    @MethodSource("chaos")
    void endsInItsOwnWayAndTheNextOneIsServed(Chaos c) throws Exception {
        noRetry();
        ScriptedPeer peer = new ScriptedPeer();
        harness.peer(peer).start();
        peer.script(p -> {
            try {
                c.script().run(p);
            } catch (SocketException e) {
                // The proxy has had enough of it.
                p.closeConnection();
            }
            p.serve(OK);
        });
        ScriptedClient client = harness.send(harness.client(), c.request());
        if (c.request().equals(UPLOAD)) {
            harness.until(client::waitsForBody);
            harness.run(() -> client.feed("x".repeat(20_000_000), false));
        }
        if (c.waitMs() > 0) {
            harness.until(() -> peer.connectionCount == 1);
            boolean begun = c.status() == 200;
            harness.until(() -> !begun || client.exchange.status == 200);
            harness.step(c.waitMs());
        }
        harness.await(client);
        assertEquals(c.why(), client.exchange.upstreamError, harness.logged::toString);
        assertEquals(c.why(), client.exchange.termination);
        assertEquals(c.status(), client.exchange.status);
        assertEquals(c.status() == 200 ? c.why() : null, client.aborted);
        assertEquals("ok", harness.get("/").bodyText(), harness.logged::toString);
        harness.assertQuiet();
        harness.stop();
        peer.close();
    }

    /** A byte of the head now and then is no progress: the time runs on. */
    @Test
    void trickleOfAHeadEnds() throws Exception {
        noRetry();
        ScriptedPeer peer = new ScriptedPeer();
        harness.peer(peer).start();
        ScriptedClient client = harness.send(harness.client(), GET);
        peer.script(p -> {
            p.accept();
            p.readHead();
        });
        peer.join();
        String slow = "HTTP/1.1 200 OK\r\nServer: slow, and very proud of it\r\n";
        for (int second = 0; second < 40 && client.done.getCount() > 0; second++) {
            if (client.exchange.upstreamError == null) {
                trickle(peer, slow.substring(second, second + 1));
            }
            harness.step(1_000);
        }
        assertEquals(Termination.UPSTREAM_HEAD_TIMEOUT,
                harness.await(client).exchange.upstreamError);
        assertEquals(504, client.exchange.status);
        harness.assertQuiet();
        harness.stop();
        peer.close();
    }

    private static void trickle(ScriptedPeer peer, String piece) {
        try {
            peer.send(piece);
        } catch (IOException closed) {
            assertTrue(peer.connectionCount == 1, "the proxy has closed it");
        }
    }

    @Test
    void refusesTheConnection() throws Exception {
        noRetry();
        ScriptedPeer peer = new ScriptedPeer();
        peer.stopListening();
        harness.peer(peer).start();
        ScriptedClient client = harness.get("/");
        assertEquals(Termination.UPSTREAM_REFUSED, client.exchange.upstreamError);
        assertEquals(502, client.exchange.status);
        harness.stop();
    }

    /** The kernel drops what comes to a listener whose backlog is full. */
    @Test
    void neverAccepts() throws Exception {
        noRetry();
        List<SocketChannel> pending = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            for (int i = 0; i < 4; i++) {
                SocketChannel one = SocketChannel.open();
                one.configureBlocking(false);
                one.connect(new InetSocketAddress("127.0.0.1", full.getLocalPort()));
                pending.add(one);
            }
            harness.peer("127.0.0.1", full.getLocalPort(), 0, false).start();
            ScriptedClient client = harness.send(harness.client(), GET);
            harness.step(5_100);
            assertEquals(Termination.UPSTREAM_CONNECT_TIMEOUT,
                    harness.await(client).exchange.upstreamError);
            assertEquals(504, client.exchange.status);
            harness.stop();
        }
        for (SocketChannel one : pending) {
            one.close();
        }
    }
}
