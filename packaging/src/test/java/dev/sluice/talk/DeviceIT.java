package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device of IEEE 2030.5 with the certificates of {@code sluice cert trial-pki}. */
final class DeviceIT {

    @TempDir
    private Path folder;

    private String shown(String name, String file) throws Exception {
        Processes.Ended show = Processes.run(RunningSluice.command("cert", "show", file));
        assertEquals(0, show.exitCode(), show.output());
        return show.output().replaceAll("(?s).*?\n  " + name + " +(\\w+)\n.*", "$1");
    }

    /** OpenSSL as the device: what is written is encrypted, what comes back is plain. */
    private RawClient device(int port) throws IOException {
        return RawClient.over(new ProcessBuilder("openssl", "s_client", "-quiet", "-tls1_2",
                "-connect", "127.0.0.1:" + port, "-cipher", "ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0",
                "-CAfile", file("serca.crt"), "-verify_return_error", "-cert", file("device.crt"),
                "-key", file("device.key"), "-cert_chain", file("mica.crt"))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void deviceIsKnownBehindAndDeniedAtOnce() throws Exception {
        Processes.Ended made = Processes.run(RunningSluice.command("cert", "trial-pki",
                "-d", folder.toString()));
        assertEquals(0, made.exitCode(), made.output());
        String lfdi = shown("lfdi", file("device.crt"));
        String sfdi = shown("sfdi", file("device.crt"));
        assertTrue(lfdi.matches("[0-9a-f]{40}") && sfdi.matches("[0-9]{12}"), lfdi + " " + sfdi);
        try (var utility = ScriptedUpstream.answering("dcap");
                var sluice = RunningSluice.with("""
                        [upstream utility]
                        server = %s
                        [limit per_device]
                        key = $ssl_client_lfdi
                        rate = 3r/h
                        burst = 0
                        [server plain]
                        listen = 127.0.0.1:@PORT@
                        [server der]
                        listen = 127.0.0.1:@PORT:der@ ssl
                        tls_profile = ieee2030.5-strict
                        ssl_certificate = %2$s/server.crt
                        ssl_certificate_key = %2$s/server.key
                        ssl_client_certificate = %2$s/serca.crt
                        ieee2030_5_deny = @DIR@/denied
                        ieee2030_5_root = on
                        client_cert_forward = lfdi:X-Forwarded-Client-Cert sfdi:X-SFDI
                        [location der /]
                        proxy_pass = http://utility
                        proxy_set_header = X-Root $sep_root
                        [location der /often]
                        limit = per_device
                        return = 200
                        """.formatted(utility.address(), folder)).file("denied", "")
                        .main("modules = " + ShippedModulesIT.jar("ieee2030_5") + "\n").start()) {
            try (var client = device(sluice.port("der"))) {
                assertEquals("dcap", client.request("GET /dcap HTTP/1.1", "Host: localhost",
                        "X-Forwarded-Client-Cert: forged", "x-sfdi: forged").response().text());
                String head = utility.heads().getFirst().toLowerCase(Locale.ROOT);
                assertTrue(head.contains("x-forwarded-client-cert: " + lfdi), head);
                assertTrue(head.contains("x-sfdi: " + sfdi), head);
                assertTrue(!head.contains("forged"), head);

                client.request("PUT /der HTTP/1.1", "Host: localhost", "Content-Length: 23",
                        "Content-Type: application/sep+xml").send("<DERStatus><readingTime")
                        .response();
                head = utility.heads().get(1).toLowerCase(Locale.ROOT);
                assertTrue(head.contains("x-root: derstatus"), head);

                assertEquals(200, client.get("/often").response().status());
                assertEquals(429, client.get("/often").response().status());

                Files.writeString(sluice.folder().resolve("denied"), lfdi + " stolen\n");
                Await.that("a refusal", () -> status(client) == 403);
                sluice.awaitErrorLog("device " + lfdi + " is denied");
            }
        }
    }

    private static int status(RawClient client) {
        try {
            return client.get("/dcap").response().status();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
