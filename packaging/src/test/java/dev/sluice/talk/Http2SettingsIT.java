package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.identity.MadeCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What locations set holds in HTTP/2, too, and peers of HTTP/2 are reached over TLS. */
final class Http2SettingsIT {

    private static final String SERVERS = """
            [log_format sent]
            format = $uri $status $sent_http_x_kind $sent_http_content_length $upstream_error
            [server s]
            listen = 127.0.0.1:@PORT@
            http2 = on
            root = @DIR@/www
            add_header = X-Kind "of $uri" always
            [location s = /file.bin]
            limit_rate = 200k
            [location s /small]
            client_max_body_size = 10
            proxy_pass = %s
            [location s /peer]
            proxy_pass = https://127.0.0.1:@PORT:back@
            proxy_http_version = 2
            proxy_ssl_name = back.test
            proxy_ssl_trusted_certificate = @DIR@/s.crt
            [location s /old]
            proxy_pass = https://127.0.0.1:@PORT:old@
            proxy_http_version = 2
            proxy_ssl_name = back.test
            proxy_ssl_trusted_certificate = @DIR@/s.crt
            [server back]
            listen = 127.0.0.1:@PORT:back@ ssl
            ssl_certificate = @DIR@/s.crt
            ssl_certificate_key = @DIR@/s.key
            http2 = on
            return = 200 "$server_protocol $ssl_server_name $connection"
            [server old]
            listen = 127.0.0.1:@PORT:old@ ssl
            ssl_certificate = @DIR@/s.crt
            ssl_certificate_key = @DIR@/s.key
            return = 200 "$server_protocol"
            """;

    private static String curl(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("curl", "-s", "--max-time", "30",
                "--http2-prior-knowledge"));
        all.addAll(List.of(words));
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(),
                StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    @Test
    void settingsHoldAndPeersAgreeOnHttp2() throws Exception {
        MadeCertificate made = Certificates.ofServer("back.test");
        try (var peer = ScriptedUpstream.answering("nobody comes here");
                var sluice = RunningSluice.with(SERVERS.formatted("http://" + peer.address()))
                        .accessLogFormat("sent").certificate(made)
                        .file("www/file.bin", new byte[500_000])
                        .start()) {
            String address = "http://127.0.0.1:" + sluice.port();
            String[] slow = curl("-o", "/dev/null", "-w",
                    "%{http_version} %{http_code} %{size_download} %{time_total}",
                    address + "/file.bin").split(" ");
            assertEquals("2 200 500000", String.join(" ", List.of(slow).subList(0, 3)));
            assertTrue(Double.parseDouble(slow[3]) > 1, "limit_rate: " + slow[3] + " s");
            assertEquals("2 413", curl("-o", "/dev/null", "-w", "%{http_version} %{http_code}",
                    "-d", "more than ten bytes", address + "/small"));
            assertEquals(0, peer.requestCount());
            String first = curl(address + "/peer");
            assertTrue(first.startsWith("HTTP/2.0 back.test "), first);
            assertEquals(first, curl(address + "/peer"), "on the same connection");
            assertEquals("502", curl("-o", "/dev/null", "-w", "%{http_code}", address + "/old"));
            // The server behind /peer writes its lines, too.
            List<String> log = sluice.awaitAccessLog(7);
            assertTrue(log.contains("/file.bin 200 of /file.bin 500000 -"), log.toString());
            assertTrue(log.stream().anyMatch(line -> line.startsWith("/old 502 of /old ")
                    && line.endsWith(" upstream_tls_failed")), log.toString());
        }
    }
}
