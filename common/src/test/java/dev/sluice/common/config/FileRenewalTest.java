package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.identity.CertificateMaker;
import dev.sluice.common.identity.MadeCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of files that change while they are served. */
class FileRenewalTest {

    private static final Instant NOW = Instant.ofEpochMilli(SystemClock.INSTANCE.nowMs());

    @TempDir
    Path folder;
    private Path crt;
    private Path key;
    private Path other;

    @BeforeEach
    void makeFiles() throws Exception {
        crt = folder.resolve("a.crt");
        key = folder.resolve("a.key");
        other = folder.resolve("other.crt");
        write(made(90));
        Files.writeString(other, made(90).pem());
    }

    private static MadeCertificate made(int days) throws GeneralSecurityException, IOException {
        return CertificateMaker.ofServer(List.of("a.test"), false, NOW.minus(Duration.ofDays(1)),
                NOW.plus(Duration.ofDays(days))).selfSigned();
    }

    private void write(MadeCertificate made) throws GeneralSecurityException, IOException {
        Files.writeString(crt, made.pem());
        Files.writeString(key, made.keyPem());
    }

    private LoadedConfig load(String... lines) {
        LoadedConfig loaded = ConfigLoader.loadText("[server a]\nlisten = 127.0.0.1:8443 ssl\n"
                + "ssl_certificate = " + crt + "\nssl_certificate_key = " + key + "\n"
                + String.join("\n", lines), folder);
        assertEquals(List.of(), loaded.errors());
        return loaded;
    }

    private static FileRenewal read(HandedFiles before) {
        return FileRenewal.read(before, NOW.toEpochMilli());
    }

    private void assertTaken(LoadedConfig loaded) throws IOException {
        FileRenewal renewal = read(loaded.files());
        assertEquals(List.of(), renewal.wrong());
        assertEquals(Set.of(crt.toString(), key.toString()), renewal.changed());
        assertEquals(Files.readString(crt).strip(),
                new String(renewal.files().content(crt.toString())).strip());
        assertEquals("", FileRenewal.changes(renewal.files()));
        List<HandedFiles> parts = renewal.parts(loaded.config());
        assertEquals(1, parts.size());
        assertTrue(parts.getFirst().hasAll(loaded.config().servers().getFirst().tls().files()));
    }

    @Test
    void sayNothingWhileTheyStay() {
        LoadedConfig loaded = load();
        assertTrue(FileRenewal.canChange(loaded.files()));
        assertEquals("", FileRenewal.changes(loaded.files()));
        assertEquals(Set.of(), read(loaded.files()).changed());
        assertFalse(FileRenewal.canChange(new HandedFiles()));
    }

    @Test
    void areTakenWhenTheyAreWrittenInPlace() throws Exception {
        LoadedConfig loaded = load();
        write(made(90));
        assertTaken(loaded);
    }

    /** certbot makes new files and renames them. */
    @Test
    void areTakenWhenOthersAreRenamedIntoTheirPlace() throws Exception {
        LoadedConfig loaded = load();
        MadeCertificate next = made(90);
        for (Path file : List.of(crt, key)) {
            Path unfinished = folder.resolve("new");
            Files.writeString(unfinished, file == crt ? next.pem() : next.keyPem());
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        }
        assertTaken(loaded);
    }

    /** Kubernetes mounts secrets so: files are links through a link that is renamed. */
    @Test
    void areTakenWhenALinkAboveThemLeadsElsewhere() throws Exception {
        for (String version : List.of("v1", "v2")) {
            Path real = Files.createDirectory(folder.resolve(version));
            MadeCertificate made = made(90);
            Files.writeString(real.resolve("tls.crt"), made.pem());
            Files.writeString(real.resolve("tls.key"), made.keyPem());
        }
        Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("v1"));
        crt = Files.createSymbolicLink(folder.resolve("tls.crt"), Path.of("..data/tls.crt"));
        key = Files.createSymbolicLink(folder.resolve("tls.key"), Path.of("..data/tls.key"));
        LoadedConfig loaded = load();
        Path next = Files.createSymbolicLink(folder.resolve("..next"), Path.of("v2"));
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
        assertTaken(loaded);
    }

    private void assertLeft(LoadedConfig loaded, String reason) throws IOException {
        FileRenewal renewal = read(loaded.files());
        assertEquals(1, renewal.wrong().size(), renewal.wrong().toString());
        assertTrue(renewal.wrong().getFirst().contains(reason), renewal.wrong().getFirst());
        assertEquals(Set.of(), renewal.changed());
        assertArrayEquals(loaded.files().packed(), renewal.files().packed());
        assertEquals(List.of(), renewal.parts(loaded.config()));
        assertEquals("", FileRenewal.changes(renewal.files()), "it is not tried twice");
    }

    @Test
    void leaveWhatWasThereWhenTheKeyIsOfAnother() throws Exception {
        LoadedConfig loaded = load();
        MadeCertificate next = made(90);
        Files.writeString(crt, next.pem());
        assertLeft(loaded, "\"" + key + "\" is not the key of \"" + crt + "\"");
        HandedFiles before = read(loaded.files()).files();
        Files.writeString(key, next.keyPem());
        FileRenewal whole = read(before);
        assertEquals(List.of(), whole.wrong());
        assertEquals(Set.of(crt.toString(), key.toString()), whole.changed());
    }

    @Test
    void leaveWhatWasThereWhenOneIsWrittenInPart() throws Exception {
        LoadedConfig loaded = load();
        MadeCertificate next = made(90);
        Files.writeString(key, next.keyPem());
        Files.writeString(crt, next.pem().substring(0, 200));
        assertLeft(loaded, "\"" + crt + "\" holds a certificate that cannot be read");
    }

    @Test
    void leaveWhatWasThereWhenOneIsGone() throws Exception {
        LoadedConfig loaded = load();
        Files.delete(key);
        assertLeft(loaded, "\"" + key + "\" does not exist");
    }

    /** One key, two certificates: either both pairs are good, or both stay. */
    @Test
    void areTakenWhenTheyAreKeysOfTickets() throws Exception {
        Path tickets = Files.write(folder.resolve("tickets.key"), new byte[80]);
        LoadedConfig loaded = ConfigLoader.loadText("[http]\nssl_session_ticket_key = " + tickets
                + "\n[server a]\nlisten = 127.0.0.1:8443 ssl\nssl_certificate = " + crt
                + "\nssl_certificate_key = " + key + "\n", folder);
        assertEquals(List.of(), loaded.errors());
        Files.write(tickets, new byte[48]);
        FileRenewal renewal = read(loaded.files());
        assertEquals(Set.of(tickets.toString()), renewal.changed());
        List<HandedFiles> parts = renewal.parts(loaded.config());
        assertEquals(1, parts.size());
        assertEquals(48, parts.getFirst().content(tickets.toString()).length);
        Files.write(tickets, new byte[47]);
        FileRenewal left = read(renewal.files());
        assertEquals(1, left.wrong().size());
        assertEquals(48, left.files().content(tickets.toString()).length);
    }

    @Test
    void areTakenTogetherWithThoseThatShareAKey() throws Exception {
        Path twin = folder.resolve("twin.crt");
        Files.copy(crt, twin);
        LoadedConfig loaded = load("[server b]", "listen = 127.0.0.1:8444 ssl",
                "ssl_certificate = " + twin, "ssl_certificate_key = " + key);
        write(made(90));
        assertLeft(loaded, "is not the key of \"" + twin + "\"");
        Files.copy(crt, twin, StandardCopyOption.REPLACE_EXISTING);
        FileRenewal both = read(loaded.files());
        assertEquals(Set.of(crt.toString(), key.toString(), twin.toString()), both.changed());
        assertEquals(2, both.parts(loaded.config()).size());
    }

    @Test
    void areToldToTheServersThatUseThemOnly() throws Exception {
        LoadedConfig loaded = load("[server b]", "listen = 127.0.0.1:8444 ssl",
                "ssl_certificate = " + crt, "ssl_certificate_key = " + key,
                "ssl_verify_client = on", "ssl_client_certificate = " + other);
        Files.writeString(other, made(90).pem());
        FileRenewal renewal = read(loaded.files());
        assertEquals(Set.of(other.toString()), renewal.changed());
        List<HandedFiles> parts = renewal.parts(loaded.config());
        assertEquals(1, parts.size());
        assertTrue(parts.getFirst().hasAll(loaded.config().servers().get(1).tls().files()));
    }

    @Test
    void areToldToPeersThatUseThem() throws Exception {
        LoadedConfig loaded = load("[location a /]", "proxy_pass = https://127.0.0.1:1",
                "proxy_ssl_name = x.test", "proxy_ssl_trusted_certificate = " + other);
        Files.writeString(other, made(90).pem());
        List<HandedFiles> parts = read(loaded.files()).parts(loaded.config());
        assertEquals(1, parts.size());
        assertTrue(parts.getFirst().hasAll(List.of(other.toString())));
    }

    @Test
    void endWhenTheirCertificateSays() throws Exception {
        LoadedConfig loaded = load();
        write(made(3));
        HandedFiles renewed = read(loaded.files()).files();
        assertEquals(Map.of(crt.toString(),
                NOW.plus(Duration.ofDays(3)).getEpochSecond() * 1000),
                CertificateDates.endsMs(loaded.config(), renewed));
    }

    @Test
    void areDoubtedWhenTheyEndSoon() throws Exception {
        LoadedConfig loaded = load();
        write(made(3));
        FileRenewal renewal = read(loaded.files());
        assertEquals(1, renewal.doubts().size());
        assertTrue(renewal.doubts().getFirst().contains("expires on"));
    }
}
