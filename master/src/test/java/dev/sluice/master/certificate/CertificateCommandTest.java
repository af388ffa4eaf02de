package dev.sluice.master.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.master.command.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the words say and what is on the disk then. */
final class CertificateCommandTest {

    @TempDir
    Path folder;

    private String said;

    private ExitCode run(String... words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        ExitCode code = new CertificateCommand(folder, SystemClock.INSTANCE, both, both)
                .run(List.of(words));
        said = bytes.toString(StandardCharsets.UTF_8);
        return code;
    }

    private void says(String... parts) {
        for (String part : parts) {
            assertTrue(said.contains(part), "no \"" + part + "\" in: " + said);
        }
    }

    @Test
    void selfSignedCanBeShown() throws Exception {
        assertEquals(ExitCode.DONE, run("self-signed", "www.test", "10.0.0.7", "::1"));
        assertEquals("rw-------", PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("www.test.key"))));

        assertEquals(ExitCode.DONE, run("show", "www.test.crt"));
        says("subject   CN=www.test\n", "issuer    CN=www.test\n",
                "names     DNS:www.test, IP:10.0.0.7, IP:0:0:0:0:0:0:0:1\n",
                "key       EC, secp256r1", "signature SHA256withECDSA\n", "sha256    ");
        // LFDI is the beginning of the fingerprint.
        String fingerprint = said.replaceAll("(?s).*sha256 +(\\w+)\n.*", "$1");
        says("lfdi      " + fingerprint.substring(0, 40) + "\n", "sfdi      ");
    }

    @Test
    void nothingIsWrittenOver() throws Exception {
        Files.writeString(folder.resolve("a.test.key"), "precious");
        assertEquals(ExitCode.FAILED, run("self-signed", "a.test"));
        says("a.test.key\" exists");
        assertEquals("precious", Files.readString(folder.resolve("a.test.key")));
        Files.writeString(folder.resolve("b.test.crt"), "precious");
        assertEquals(ExitCode.FAILED, run("self-signed", "b.test"));
        assertTrue(Files.notExists(folder.resolve("b.test.key")));
    }

    @Test
    void trialPkiFitsTheProfile() {
        assertEquals(ExitCode.DONE, run("trial-pki", "-d", "pki", "utility.test"));
        assertEquals(ExitCode.DONE, run("lint", "--profile", "2030.5", "pki/device.crt",
                "pki/server.crt", "pki/mica.crt", "pki/serca.crt"), said);
        assertEquals(ExitCode.DONE, run("show", "pki/device.crt"));
        says("pki/device.crt, certificate 1 of 2", "subject   (none)",
                "names     hardware module 1.3.6.1.4.1.40732.9 5105ce000001",
                "to 9999-12-31T23:59:59Z", "certificate 2 of 2");
    }

    @Test
    void lintTellsEveryFault() {
        run("self-signed", "a.test");
        assertEquals(ExitCode.FAILED, run("lint", "--profile", "2030.5", "a.test.crt"));
        says("a.test.crt: certificate 1, of a server: its subjectAltName is not critical, which"
                + " some clients insist on\n",
                "a.test.crt: it signs itself: no authority vouches for it\n");
    }

    @Test
    void wrongWordsAndFiles() throws Exception {
        assertEquals(ExitCode.USAGE, run());
        assertEquals(ExitCode.USAGE, run("make"));
        says("unknown command \"make\" of cert", "Usage: sluice cert");
        assertEquals(ExitCode.USAGE, run("show"));
        assertEquals(ExitCode.USAGE, run("lint", "--profile", "x509", "a"));
        assertEquals(ExitCode.USAGE, run("self-signed", "-d"));
        assertEquals(ExitCode.DONE, run("--help"));
        assertEquals(ExitCode.FAILED, run("show", "nowhere.crt"));
        says("nowhere.crt\" does not exist");
        Files.writeString(folder.resolve("text.crt"), "nothing\n");
        assertEquals(ExitCode.FAILED, run("show", "text.crt"));
        says("\"text.crt\" holds");
        assertEquals(ExitCode.USAGE, run("self-signed", "../name"));
        assertEquals(ExitCode.USAGE, run("trial-pki", "bad name"));
    }
}
