package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.common.identity.MadeCertificate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

/** {@code debug_connection} tells of connections and sessions too, from accept to close. */
final class DebugConnectionIT {

    private static final String SERVERS = """
            [events]
            debug_connection = 127.0.0.0/8
            [server s]
            listen = 127.0.0.1:@PORT@
            listen = 127.0.0.1:@PORT:tls@ ssl
            ssl_certificate = @DIR@/s.crt
            ssl_certificate_key = @DIR@/s.key
            http2 = on
            return = 200 hello
            [stream raw]
            listen = 127.0.0.1:@PORT:raw@
            proxy_pass = 127.0.0.1:@PORT@
            """;

    private static void expect(RunningSluice sluice, String... words) {
        for (String word : words) {
            sluice.awaitErrorLog(word);
        }
    }

    @Test
    void handshakesAndStreamsOfHttp2() throws Exception {
        MadeCertificate made = Certificates.ofServer("localhost");
        try (var sluice = RunningSluice.with(SERVERS).certificate(made).start()) {
            try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2)
                    .sslContext(new SecureClient(made).context()).build()) {
                assertEquals("hello", client.send(HttpRequest.newBuilder(URI.create(
                        "https://localhost:" + sluice.port("tls") + "/")).build(),
                        BodyHandlers.ofString()).body());
            }
            expect(sluice, ": accepted on 127.0.0.1:" + sluice.port("tls") + ", after ",
                    ": TLS handshake done, TLSv1.3, TLS_AES_",
                    ", server name \"localhost\", ALPN h2, after ", ": HTTP/2: begins, ",
                    ": HTTP/2: SETTINGS of the client taken, ", ": HTTP/2 stream 1: opened, ",
                    ": request received, first of its connection", ": HTTP/2 stream 1: ended, ",
                    ": closed, 1 requests, ");
        }
    }

    @Test
    void whatFailsAndSessionsOfStreams() throws Exception {
        MadeCertificate made = Certificates.ofServer("localhost");
        try (var sluice = RunningSluice.with(SERVERS).certificate(made).start()) {
            try (var broken = RawClient.connect(sluice.port("tls"))) {
                broken.send("\u0016\u0003\u0001\u0000\u0001\u0002");
                broken.readUntilClosed();
            }
            expect(sluice, ": TLS handshake failed: the client's hello is malformed, after ",
                    ": closed, 0 requests, ");
            try (var raw = RawClient.connect(sluice.port("raw"))) {
                assertEquals("hello", raw.get("/").response().text());
            }
            expect(sluice, ": session begins, stream raw, after ", ": connected, after ",
                    ": exchange ended: done, status 200, ");
        }
    }

    @Test
    void othersAreNotToldOf() throws Exception {
        try (var sluice = RunningSluice.with("""
                [events]
                debug_connection = 192.0.2.7
                [server s]
                listen = 127.0.0.1:@PORT@
                return = 200 hello
                """).start()) {
            try (var client = sluice.client()) {
                assertEquals("hello", client.get("/").response().text());
            }
            assertFalse(sluice.errorLog().contains("[debug]"), sluice::errorLog);
        }
    }
}
