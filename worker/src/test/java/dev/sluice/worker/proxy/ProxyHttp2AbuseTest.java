package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.downstream.Http2Client;
import dev.sluice.worker.http2.Blocks;
import dev.sluice.worker.http2.FrameType;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Peers of HTTP/2 that break the rules: the request gets a 502, and memory stays bounded. */
class ProxyHttp2AbuseTest {

    /** What a peer does when it has got the head of a request. */
    interface Deed {
        void to(Http2Client talk) throws IOException;
    }

    record Case(String name, Termination why, Deed deed) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final Http2Peer peer = new Http2Peer();
    private final ProxyHarness harness = new ProxyHarness();

    @AfterEach
    void stop() throws Exception {
        harness.run(harness.upstreams::closeIdle);
        harness.assertQuiet();
        harness.stop();
        peer.close();
    }

    private static Case badHead(String name, String... fields) {
        return new Case(name, Termination.UPSTREAM_BAD_HEAD,
                t -> t.headers(1, FrameType.END_STREAM, fields));
    }

    private static Case broken(String name, Deed deed) {
        return new Case(name, Termination.UPSTREAM_PROTOCOL_ERROR, deed);
    }

    private static void many(Http2Client talk, int count, Deed deed) throws IOException {
        try {
            for (int i = 0; i < count; i++) {
                deed.to(talk);
            }
        } catch (IOException e) {
            // It was cut off, as it should be.
            assertTrue(e.getMessage() != null);
        }
    }

    static List<Case> cases() {
        String[] ok = {":status", "200"};
        return List.of(
                badHead("no status", "a", "b"),
                badHead("two states", ":status", "200", ":status", "200"),
                badHead("status behind a field", "a", "b", ":status", "200"),
                badHead("101", ":status", "101"),
                badHead("status of four digits", ":status", "0200"),
                badHead("pseudo-header of a request", ":status", "200", ":path", "/"),
                badHead("upper case", ":status", "200", "X-A", "b"),
                badHead("connection", ":status", "200", "connection", "close"),
                badHead("transfer-encoding", ":status", "200", "transfer-encoding", "chunked"),
                badHead("line break in a value", ":status", "200", "a", "b\r\nset-cookie: c"),
                badHead("blank before a value", ":status", "200", "a", " b"),
                badHead("colon in a name", ":status", "200", "a:b", "c"),
                badHead("two lengths", ":status", "200", "content-length", "0",
                        "content-length", "0"),
                badHead("length without a body", ":status", "200", "content-length", "3"),
                badHead("interim that ends", ":status", "103"),
                new Case("too many fields", Termination.UPSTREAM_HEAD_TOO_LARGE, t -> {
                    String[] fields = new String[600];
                    for (int i = 0; i < 600; i += 2) {
                        fields[i] = i == 0 ? ":status" : "a";
                        fields[i + 1] = "200";
                    }
                    t.headers(1, FrameType.END_STREAM, fields);
                }),
                new Case("too long a head", Termination.UPSTREAM_HEAD_TOO_LARGE,
                        t -> t.headers(1, 0, ":status", "200", "a", "v".repeat(9_000),
                                "b", "v".repeat(7_300))),
                new Case("endless interims", Termination.UPSTREAM_ENDLESS_INTERIMS,
                        t -> many(t, 100, u -> u.headers(1, 0, ":status", "103"))),
                new Case("refused", Termination.UPSTREAM_REFUSED_STREAM,
                        t -> t.number(FrameType.RST_STREAM, 1, 7)),
                new Case("reset", Termination.UPSTREAM_STREAM_RESET,
                        t -> t.number(FrameType.RST_STREAM, 1, 2)),
                broken("DATA before a head", t -> t.data(1, "a", true)),
                broken("DATA of a stream that is not open", t -> t.data(3, "a", true)),
                broken("a push", t -> t.frame(FrameType.PUSH_PROMISE, 4, 1, new byte[4])),
                broken("a setting that cannot be",
                        t -> t.frame(FrameType.SETTINGS, 0, 0, Blocks.hex("0004 80000000"))),
                broken("a push that is allowed",
                        t -> t.frame(FrameType.SETTINGS, 0, 0, Blocks.hex("0002 00000001"))),
                broken("a window update of 0", t -> t.number(FrameType.WINDOW_UPDATE, 0, 0)),
                broken("a window without end", t -> {
                    t.number(FrameType.WINDOW_UPDATE, 0, Integer.MAX_VALUE);
                }),
                broken("a frame too long", t -> t.frame(0x63, 0, 0, new byte[17_000])),
                broken("a block that is not continued", t -> t.frame(FrameType.HEADERS, 0, 1,
                        Blocks.of(ok)).frame(FrameType.PING, 0, 0, new byte[8])),
                broken("a block without end", t -> {
                    t.frame(FrameType.HEADERS, 0, 1, Blocks.of(ok));
                    many(t, 1000, u -> u.frame(FrameType.CONTINUATION, 0, 1));
                }),
                broken("a malformed block",
                        t -> t.frame(FrameType.HEADERS, 4, 1, Blocks.hex("ff ff ff ff ff ff"))),
                broken("SETTINGS without end",
                        t -> many(t, 20_000, u -> u.frame(FrameType.SETTINGS, 0, 0))),
                broken("PING without end",
                        t -> many(t, 20_000, u -> u.frame(FrameType.PING, 0, 0, new byte[8]))),
                broken("windows without end", t -> many(t, 20_000,
                        u -> u.number(FrameType.WINDOW_UPDATE, 1, 1))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isABadGateway(Case c) throws Exception {
        peer.script(p -> {
            Http2Client talk = p.accept();
            talk.until("HEADERS 1");
            c.deed.to(talk);
            talk.toTheEnd();
        });
        harness.peer("127.0.0.1:" + peer.port()).location("proxy_http_version", "2")
                .location("proxy_next_upstream", "off").start();
        ScriptedClient client = harness.exchange("GET / HTTP/1.1\nHost: a");
        assertEquals(502, client.exchange.status);
        assertEquals(c.why, client.exchange.upstreamError);
    }

    @Test
    void moreThanAnnouncedIsCut() throws Exception {
        peer.script(p -> {
            Http2Client talk = p.accept();
            talk.until("HEADERS 1");
            talk.headers(1, 0, ":status", "200", "content-length", "3").data(1, "ab", false)
                    .data(1, "cd", true);
            talk.toTheEnd();
        });
        harness.peer("127.0.0.1:" + peer.port()).location("proxy_http_version", "2").start();
        ScriptedClient client = harness.exchange("GET / HTTP/1.1\nHost: a");
        assertEquals(Termination.UPSTREAM_BAD_BODY, client.aborted);
    }
}
