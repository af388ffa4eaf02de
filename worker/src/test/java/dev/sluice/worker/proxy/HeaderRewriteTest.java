package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ValueTemplate;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.LoopContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The head of the request to the peer, without any socket. */
class HeaderRewriteTest {

    private static final LoopContext CTX = new LoopContext(
            new EventLoop("unused", new SteppedClock(0), () -> { }), new SlabPool(1),
            CounterWriter.inMemory(1, 1), ErrorLog.NONE, 0, 1);

    private final ByteBuffer memory = ByteBuffer.allocateDirect(Slab.BYTES);

    /** Variables of the test: the text itself, except {@code $arg_evil} and {@code $arg_none}. */
    private static ValueTemplate template(String text) {
        return (x, out) -> {
            if (!text.equals("$arg_none")) {
                out.putAscii(text.equals("$arg_evil") ? "a\r\nInjected: yes" : text);
            }
        };
    }

    /** The head for the peer of a location with these keys. */
    private String rewrite(String keys, String request) {
        return rewrite("/", "http://app", keys, request);
    }

    private String rewrite(String pattern, String pass, String keys, String request) {
        LocationConfig location =
                ConfigText.location(pattern, "proxy_pass = " + pass, keys);
        ScriptedClient client = new ScriptedClient(CTX);
        Exchange x = client.begin(client.load(request));
        ByteSink out = new ByteSink().reset(memory, 0, Slab.BYTES);
        new HeaderRewrite(location.proxy(), "app", HeaderRewriteTest::template).write(
                x, new RequestTarget(location), out);
        byte[] bytes = new byte[out.position()];
        memory.get(0, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
    }

    private static String set(String... namesAndValues) {
        StringBuilder keys = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            keys.append("proxy_set_header = ").append(namesAndValues[i]).append(' ')
                    .append(ConfigText.quote(namesAndValues[i + 1])).append('\n');
        }
        return keys.toString();
    }

    @Test
    void claimsOfTheClientStopHere() {
        assertEquals("""
                GET / HTTP/1.1
                Host: app
                A: 1
                B: 2
                X-Forwarded-For: 192.0.2.7
                X-Forwarded-Proto: http
                X-Forwarded-Host: a
                Via: 1.1 sluice

                """, rewrite("", """
                GET / HTTP/1.1
                Host: a
                X-Forwarded-For: 1.2.3.4
                x-forwarded-proto: https
                X-Forwarded-Host: bank
                X-Forwarded-Port: 1
                X-Forwarded-Client-Cert: root
                X-Real-IP: 1.2.3.4
                Forwarded: for=1.2.3.4
                A: 1
                X_Real_IP: 1.2.3.4
                Proxy: http://evil
                B: 2"""));
    }

    @Test
    void trustedClaimsAreContinued() {
        assertEquals("""
                GET / HTTP/1.1
                Host: app
                X-Forwarded-Proto: https
                X-Real-IP: 1.2.3.4
                X-Forwarded-For: 1.2.3.4, 5.6.7.8, 192.0.2.7
                X-Forwarded-Host: a
                Via: 1.1 sluice

                """, rewrite("proxy_pass_forwarded = on", """
                GET / HTTP/1.1
                Host: a
                X-Forwarded-For: 1.2.3.4
                X-Forwarded-Proto: https
                X-Forwarded-For: 5.6.7.8
                X-Real-IP: 1.2.3.4"""));
    }

    @Test
    void hopByHopFieldsStopHere() {
        assertEquals("""
                POST /x?y HTTP/1.1
                Host: app
                Cookie: a=b
                X-Forwarded-For: 192.0.2.7
                X-Forwarded-Proto: http
                X-Forwarded-Host: a
                Via: 1.1 sluice
                Transfer-Encoding: chunked

                """, rewrite("", """
                POST /x?y HTTP/1.1
                Host: a
                Connection: upgrade, X-Secret, Cookie
                Upgrade: websocket
                Keep-Alive: timeout=5
                Proxy-Authorization: Basic eA==
                TE: trailers
                Trailer: X
                Transfer-Encoding: chunked
                Expect: 100-continue
                X-Secret: 1
                Cookie: a=b"""));
    }

    @Test
    void viaNamesTheVersionThatWasReceivedAndJoinsTheOthers() {
        String head = rewrite("", "GET / HTTP/1.0\nVia: 1.1 other");
        assertEquals("GET / HTTP/1.1\nHost: app\nVia: 1.1 other\nX-Forwarded-For: 192.0.2.7\n"
                + "X-Forwarded-Proto: http\nVia: 1.0 sluice\n\n", head);
    }

    @Test
    void setHeadersReplaceAddAndRemove() {
        assertEquals("""
                GET / HTTP/1.1
                Host: real.example.com
                X-Forwarded-Proto: http
                X-Forwarded-Host: a
                Via: 1.1 sluice
                X-Forwarded-For: trusted
                X-New: new

                """, rewrite(set("Host", "real.example.com", "X-Forwarded-For", "trusted",
                        "Accept", "", "X-New", "new", "X-None", "$arg_none"), """
                GET / HTTP/1.1
                Host: a
                Accept: text/html
                X-New: old
                X-None: x"""));
    }

    @Test
    void valueThatWouldSplitTheRequestIsLeftOut() {
        String head = rewrite(set("X-A", "$arg_evil", "X-B", "b"), "GET / HTTP/1.1\nHost: a");
        assertFalse(head.contains("Injected"), head);
        assertFalse(head.contains("X-A"), head);
        assertEquals("X-B: b\n\n", head.substring(head.indexOf("X-B")));
    }

    @Test
    void orderOfEqualFieldsIsKept() {
        String head = rewrite("",
                "GET / HTTP/1.1\nHost: a\nAccept: 1\nAccept:2\nAccept:   3\nAccept: 4");
        assertEquals("Accept: 1\nAccept: 2\nAccept: 3\nAccept: 4\n",
                head.substring(head.indexOf("Accept"), head.indexOf("X-Forwarded-For")));
    }

    @Test
    void pathOfProxyPassTakesThePrefixesPlace() {
        String to = "http://app/new/";
        String request = "GET /old/a?b=c HTTP/1.1\nHost: a";
        assertEquals("GET /new/a?b=c HTTP/1.1", line(rewrite("/old/", to, "", request)));
        assertEquals("GET /new/ HTTP/1.1", line(rewrite("= /old/a", to, "",
                "GET /old/a HTTP/1.1\nHost: a")));
        assertEquals("GET /elsewhere HTTP/1.1", line(rewrite("/old/", to, "",
                "GET /elsewhere HTTP/1.1\nHost: a")));
    }

    @Test
    void unknownMethodAndAsteriskPassAsTheyCame() {
        assertEquals("PURGE /x HTTP/1.1", line(rewrite("",
                "PURGE /x HTTP/1.1\nHost: a")));
        assertEquals("OPTIONS * HTTP/1.1", line(rewrite("",
                "OPTIONS * HTTP/1.1\nHost: a")));
    }

    private static String line(String head) {
        return head.substring(0, head.indexOf('\n'));
    }
}
