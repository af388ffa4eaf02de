package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ProxiedEnds;
import dev.sluice.worker.exchange.SteadyAllocation;
import dev.sluice.worker.exchange.ValueTemplate;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.LoopContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The head of the request to the peer, without any socket. */
class HeaderRewriteTest {

    private static final LoopContext CTX = new LoopContext(
            new EventLoop("unused", new SteppedClock(0), () -> { }), new SlabPool(1),
            CounterWriter.inMemory(1, 1), ErrorLog.NONE, 0, 1);

    private String remote = "192.0.2.7";
    /** Whether the connection comes from a proxy of set_real_ip_from. */
    private boolean trusted;
    private ProxiedEnds proxied;
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
        ScriptedClient client = new ScriptedClient(CTX) {
            @Override
            public ProxiedEnds proxied() {
                return proxied;
            }
        };
        client.remoteAddress = remote;
        Exchange x = client.begin(client.load(request));
        if (trusted) {
            client.claim.trust();
        }
        if (proxied != null) {
            client.claim.beginAtHeader();
        }
        ByteSink out = new ByteSink().reset(memory, 0, Slab.BYTES);
        new HeaderRewrite(location.proxy(), "app", List.of(), HeaderRewriteTest::template).write(
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

    /** What the balancer in front says of the connection is the hop that a list goes on with. */
    @Test
    void aHeaderOfTheConnectionNamesTheHop() {
        trusted = true;
        proxied = new ProxiedEnds(true, 0, 0xffff_cb00_7109L, 1, 0, 1, 1);
        String request = "GET / HTTP/1.0\nX-Forwarded-For: 1.2.3.4\nForwarded: for=1.2.3.4";
        assertEquals("X-Forwarded-For: 1.2.3.4, 203.0.113.9\nX-Forwarded-Proto: http\n"
                + "Forwarded: for=1.2.3.4, for=203.0.113.9;proto=http\nVia: 1.0 sluice\n\n",
                behindHost(rewrite("proxy_forwarded = both", request)));
        proxied = new ProxiedEnds(false, 0x2001_0db8_0000_0000L, 7, 1, 0, 1, 1);
        assertEquals("Forwarded: for=1.2.3.4, for=\"[2001:db8::7]\";proto=http\n"
                + "Via: 1.0 sluice\n\n",
                behindHost(rewrite("proxy_forwarded = rfc7239", request)
                        .replace("X-Forwarded-For: 1.2.3.4\n", "")));
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
    void addedFieldsStandBesideTheClients() {
        assertEquals("X-A: client\nX-Forwarded-For: 192.0.2.7\nX-Forwarded-Proto: http\n"
                + "X-Forwarded-Host: a\nVia: 1.1 sluice\nX-B: set\nX-A: own\n\n",
                behindHost(rewrite("proxy_add_header = X-A own\nproxy_add_header = X-None $arg_none"
                        + "\nproxy_set_header = X-B set",
                        "GET / HTTP/1.1\nHost: a\nX-A: client\nX-B: client")));
    }

    private static String behindHost(String head) {
        return head.substring(head.indexOf("Host: app\n") + "Host: app\n".length());
    }

    @Test
    void fieldsOfTheClientMayStayBehind() {
        String keys = "proxy_pass_request_headers = off\nproxy_pass_forwarded = on\n"
                + "proxy_set_header = X-A $http_x_a";
        assertEquals("X-Forwarded-For: 1.2.3.4, 192.0.2.7\nX-Forwarded-Proto: http\n"
                + "X-Forwarded-Host: a\nVia: 1.1 sluice\nX-A: $http_x_a\nContent-Length: 1\n\n",
                behindHost(rewrite(keys, "POST / HTTP/1.1\nHost: a\nX-A: 1\nCookie: a=b\n"
                        + "X-Forwarded-For: 1.2.3.4\nX-Forwarded-Proto: https\n"
                        + "Content-Length: 1")));
    }

    private static final String CLAIMS = "GET / HTTP/1.1\nHost: example.com:8080\n"
            + "X-Forwarded-For: 1.2.3.4\nX-Forwarded-Proto: https\n"
            + "Forwarded: for=1.2.3.4;proto=https\nForwarded: for=\"open";

    @Test
    void forwardedTellsOfTheConnection() {
        assertEquals("Forwarded: for=192.0.2.7;host=\"example.com:8080\";proto=http\n"
                + "Via: 1.1 sluice\n\n", behindHost(rewrite("proxy_forwarded = rfc7239", CLAIMS)));
        remote = "2001:db8::7";
        assertEquals("X-Forwarded-For: 2001:db8::7\nX-Forwarded-Proto: http\n"
                + "X-Forwarded-Host: a\nForwarded: for=\"[2001:db8::7]\";host=a;proto=http\n"
                + "Via: 1.1 sluice\n\n", behindHost(rewrite("proxy_forwarded = both",
                        "GET / HTTP/1.1\nHost: a")));
        remote = "unix:";
        assertEquals("Forwarded: for=unknown;proto=http\nVia: 1.0 sluice\n\n",
                behindHost(rewrite("proxy_forwarded = rfc7239", "GET / HTTP/1.0")));
        assertEquals("Via: 1.1 sluice\n\n", behindHost(rewrite("proxy_forwarded = off", CLAIMS)));
    }

    /** An open quote would swallow what this proxy puts behind it. */
    @Test
    void whatATrustedProxySaysStaysInFront() {
        trusted = true;
        assertEquals("X-Forwarded-For: 1.2.3.4\nX-Forwarded-Proto: https\n"
                + "Forwarded: for=1.2.3.4;proto=https, for=192.0.2.7;host=\"example.com:8080\";"
                + "proto=http\nVia: 1.1 sluice\n\n",
                behindHost(rewrite("proxy_forwarded = rfc7239", CLAIMS)));
        assertEquals("X-Forwarded-Proto: https\nForwarded: for=1.2.3.4;proto=https\n"
                + "Forwarded: for=\"open\nX-Forwarded-For: 1.2.3.4, 192.0.2.7\n"
                + "X-Forwarded-Host: example.com:8080\nVia: 1.1 sluice\n\n",
                behindHost(rewrite("", CLAIMS)));
    }

    @Test
    void fieldsThatNameACertificateComeFromNoClient() {
        trusted = true;
        LocationConfig location = ConfigText.location("/", "proxy_pass = http://app");
        ScriptedClient client = new ScriptedClient(CTX);
        Exchange x = client.begin(client.load("GET / HTTP/1.1\nHost: a\nX-LFDI: 1\nX-Kept: k\n"
                + "x_lfdi: 2\nCLIENT-CERT: :3:\nClient-Cert-Chain: :4:\nX-LFDI-Not: n\n"
                + "Client-Cert-: 5"));
        ByteSink out = new ByteSink().reset(memory, 0, Slab.BYTES);
        new HeaderRewrite(location.proxy(), "app",
                List.of("x-lfdi", "client-cert", "client-cert-chain"),
                HeaderRewriteTest::template).write(x, new RequestTarget(location), out);
        String head = StandardCharsets.ISO_8859_1.decode(memory.slice(0, out.position()))
                .toString().replace("\r", "");
        assertTrue(head.contains("\nX-Kept: k\nX-LFDI-Not: n\nClient-Cert-: 5\n"), head);
        assertFalse(head.contains(": 1\n") || head.contains(": 2\n") || head.contains(":3:")
                || head.contains(":4:"), head);
    }

    @Test
    void rulesAllocateNothing() {
        LocationConfig location = ConfigText.location("/", "proxy_pass = http://app",
                "proxy_forwarded = both", "proxy_add_header = X-A a", "proxy_add_header = X-B b",
                set("Host", "real.example.com", "Accept", "", "X-C", "c", "X-D", "d"));
        HeaderRewrite rewrite =
                new HeaderRewrite(location.proxy(), "app", List.of(), HeaderRewriteTest::template);
        RequestTarget target = new RequestTarget(location);
        ScriptedClient client = new ScriptedClient(CTX);
        Exchange x = client.begin(client.load(CLAIMS + "\nX-C: old\nAccept: a\nX-Kept: 1"));
        client.claim.trust();
        ByteSink out = new ByteSink();
        long bytes = SteadyAllocation.leastBytes(100, () -> {
            for (int i = 0; i < 2_000; i++) {
                rewrite.write(x, target, out.reset(memory, 0, Slab.BYTES));
            }
        });
        assertTrue(bytes <= 100, bytes + " bytes in 2,000 requests");
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
