package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.identity.CertificateMaker;
import dev.sluice.common.identity.DeviceId;
import dev.sluice.common.identity.MadeCertificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients show certificates, which decide what they get. */
final class MutualTlsIT {

    private static final String SERVERS = """
            [server plain]
            listen = 127.0.0.1:@PORT@
            [server open]
            listen = 127.0.0.1:@PORT:tls@ ssl
            server_name = open.test
            ssl_certificate = @DIR@/s.crt
            ssl_certificate_key = @DIR@/s.key
            return = 200 "open $ssl_client_verify $ssl_session_reused"
            [server on]
            listen = 127.0.0.1:@PORT:tls@ ssl
            server_name = on.test
            ssl_certificate = @DIR@/s.crt
            ssl_certificate_key = @DIR@/s.key
            ssl_verify_client = on
            ssl_client_certificate = @DIR@/ca.crt
            return = 200 "on $ssl_client_verify $ssl_client_s_dn $ssl_session_reused"
            [server maybe]
            listen = 127.0.0.1:@PORT:tls@ ssl
            server_name = maybe.test
            ssl_certificate = @DIR@/s.crt
            ssl_certificate_key = @DIR@/s.key
            ssl_verify_client = optional_no_ca
            error_page = 495 =403 /bad
            [location maybe /]
            return = 200 "maybe $ssl_client_verify"
            [location maybe /bad]
            return = 403 "bad: $ssl_client_verify"
            """;

    private static MadeCertificate server;
    private static MadeCertificate root;
    private static MadeCertificate issuer;
    private static MadeCertificate known;
    private static MadeCertificate stranger;
    private static MadeCertificate expired;

    @BeforeAll
    static void make() throws Exception {
        Instant now = Instant.ofEpochMilli(SystemClock.INSTANCE.nowMs());
        Instant from = now.minus(Duration.ofDays(2));
        Instant to = now.plus(Duration.ofDays(90));
        server = CertificateMaker.ofServer(List.of("open.test"), false, from, to).selfSigned();
        root = CertificateMaker.ofAuthority("CN=root", 2, from, to).selfSigned();
        issuer = CertificateMaker.ofAuthority("CN=issuer", 1, from, to).signedBy(root);
        known = new CertificateMaker("CN=known", from, to).signedBy(issuer);
        stranger = new CertificateMaker("CN=stranger", from, to).selfSigned();
        expired = new CertificateMaker("CN=expired", from, now.minus(Duration.ofDays(1)))
                .signedBy(root);
    }

    private static RunningSluice start() throws Exception {
        return RunningSluice.with(SERVERS).certificate(server).file("ca.crt", root.pem()).start();
    }

    @Test
    void serversJudgeCertificatesByTheirOwnRules() throws Exception {
        try (var sluice = start()) {
            int port = sluice.port("tls");
            var nobody = new SecureClient(server);
            var good = new SecureClient(server, known, issuer);
            var other = new SecureClient(server, stranger);
            var old = new SecureClient(server, expired);
            for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
                assertEquals("on SUCCESS CN=known .",
                        good.get(port, "on.test", "/", protocol).text());
                assertEquals("on SUCCESS CN=known r",
                        good.get(port, "on.test", "/", protocol).text());
                Response none = nobody.get(port, "on.test", "/", protocol);
                assertEquals(400, none.status());
                assertTrue(none.text().contains("No required SSL certificate was sent."));
                assertEquals(400, nobody.get(port, "on.test", "/", protocol).status(),
                        "resumed, too");
                assertTrue(other.get(port, "on.test", "/", protocol).text()
                        .contains("The SSL certificate error."));
                assertEquals("maybe FAILED:self-signed certificate",
                        other.get(port, "maybe.test", "/", protocol).text());
                assertEquals("maybe NONE", nobody.get(port, "maybe.test", "/", protocol).text());
                Response bad = old.get(port, "maybe.test", "/", protocol);
                assertEquals(403, bad.status());
                assertEquals("bad: FAILED:certificate has expired", bad.text());
                assertEquals("open NONE .",
                        other.get(port, "open.test", "/", protocol).text());
            }
            sluice.awaitErrorLog("certificate of the client is not good");
            sluice.awaitErrorLog("client has shown no certificate");
        }
    }

    @Test
    void noRequestGetsToAServerWithOtherRulesThanTheHandshakeHad() throws Exception {
        try (var sluice = start()) {
            int port = sluice.port("tls");
            var good = new SecureClient(server, known, issuer);
            for (String named : List.of("open.test", "maybe.test", "")) {
                try (RawClient client = good.connect(port, named)) {
                    assertEquals(421, client.request("GET / HTTP/1.1", "Host: on.test")
                            .response().status(), named);
                    assertEquals(421, client.request("GET /healthz HTTP/1.1", "Host: ON.test")
                            .response().status(), named);
                }
            }
            try (RawClient client = good.connect(port, "on.test")) {
                assertTrue(client.request("GET / HTTP/1.1", "Host: open.test").response().text()
                        .startsWith("open SUCCESS"));
                assertTrue(client.request("GET / HTTP/1.1", "Host: on.test").response().text()
                        .startsWith("on SUCCESS"));
            }
        }
    }

    @Test
    void peersLearnOfTheCertificateAndNobodyElseCanTellThem() throws Exception {
        String servers = """
                [upstream app]
                server = %s
                [server plain]
                listen = 127.0.0.1:@PORT@
                [location plain /]
                proxy_pass = http://app
                [server on]
                listen = 127.0.0.1:@PORT:tls@ ssl
                ssl_certificate = @DIR@/s.crt
                ssl_certificate_key = @DIR@/s.key
                ssl_verify_client = optional
                ssl_client_certificate = @DIR@/ca.crt
                client_cert_forward = rfc9440 xfcc pem:ssl-client-cert lfdi:X-LFDI sfdi:X-SFDI
                [location on /]
                proxy_pass = http://app
                """;
        try (var app = ScriptedUpstream.playing(talk -> {
                    while (talk.readRequest()) {
                        talk.answer(200, talk.head());
                    }
                });
                var sluice = RunningSluice.with(servers.formatted(app.address()))
                        .http("underscores_in_headers = on")
                        .certificate(server)
                        .file("ca.crt", root.pem()).start()) {
            String[] forged = {"GET / HTTP/1.1", "Host: on.test", "X-LFDI: forged",
                "x_sfdi: forged", "client-cert: :forged:", "Client_Cert_Chain: forged",
                "X-Forwarded-Client-Cert: forged", "SSL_CLIENT_CERT: forged"};
            String fingerprint = HexFormat.of().formatHex(
                    DeviceId.fingerprint(known.certificate().getEncoded()));
            var good = new SecureClient(server, known, issuer);
            try (RawClient client = good.connect(sluice.port("tls"), "on.test")) {
                String head = client.request(forged).response().text();
                assertFalse(head.contains("forged"), head);
                assertTrue(head.contains("\nClient-Cert: :" + base64(known) + ":\n"), head);
                assertTrue(head.contains("\nClient-Cert-Chain: :" + base64(issuer) + ":\n"),
                        head);
                assertTrue(head.contains("\nX-Forwarded-Client-Cert: Hash=" + fingerprint + ";"),
                        head);
                assertTrue(head.contains("\nssl-client-cert: -----BEGIN%20CERT"), head);
                assertTrue(head.contains("\nX-LFDI: " + fingerprint.substring(0, 40) + "\n"),
                        head);
                assertTrue(head.matches("(?s).*\nX-SFDI: [0-9]{12}\n.*"), head);
            }
            var nobody = new SecureClient(server);
            try (RawClient client = nobody.connect(sluice.port("tls"), "on.test");
                    RawClient plain = sluice.client()) {
                for (RawClient one : List.of(client, plain)) {
                    String head = one.request(forged).response().text();
                    assertFalse(head.toLowerCase(Locale.ROOT).matches(
                            "(?s).*(forged|client.cert|lfdi|sfdi).*"), head);
                }
            }
        }
    }

    private static String base64(MadeCertificate one) throws Exception {
        return Base64.getEncoder().encodeToString(one.certificate().getEncoded());
    }
}
