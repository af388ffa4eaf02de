package dev.sluice.worker.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.worker.answer.HttpsRules;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.RecordingStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that come without TLS, and what those with TLS are told (RFC 6797). */
class HttpsRulesTest {

    private static final String HSTS = "strict-transport-security";

    private static RoutingHarness site(String... lines) {
        return new RoutingHarness(ConfigText.of("[server www]", "listen = 80", "root = /",
                String.join("\n", lines)), HttpsRulesTest::gates);
    }

    private static Gate[] gates(LocationConfig location) {
        Gate gate = HttpsRules.gateOf(location);
        return gate == null ? Gate.NONE : new Gate[] {gate};
    }

    private static void assertMoved(int status, String location, RecordingStream answer) {
        assertEquals(status, answer.status());
        assertEquals(location, answer.header("location"));
    }

    @Test
    void sendsThemToTheSamePlace() {
        assertMoved(301, "https://www.example.com/a%20b?c=d%2f",
                site("https_redirect = on").get("/a%20b?c=d%2f"));
    }

    @ParameterizedTest
    @CsvSource({"on,GET,301", "on,HEAD,301", "on,POST,308", "on,DELETE,308", "301,POST,301",
            "308,GET,308"})
    void keepsTheMethodUnlessToldOtherwise(String key, String method, int status) {
        assertMoved(status, "https://a.test/x", site("https_redirect = " + key)
                .send(method + " /x HTTP/1.1\nHost: a.test"));
    }

    @Test
    void leavesThePortOutAndKeepsWhatIsNoPort() {
        RoutingHarness h = site("https_redirect = on");
        assertMoved(301, "https://a.test/", h.send("GET / HTTP/1.1\nHost: a.test:80"));
        assertMoved(301, "https://[::1]/", h.send("GET / HTTP/1.1\nHost: [::1]:80"));
        assertMoved(301, "https://b.test/x?y", h.send(
                "GET http://b.test/x?y HTTP/1.1\nHost: b.test"));
        assertMoved(301, "https://named.test/", site("server_name = named.test",
                "https_redirect = on").send("GET / HTTP/1.0"));
    }

    @Test
    void namesThePortWhereItsServerSpeaksTls() {
        String tls = "ssl_reject_handshake = on";
        assertMoved(301, "https://a.test:8443/", site("listen = 127.0.0.1:8443 ssl", tls,
                "https_redirect = on").send("GET / HTTP/1.1\nHost: a.test"));
        assertMoved(301, "https://a.test/", site("listen = 127.0.0.1:8443 ssl",
                "listen = 127.0.0.1:443 ssl", tls, "https_redirect = on")
                .send("GET / HTTP/1.1\nHost: a.test"));
    }

    @Test
    void leavesThoseAloneThatCameWithTls() {
        RoutingHarness h = site("https_redirect = on");
        h.client.secure = true;
        assertEquals(200, h.get("/x").status());
    }

    @Test
    void believesATrustedProxyAlone() {
        String asked = "GET /x HTTP/1.1\nHost: a.test\nX-Forwarded-Proto: ";
        assertEquals(301, site("https_redirect = on").send(asked + "https").status());
        RoutingHarness h = site("https_redirect = on", "set_real_ip_from = 192.0.2.0/24");
        assertEquals(200, h.send(asked + "https").status());
        assertEquals(301, h.send(asked + "http").status());
        assertEquals(301, h.send(asked + "http\nX-Forwarded-Proto: https").status());
    }

    @Test
    void leavesTheProofsOfAuthoritiesAlone() {
        RoutingHarness h = site("https_redirect = on",
                "[location www /.well-known/acme-challenge/]", "proxy_pass = http://127.0.0.1:9",
                "[location www /.well-known/]", "[location www /plain]", "https_redirect = off");
        assertEquals(200, h.get("/.well-known/acme-challenge/token").status());
        assertEquals(301, h.get("/.well-known/security.txt").status());
        assertEquals(301, h.get("/other").status());
        assertEquals(200, h.get("/plain").status());
    }

    @Test
    void tellsBrowsersOverTlsOnErrorsToo() {
        RoutingHarness h = site("hsts = max-age=63072000 includeSubDomains preload");
        assertNull(h.get("/x").header(HSTS), "RFC 6797 section 7.2");
        h.client.secure = true;
        for (String path : List.of("/x", "/missing", "/broken")) {
            assertEquals("max-age=63072000; includeSubDomains; preload",
                    h.get(path).header(HSTS), path);
        }
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1", "192.0.2.1:8443", "[2001:db8::1]", "[::1]:443"})
    void saysNothingOfAddresses(String host) {
        RoutingHarness h = site("hsts = max-age=1");
        h.client.secure = true;
        assertNull(h.send("GET / HTTP/1.1\nHost: " + host).header(HSTS));
        assertEquals("max-age=1", h.send("GET / HTTP/1.1\nHost: 1.2.3.test").header(HSTS));
    }

    @Test
    void canBeOtherwiseInALocation() {
        RoutingHarness h = site("hsts = max-age=1", "[location www /a]", "hsts = max-age=2",
                "[location www /b]", "hsts = off");
        h.client.secure = true;
        assertEquals("max-age=1", h.get("/x").header(HSTS));
        assertEquals("max-age=2", h.get("/a").header(HSTS));
        assertNull(h.get("/b").header(HSTS));
    }

    @Test
    void costsAnExchangeNothingWhereItIsNotSaid() {
        RoutingHarness h = site("[location www /a]", "hsts = max-age=2");
        Exchange plain = h.client.exchange;
        h.get("/x");
        assertNull(plain.location.headRules());
        assertEquals(0, plain.location.gates.length);
    }
}
