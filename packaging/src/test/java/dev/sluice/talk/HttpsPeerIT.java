package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.identity.MadeCertificate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Peers over TLS are told whom they should be, and must prove it: without a key for it. */
final class HttpsPeerIT {

    @Test
    void onlyTheRightCertificateOfATrustedAuthorityPasses() throws Exception {
        MadeCertificate right = Certificates.ofServer("right.test");
        try (var peer = ScriptedUpstream.playing(Certificates.context(right), talk -> {
                    while (talk.readRequest()) {
                        talk.answer(200, "told " + talk.serverName());
                    }
                });
                var sluice = RunningSluice.with("""
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /right]
                        proxy_ssl_trusted_certificate = @DIR@/authority.pem
                        proxy_ssl_name = right.test
                        proxy_pass = https://%1$s
                        [location s /other-name]
                        proxy_ssl_trusted_certificate = @DIR@/authority.pem
                        proxy_ssl_name = wrong.test
                        proxy_pass = https://%1$s
                        [location s /no-name]
                        proxy_ssl_trusted_certificate = @DIR@/authority.pem
                        proxy_pass = https://%1$s
                        [location s /authorities-of-the-system]
                        proxy_ssl_name = right.test
                        proxy_pass = https://%1$s
                        [location s /careless]
                        proxy_ssl_name = wrong.test
                        proxy_ssl_verify = off
                        proxy_pass = https://%1$s
                        [location s /unnamed]
                        proxy_ssl_trusted_certificate = @DIR@/authority.pem
                        proxy_ssl_name = right.test
                        proxy_ssl_server_name = off
                        proxy_pass = https://%1$s
                        [log_format why]
                        format = $uri $status $upstream_error
                        """.formatted(peer.address())).accessLogFormat("why")
                        .file("authority.pem", right.pem()).start();
                var client = sluice.client()) {
            for (int i = 0; i < 3; i++) {
                assertEquals("told right.test", client.get("/right").response().text());
            }
            assertEquals(1, peer.connectionCount(), "kept over TLS, too");
            for (String wrong : List.of(
                    "/other-name", "/no-name", "/authorities-of-the-system")) {
                assertEquals(502, client.get(wrong).response().status(), wrong);
            }
            assertEquals("told wrong.test", client.get("/careless").response().text());
            assertEquals("told ", client.get("/unnamed").response().text());
            assertEquals(5, peer.requestCount(), "nobody else was sent a request");
            List<String> log = sluice.awaitAccessLog(8);
            assertTrue(log.contains("/other-name 502 upstream_tls_untrusted"), log.toString());
            assertTrue(log.contains("/no-name 502 upstream_tls_untrusted"), log.toString());
            assertTrue(log.contains(
                    "/authorities-of-the-system 502 upstream_tls_untrusted"), log.toString());
            sluice.awaitErrorLog("certificate");
            sluice.awaitErrorLog("upstream: \"https://" + peer.address());
        }
    }
}
