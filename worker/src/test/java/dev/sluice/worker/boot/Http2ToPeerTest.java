package dev.sluice.worker.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.downstream.Http2Client;
import dev.sluice.worker.http2.FrameType;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients of HTTP/2 say, at a peer of HTTP/1: WebSocket, and bodies that are too short. */
class Http2ToPeerTest {

    private static final String SWITCHED = "HTTP/1.1 101 Switching Protocols\r\n"
            + "Connection: Upgrade\r\nUpgrade: websocket\r\n";

    private ServerSocket peer;
    private DataPathHarness h;

    @BeforeEach
    void start() throws Exception {
        peer = DataPathHarness.listen();
        h = new DataPathHarness("[http]", "http2 = on", "[upstream app]",
                "server = 127.0.0.1:" + peer.getLocalPort(), "[server a]",
                "listen = 127.0.0.1:80", "[location a /]", "proxy_pass = http://app");
    }

    @AfterEach
    void stop() throws Exception {
        h.close();
        peer.close();
    }

    private static void ask(Http2Client client, int stream) throws IOException {
        client.headers(stream, 0, ":method", "CONNECT", ":protocol", "websocket", ":scheme",
                "http", ":authority", "a.test", ":path", "/chat", "sec-websocket-version", "13");
    }

    /** RFC 6455 §4.2.2, as a server does it. */
    private static String accept(String head) throws Exception {
        String key = head.replaceAll("(?is).*sec-websocket-key: (\\S+).*", "$1");
        byte[] sum = MessageDigest.getInstance("SHA-1").digest(
                (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                        .getBytes(StandardCharsets.US_ASCII));
        return "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(sum) + "\r\n";
    }

    /** @return the peer's end of a tunnel on this stream */
    private Socket tunnel(Http2Client client, int stream) throws Exception {
        ask(client, stream);
        Socket end = h.accept(peer);
        DataPathHarness.send(end, SWITCHED + accept(DataPathHarness.head(end)) + "\r\n");
        String head = client.until("HEADERS " + stream);
        assertTrue(head.startsWith("HEADERS " + stream + " [:status=200")
                && !head.contains("sec-websocket-accept"), head);
        return end;
    }

    private static void echo(Http2Client client, int stream, Socket end) throws IOException {
        client.data(stream, "ask", false);
        assertEquals("ask", DataPathHarness.read(end, 3));
        DataPathHarness.send(end, "answer");
        assertEquals("DATA " + stream + " answer", client.answer());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "Sec-WebSocket-Accept:\r\n",
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n",
    })
    void anAcceptThatDoesNotAnswerTheKeyIsABadGateway(String line) throws Exception {
        Http2Client client = h.connectHttp2();
        ask(client, 1);
        Socket end = h.accept(peer);
        DataPathHarness.head(end);
        DataPathHarness.send(end, SWITCHED + line + "\r\nbehind");
        String head = client.until("HEADERS 1");
        assertTrue(head.startsWith("HEADERS 1 [:status=502"), head);
        assertEquals(-1, end.getInputStream().read());
        assertTrue(h.errors.toString().contains("Sec-WebSocket-Accept does not answer the key"),
                h.errors.toString());
    }

    /** Clients are told in two steps; a tunnel goes on, and its end is that of the connection. */
    @Test
    void aTunnelGoesOnWhileItsWorkerDrains() throws Exception {
        Http2Client client = h.connectHttp2();
        Socket end = tunnel(client, 1);
        AtomicBoolean drained = h.drain(60_000);
        assertEquals("GOAWAY 2147483647 NO_ERROR", client.until("GOAWAY"));
        // What was on its way then is served.
        Socket second = tunnel(client, 3);
        echo(client, 1, end);
        h.step(1_100);
        assertEquals("GOAWAY 3 NO_ERROR", client.answer());
        ask(client, 5);
        echo(client, 3, second);
        h.step(40_000);
        echo(client, 1, end);
        second.close();
        assertEquals("DATA 3 END ", client.answer());
        assertEquals("RST_STREAM 3 NO_ERROR", client.answer());
        client.data(1, "", true);
        assertEquals(-1, end.getInputStream().read());
        assertFalse(drained.get());
        end.close();
        assertEquals("DATA 1 END ", client.answer());
        assertEquals("closed", client.answer());
        client.close();
        h.until(drained::get);
    }

    @Test
    void aTunnelEndsWithTheTimeOfTheDrain() throws Exception {
        Http2Client client = h.connectHttp2();
        Socket end = tunnel(client, 1);
        AtomicBoolean drained = h.drain(60_000);
        client.until("GOAWAY 2147483647");
        h.step(1_100);
        client.until("GOAWAY 1");
        h.step(60_000);
        h.until(drained::get);
        String last = client.toTheEnd().toString();
        assertFalse(last.contains("END"), last);
        int read = 0;
        try {
            read = end.getInputStream().read();
        } catch (SocketException reset) {
            read = -1;
        }
        assertEquals(-1, read);
    }

    /** A body that ends before its length: the peer must be able to tell, and is not used again. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aShortBodyEndsThePeersConnection(boolean byTrailers) throws Exception {
        Http2Client client = h.connectHttp2();
        client.post(1, "/", "content-length", "10").data(1, "abcd", false);
        Socket end = h.accept(peer);
        assertTrue(DataPathHarness.head(end).contains("\r\nContent-Length: 10\r\n"));
        assertEquals("abcd", DataPathHarness.read(end, 4));
        if (byTrailers) {
            client.headers(1, FrameType.END_STREAM, "x-sum", "1");
        } else {
            client.data(1, "efghi", true);
        }
        assertEquals("RST_STREAM 1 PROTOCOL_ERROR", client.until("RST_STREAM"));
        int rest = 0;
        try {
            rest = end.getInputStream().readAllBytes().length;
        } catch (SocketException reset) {
            // As good: it is no whole request.
            rest = 0;
        }
        assertTrue(rest < 6, rest + " bytes more");
        client.get(3, "/");
        Socket next = h.accept(peer);
        assertTrue(DataPathHarness.head(next).startsWith("GET / HTTP/1.1\r\n"));
        DataPathHarness.send(next, "HTTP/1.1 204 No Content\r\n\r\n");
        client.until("HEADERS 3 END [:status=204");
    }
}
