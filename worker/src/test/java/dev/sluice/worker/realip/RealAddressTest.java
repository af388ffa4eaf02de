package dev.sluice.worker.realip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.dispatch.RoutingHarness;
import dev.sluice.worker.exchange.ClientFinder;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ProxiedEnds;
import dev.sluice.worker.exchange.SteadyAllocation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who the client is in the eyes of everything behind: the address, the port, the connection. */
class RealAddressTest {

    /** 203.0.113.9, as a PROXY header names it. */
    private static final long CLIENT = 0xffff_cb00_7109L;
    private static final String TRUSTED = "set_real_ip_from = 10.0.0.0/8 fd00::/8 unix:\n";

    /** Address and port of the client of a request that comes from {@code socket}. */
    private static String client(String keys, String socket, String fields) {
        RoutingHarness h = new RoutingHarness(ConfigText.of("[server www]", "listen = 80", keys,
                "return = 200 '$remote_addr $remote_port'"));
        h.client.remoteAddress = socket;
        return h.send("GET / HTTP/1.1\nHost: a\n" + fields).body();
    }

    private static String forwardedFor(String socket, String fields) {
        return client(TRUSTED + "real_ip_header = X-Forwarded-For", socket, fields);
    }

    /** What is forged by the client stands left of what trusted proxies have written. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "203.0.113.9                              | 203.0.113.9 0",
        "6.6.6.6, 203.0.113.9                     | 203.0.113.9 0",
        "6.6.6.6, 203.0.113.9, 10.0.0.2           | 203.0.113.9 0",
        "10.9.9.9, 203.0.113.9, 10.0.0.2,10.0.0.3 | 203.0.113.9 0",
        "10.0.0.3, 10.0.0.2                       | 10.0.0.3 0",
        "203.0.113.9:4712                         | 203.0.113.9 4712",
        "[2001:DB8:0::7]:443                      | 2001:db8::7 443",
        "2001:db8::7                              | 2001:db8::7 0",
        "[2001:db8::7]                            | 2001:db8::7 0",
        "::ffff:203.0.113.9                       | 203.0.113.9 0",
        "6.6.6.6, fd00::5                         | 6.6.6.6 0",
        "203.0.113.9, , 10.0.0.2 ,                | 203.0.113.9 0",
    })
    void theLastThatIsNotTrustedIsTheClient(String list, String expected) {
        assertEquals(expected, forwardedFor("10.0.0.1", "X-Forwarded-For: " + list));
    }

    /** The walk ends where somebody has written what is no address; the last good one stays. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "6.6.6.6, junk                 | 10.0.0.1 4711",
        "6.6.6.6, junk, 10.0.0.2       | 10.0.0.2 0",
        "6.6.6.6, 300.1.1.1            | 10.0.0.1 4711",
        "6.6.6.6, 1.2.3                | 10.0.0.1 4711",
        "6.6.6.6, 1.2.3.4:99999        | 10.0.0.1 4711",
        "6.6.6.6, 1.2.3.4:             | 10.0.0.1 4711",
        "6.6.6.6, [1.2.3.4]            | 10.0.0.1 4711",
        "6.6.6.6, [::1                 | 10.0.0.1 4711",
        "6.6.6.6, [::1]x               | 10.0.0.1 4711",
        "6.6.6.6, fe80::1%eth0         | 10.0.0.1 4711",
        "6.6.6.6, unknown              | 10.0.0.1 4711",
        "6.6.6.6, '10.0.0.2'           | 10.0.0.1 4711",
    }, quoteCharacter = '^')
    void whatIsNoAddressEndsTheWalk(String list, String expected) {
        assertEquals(expected, forwardedFor("10.0.0.1", "X-Forwarded-For: " + list));
    }

    /** The header of the connection, where it is trusted and names somebody. */
    @ParameterizedTest
    @CsvSource({"10.0.0.1,true,203.0.113.9 4712", "10.0.0.1,false,10.0.0.1 4711",
        "192.0.2.7,true,192.0.2.7 4711"})
    void theConnectionMayNameTheClient(String socket, boolean named, String expected) {
        RoutingHarness h = new RoutingHarness(ConfigText.of("[server www]",
                "listen = 80 proxy_protocol", "real_ip_header = proxy_protocol", TRUSTED,
                "return = 200 '$remote_addr $remote_port|$proxy_protocol_addr"
                        + " $proxy_protocol_port $proxy_protocol_server_addr"
                        + " $proxy_protocol_server_port'"));
        h.client.remoteAddress = socket;
        long v4 = 0xffff_0000_0000L;
        h.client.proxied = named ? new ProxiedEnds(true, 0, v4 | 0xcb007109L, 4712,
                0, v4 | 0xc6336401L, 443) : null;
        String all = h.send("GET / HTTP/1.1\nHost: a\nX-Real-IP: 6.6.6.6").body();
        assertEquals(expected + (named ? "|203.0.113.9 4712 198.51.100.1 443" : "|   "), all);
    }

    /** What a peer is told, and whether the fields in front of that are kept. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
        "proxy_protocol  | Accept: a                                    | 203.0.113.9 false",
        "proxy_protocol  | X-Forwarded-For: 6.6.6.6                     | 203.0.113.9 false",
        "proxy_protocol  | X-Forwarded-For: 6.6.6.6, 203.0.113.9        | 10.0.0.1 false",
        "X-Forwarded-For | X-Forwarded-For: 6.6.6.6                     | 203.0.113.9 true",
        "X-Forwarded-For | X-Forwarded-For: 203.0.113.9, 6.6.6.6        | 203.0.113.9 true",
        "X-Forwarded-For | X-Forwarded-For: 6.6.6.6,203.0.113.9         | 10.0.0.1 true",
        "X-Forwarded-For | X-Forwarded-For: 203.0.113.9:80              | 10.0.0.1 true",
        "X-Forwarded-For | X-Forwarded-For: junk                        | 203.0.113.9 true",
        "Forwarded       | Forwarded: for=1.1.1.1, for=203.0.113.9;by=b | 10.0.0.1 true",
        "Forwarded       | Forwarded: for=\"1.1.1.1, for=203.0.113.9    | 10.0.0.1 true",
        "Forwarded       | Forwarded: for=203.0.113.9, proto=http       | 203.0.113.9 true",
        "X-Real-IP       | X-Real-IP: 203.0.113.9                       | 203.0.113.9 true",
    })
    void aListGoesOnWhereTheConnectionBegan(String field, String sent, String expected) {
        assertEquals(expected, source("real_ip_header = " + field, "10.0.0.1", CLIENT, sent));
    }

    @Test
    void theFieldsOfAClientBehindAHeaderAreItsOwn() {
        String keys = "real_ip_header = proxy_protocol";
        assertEquals("10.0.0.9 true", source(keys, "10.0.0.1", 0xffff_0a00_0009L, "A: a"));
        assertEquals("10.0.0.1 true", source(keys, "10.0.0.1", 0, "A: a"));
        assertEquals("192.0.2.7 false", source(keys, "192.0.2.7", CLIENT, "A: a"));
    }

    /** @param ends the client of the PROXY header; 0 for LOCAL or UNKNOWN */
    private static String source(String keys, String socket, long ends, String field) {
        RoutingHarness h = new RoutingHarness(ConfigText.of("[server www]",
                "listen = 80 proxy_protocol", TRUSTED, keys));
        h.client.remoteAddress = socket;
        h.client.proxied = ends == 0 ? null : new ProxiedEnds(true, 0, ends, 1, 0, 1, 1);
        Exchange x = h.client.request("GET / HTTP/1.1\nHost: a\n" + field);
        h.routes.defaultServer(0).clients.find(x);
        ByteBuffer memory = ByteBuffer.allocateDirect(100);
        ByteSink sink = new ByteSink().reset(memory, 0, 100);
        x.client.sourceAddress(sink);
        byte[] text = new byte[sink.position()];
        memory.get(0, text);
        return new String(text, StandardCharsets.US_ASCII) + " " + x.client.claim.isTrusted();
    }

    @Test
    void severalFieldsAreOneList() {
        assertEquals("203.0.113.9 0", forwardedFor("10.0.0.1",
                "X-Forwarded-For: 6.6.6.6\nX-Forwarded-For: 203.0.113.9\n"
                        + "X-Forwarded-For: 10.0.0.2"));
        assertEquals("10.0.0.2 0", forwardedFor("10.0.0.1",
                "X-Forwarded-For: 6.6.6.6\nX-Forwarded-For: junk\nX-Forwarded-For: 10.0.0.2"));
    }

    @Test
    void nobodyElseIsBelieved() {
        String fields = "X-Forwarded-For: 203.0.113.9\nX-Real-IP: 203.0.113.9";
        assertEquals("11.0.0.1 4711", forwardedFor("11.0.0.1", fields));
        assertEquals("2001:db8::1 4711", forwardedFor("2001:db8::1", fields));
        assertEquals("10.0.0.1 4711", client("", "10.0.0.1", fields));
        assertEquals("10.0.0.1 4711", client("real_ip_header = X-Forwarded-For", "10.0.0.1",
                fields));
    }

    @Test
    void aTrustedProxyMaySpeakThroughAnyOfItsAddresses() {
        String field = "X-Forwarded-For: 203.0.113.9";
        assertEquals("203.0.113.9 0", forwardedFor("unix:", field));
        assertEquals("203.0.113.9 0", forwardedFor("::ffff:10.0.0.1", field));
        assertEquals("203.0.113.9 0", forwardedFor("fd00::1", field));
        assertEquals("10.0.0.1 4711", forwardedFor("10.0.0.1", "X-Other: 1"));
    }

    @Test
    void oneStepOnlyWithoutRecursion() {
        String keys = TRUSTED + "real_ip_header = X-Forwarded-For\nreal_ip_recursive = off";
        assertEquals("10.0.0.2 0", client(keys, "10.0.0.1",
                "X-Forwarded-For: 203.0.113.9, 10.0.0.2"));
    }

    @Test
    void anyFieldMayNameTheClient() {
        assertEquals("203.0.113.9 0", client(TRUSTED, "10.0.0.1",
                "X-Forwarded-For: 6.6.6.6\nX-Real-IP: 203.0.113.9"));
        assertEquals("203.0.113.9 0", client(TRUSTED + "real_ip_header = CF-Connecting-IP",
                "10.0.0.1", "X-Real-IP: 6.6.6.6\ncf-connecting-ip: 203.0.113.9"));
    }

    /** RFC 7239: parameters in any order and case, IPv6 in brackets and quotes. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
        "for=203.0.113.9                                       | 203.0.113.9 0",
        "proto=http;FOR=\"203.0.113.9:47\" ; by=10.0.0.9       | 203.0.113.9 47",
        "for=6.6.6.6, for=\"[2001:db8::7]:443\", for=10.0.0.2  | 2001:db8::7 443",
        "for=6.6.6.6, for=203.0.113.9;host=\"a,for=1.1.1.1;b\" | 203.0.113.9 0",
        "for=\", for=203.0.113.9                               | 203.0.113.9 0",
        "for=\"a\\\", for=203.0.113.9                          | 203.0.113.9 0",
        "for=6.6.6.6, for=unknown                              | 10.0.0.1 4711",
        "for=6.6.6.6, for=_hidden, for=10.0.0.2                | 10.0.0.2 0",
        "for=6.6.6.6, proto=http                               | 10.0.0.1 4711",
        "for=6.6.6.6, for=1.1.1.1;for=2.2.2.2                  | 10.0.0.1 4711",
        "for=6.6.6.6, for=2001:db8::7                          | 10.0.0.1 4711",
        "for=6.6.6.6, for=\"1.1.1.1                            | 10.0.0.1 4711",
        "for=6.6.6.6, for=                                     | 10.0.0.1 4711",
        "for=6.6.6.6, for                                      | 10.0.0.1 4711",
    })
    void forwarded(String value, String expected) {
        assertEquals(expected, client(TRUSTED + "real_ip_header = Forwarded", "10.0.0.1",
                "Forwarded: " + value));
    }

    @Test
    void theNextRequestBeginsAnew() {
        RoutingHarness h = new RoutingHarness(ConfigText.of("[server www]", "listen = 80", TRUSTED,
                "return = 200 '$remote_addr of $realip_remote_addr:$realip_remote_port'"));
        h.client.remoteAddress = "10.0.0.1";
        assertEquals("203.0.113.9 of 10.0.0.1:4711",
                h.send("GET / HTTP/1.1\nHost: a\nX-Real-IP: 203.0.113.9").body());
        assertEquals("10.0.0.1 of 10.0.0.1:4711", h.send("GET / HTTP/1.1\nHost: a").body());
    }

    @Test
    void findingTheClientAllocatesNothing() {
        for (String keys : new String[] {"real_ip_header = X-Forwarded-For",
            "real_ip_header = Forwarded", "real_ip_header = proxy_protocol"}) {
            RoutingHarness h = new RoutingHarness(ConfigText.of("[server www]", "listen = 80",
                    TRUSTED, keys));
            h.client.remoteAddress = "10.0.0.1";
            h.client.proxied = keys.endsWith("proxy_protocol")
                    ? new ProxiedEnds(true, 0, CLIENT, 1, 0, 1, 1) : null;
            Exchange x = h.client.request("GET / HTTP/1.1\nHost: a\n"
                    + "X-Forwarded-For: 6.6.6.6, 203.0.113.9, fd00::1, 10.0.0.2:80\n"
                    + "Forwarded: for=203.0.113.9;proto=http, for=\"[fd00::1]:80\"");
            ClientFinder finder = h.routes.defaultServer(0).clients;
            ByteSink sink = new ByteSink();
            ByteBuffer memory = ByteBuffer.allocateDirect(100);
            long bytes = SteadyAllocation.leastBytes(100, () -> {
                for (int i = 0; i < 2_000; i++) {
                    h.client.claim.reset();
                    finder.find(x);
                    x.client.remoteAddress(sink.reset(memory, 0, 100));
                }
            });
            assertTrue(bytes <= 100, bytes + " bytes in 2,000 requests");
            assertEquals("203.0.113.9".length(), sink.position());
        }
    }

    /** Conditions, variables, logs: whoever asks for the address gets the client's. */
    @Test
    void everythingBehindSeesTheClient() {
        RoutingHarness h = new RoutingHarness(ConfigText.of("""
                [geo side]
                network = 203.0.113.0/24 outside
                default = inside

                [http]
                access_log = stderr combined

                [server www]
                listen = 80
                set_real_ip_from = 10.0.0.0/8

                [location www /]
                return = 200 "$side elsewhere"

                [location www /]
                when = $remote_addr in 203.0.113.0/24
                return = 200 "$side there"
                """));
        h.client.remoteAddress = "10.0.0.1";
        assertEquals("outside there",
                h.send("GET / HTTP/1.1\nHost: a\nX-Real-IP: 203.0.113.9").body());
        assertEquals("203.0.113.9 - - ", h.accessLines.getFirst().substring(0, 16));
        assertEquals("inside elsewhere", h.send("GET / HTTP/1.1\nHost: a").body());
    }
}
