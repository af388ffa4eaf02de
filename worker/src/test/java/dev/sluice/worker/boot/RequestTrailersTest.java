package dev.sluice.worker.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.worker.downstream.Http2Client;
import dev.sluice.worker.http2.FrameType;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Fields behind a request's body on their way to a peer that speaks HTTP/2. */
class RequestTrailersTest {

    private ServerSocket listener;
    private DataPathHarness h;

    @BeforeEach
    void start() throws Exception {
        listener = DataPathHarness.listen();
        h = new DataPathHarness("[http]", "http2 = on", "[upstream app]",
                "server = 127.0.0.1:" + listener.getLocalPort(), "[server www]",
                "listen = 127.0.0.1:80", "[location www /]", "proxy_pass = http://app",
                "proxy_http_version = 2", "proxy_set_header = X-User $remote_addr");
    }

    @AfterEach
    void stop() throws Exception {
        h.close();
        listener.close();
    }

    private Http2Client peer() throws Exception {
        Socket accepted = h.accept(listener);
        accepted.getInputStream().readNBytes(24);
        Http2Client peer = new Http2Client(accepted);
        peer.frame(FrameType.SETTINGS, 0, 0);
        return peer;
    }

    private static void answer(Http2Client peer, int stream) throws Exception {
        peer.headers(stream, FrameType.END_STREAM, ":status", "204");
    }

    @Test
    void ofHttp2() throws Exception {
        Http2Client client = h.connectHttp2();
        client.post(1, "/a").data(1, "body", false);
        Http2Client peer = peer();
        peer.until("HEADERS 1");
        assertEquals("DATA 1 body", peer.until("DATA"));
        client.headers(1, FrameType.END_STREAM, "x-sum", "abc", "etag", "\"1\"",
                // None of these may come behind a body.
                "x-forwarded-for", "6.6.6.6", "x-forwarded-client-cert", "me", "x-user", "root",
                "forwarded", "for=6.6.6.6", "authorization", "x", "cookie", "a=b",
                "x_real_ip", "6.6.6.6", "x-real-ip", "6.6.6.6", "content-length", "4");
        assertEquals("HEADERS 1 END [x-sum=abc, etag=\"1\"]", peer.until("HEADERS 1"));
        answer(peer, 1);
        client.until("HEADERS 1 END");
    }

    /** A body without a byte: its trailers must not be lost to the end of the head. */
    @Test
    void withoutABody() throws Exception {
        Http2Client client = h.connectHttp2();
        client.together().post(1, "/a").headers(1, FrameType.END_STREAM, "x-sum", "abc").flush();
        Http2Client peer = peer();
        String head = peer.until("HEADERS 1");
        assertEquals(false, head.startsWith("HEADERS 1 END"), head);
        assertEquals("HEADERS 1 END [x-sum=abc]", peer.until("HEADERS 1"));
        answer(peer, 1);
        client.until("HEADERS 1 END");
    }

    @Test
    void nothingButForbiddenFieldsIsNoTrailer() throws Exception {
        Http2Client client = h.connectHttp2();
        client.together().post(1, "/a").data(1, "x", false)
                .headers(1, FrameType.END_STREAM, "x-user", "root").flush();
        Http2Client peer = peer();
        assertEquals("DATA 1 x", peer.until("DATA"));
        assertEquals("DATA 1 END ", peer.answer());
        answer(peer, 1);
        client.until("HEADERS 1 END");
    }

    @Test
    void ofChunks() throws Exception {
        Socket client = h.connect();
        DataPathHarness.send(client, "POST /a HTTP/1.1\r\nHost: a\r\nConnection: X-Hop\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nX-Sum:  abc \r\n"
                + "X-Hop: 1\r\nX-Forwarded-For: 6.6.6.6\r\nX-User: root\r\n\r\n");
        Http2Client peer = peer();
        peer.until("HEADERS 1");
        assertEquals("DATA 1 body", peer.until("DATA"));
        assertEquals("HEADERS 1 END [x-sum=abc]", peer.until("HEADERS 1"));
        answer(peer, 1);
        DataPathHarness.head(client);
        DataPathHarness.send(client, "GET /b HTTP/1.1\r\nHost: a\r\n\r\n");
        peer.until("HEADERS 3 END");
        answer(peer, 3);
        DataPathHarness.head(client);
    }
}
