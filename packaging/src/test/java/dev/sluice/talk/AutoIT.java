package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.identity.MadeCertificate;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** One address is spoken to in every way, and each finds who speaks it. */
final class AutoIT {

    @Test
    void firstBytesDecide() throws Exception {
        MadeCertificate made = Certificates.ofServer("s.test");
        try (var peer = ScriptedUpstream.playing(talk -> {
                    byte[] first = talk.in().readNBytes(4);
                    talk.send("not http: " + new String(first, StandardCharsets.US_ASCII));
                });
                var sluice = RunningSluice.with("""
                        [server s]
                        listen = 127.0.0.1:@PORT@ auto
                        ssl_certificate = @DIR@/s.crt
                        ssl_certificate_key = @DIR@/s.key
                        http2 = on
                        set_real_ip_from = 127.0.0.0/8
                        real_ip_header = proxy_protocol
                        return = 200 "$scheme $server_protocol $remote_addr"

                        [stream rest]
                        listen = 127.0.0.1:@PORT@ auto
                        proxy_pass = 127.0.0.1:%d
                        """.formatted(peer.port())).certificate(made).start();
                var plain = sluice.client()) {
            assertEquals("http HTTP/1.1 127.0.0.1", plain.get("/").response().text());
            assertEquals("http HTTP/1.1 127.0.0.1", plain.get("/").response().text());
            assertEquals("https HTTP/1.1 127.0.0.1",
                    new SecureClient(made).get(sluice.port(), "s.test", "/").text());
            Process curl = new ProcessBuilder("curl", "-s", "--max-time", "20",
                    "--http2-prior-knowledge", "http://127.0.0.1:" + sluice.port()).start();
            assertEquals("http HTTP/2.0 127.0.0.1", new String(
                    curl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            try (var proxied = sluice.client()) {
                proxied.send("PROXY TCP4 192.0.2.7 192.0.2.8 4711 80\r\n");
                assertEquals("http HTTP/1.1 192.0.2.7", proxied.get("/").response().text());
            }
            try (var other = sluice.client()) {
                other.send("SSH-2.0-x\r\n");
                assertEquals("not http: SSH-", other.readUntilClosed());
            }
            try (var slow = sluice.client()) {
                slow.send("G");
                slow.expectSilence(50);
                slow.send("ET / HTTP/1.1\r\nHost: s.test\r\n\r\n");
                assertTrue(slow.response().text().startsWith("http HTTP/1.1 "));
            }
        }
    }
}
