package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.identity.TrialPki;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the loading of a server for devices looks at and hands down. */
final class TlsProfileTest {

    @TempDir
    Path folder;

    private LoadedConfig load(String certificate, String profile) throws Exception {
        new TrialPki(Instant.ofEpochMilli(SystemClock.INSTANCE.nowMs()))
                .write(folder, List.of("der.test"), "01");
        return ConfigLoader.loadText("""
                [server der]
                listen = 127.0.0.1:8443 ssl
                tls_profile = %s
                ssl_certificate = %s.crt
                ssl_certificate_key = %s.key
                ssl_client_certificate = serca.crt
                """.formatted(profile, certificate, certificate), folder);
    }

    @Test
    void handsAuthoritiesDown() throws Exception {
        LoadedConfig loaded = load("server", "ieee2030.5-strict");
        assertEquals(List.of(), loaded.errors());
        ServerTlsConfig tls = loaded.config().servers().getFirst().tls();
        assertEquals(TlsProfile.IEEE2030_5_STRICT, tls.profile());
        assertEquals(folder.resolve("serca.crt").toString(), tls.clients().authorities());
        assertNotNull(loaded.files().content(tls.clients().authorities()));
    }

    @Test
    void asksForP256() throws Exception {
        String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(keytool, "-genkeypair", "-alias", "one", "-keyalg",
                "EC", "-groupname", "secp384r1", "-dname", "CN=a", "-storetype", "PKCS12",
                "-keystore", folder.resolve("a.p12").toString(), "-storepass", "of-this-test")
                .redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        assertEquals(0, process.waitFor());
        ShippedFilesTest.writePem(folder.resolve("a.p12"), folder, "a");
        LoadedConfig loaded = load("a", "ieee2030.5");
        assertNull(loaded.config());
        assertEquals("\"ssl_certificate\": the key of \"" + folder.resolve("a.crt")
                + "\" is not on the curve P-256, as tls_profile asks",
                loaded.errors().getFirst().message());
    }
}
