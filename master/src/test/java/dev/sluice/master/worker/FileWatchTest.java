package dev.sluice.master.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.HandedFiles;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.control.ControlMessage;
import dev.sluice.common.identity.CertificateMaker;
import dev.sluice.common.identity.MadeCertificate;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.master.loop.Timers;
import dev.sluice.master.system.AnswerStore;
import dev.sluice.master.system.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the master looks at files of certificates, and what it makes of them. */
class FileWatchTest {

    private static final Instant NOW = Instant.ofEpochMilli(SystemClock.INSTANCE.nowMs());

    @TempDir
    Path folder;
    private final SteppedClock clock = new SteppedClock(NOW.toEpochMilli());
    private final Timers timers = new Timers(clock);
    private final List<String> lines = new ArrayList<>();
    private final List<HandedFiles> told = new ArrayList<>();
    private Path crt;
    private Path key;
    private Generation installed;
    private FileWatch watch;
    private int looks;
    /** What is found is on its way to the loop. */
    private boolean holds;
    private Runnable held;

    private final class Host implements FileWatch.Host {
        @Override
        public Generation installed() {
            return installed;
        }

        @Override
        public void renewed(Generation next, List<HandedFiles> parts) {
            installed = next;
            told.addAll(parts);
        }
    }

    private final class Lines implements ErrorLog {
        @Override
        public boolean enabled(Level level) {
            return true;
        }

        @Override
        public void reopen() {
            // There is no file.
        }

        @Override
        public void log(Level level, String message) {
            lines.add(level + " " + message);
        }
    }

    @BeforeEach
    void start() throws Exception {
        crt = folder.resolve("a.crt");
        key = folder.resolve("a.key");
        MadeCertificate made = made();
        Files.writeString(crt, made.pem());
        Files.writeString(key, made.keyPem());
        installed = generation(1, "10s");
        ErrorLog log = new Lines();
        watch = new FileWatch(new Host(), timers, clock, log, answers(log), look -> {
            looks++;
            look.run();
        }, found -> {
            if (holds) {
                held = found;
            } else {
                found.run();
            }
        });
        watch.start();
    }

    private AnswerStore answers(ErrorLog log) {
        return new AnswerStore(new RunDirectory(folder), log);
    }

    private static MadeCertificate made() throws Exception {
        return CertificateMaker.ofServer(List.of("a.test"), false, NOW.minus(Duration.ofDays(1)),
                NOW.plus(Duration.ofDays(90))).selfSigned();
    }

    private Generation generation(int number, String every) {
        LoadedConfig loaded = ConfigLoader.loadText("[http]\nssl_certificate_watch = " + every
                + "\n[server a]\nlisten = 127.0.0.1:8443 ssl\nssl_certificate = " + crt
                + "\nssl_certificate_key = " + key, folder);
        assertEquals(List.of(), loaded.errors());
        return new Generation(number, loaded.config(), folder,
                loaded.files(), List.of(), null);
    }

    private void step(long ms) {
        clock.stepMs(ms);
        for (Runnable due = timers.takeDue(); due != null; due = timers.takeDue()) {
            due.run();
        }
    }

    @Test
    void looksEveryTenSecondsAndSaysNothingOfFilesThatStay() {
        for (int second = 0; second < 100; second++) {
            step(1_000);
        }
        assertEquals(10, looks);
        assertEquals(List.of(), lines);
        assertEquals(List.of(), told);
    }

    @Test
    void takesAChangeWhenNothingHasMovedForASecond() throws Exception {
        MadeCertificate next = made();
        Files.writeString(crt, next.pem());
        step(10_000);
        Files.writeString(key, next.keyPem());
        step(FileWatch.SETTLE_MS);
        assertEquals(List.of(), told, "it goes on");
        step(FileWatch.SETTLE_MS);
        assertEquals(1, told.size());
        assertEquals(1, lines.size());
        assertTrue(lines.getFirst().contains("changed, and in use from now on: \"" + crt),
                lines.getFirst());
        step(100_000);
        assertEquals(1, told.size());
    }

    @Test
    void tellsOnceOfFilesThatCannotBeUsedAndTriesThemWhenTheyChange() throws Exception {
        MadeCertificate next = made();
        Files.writeString(crt, next.pem());
        step(10_000);
        for (int second = 0; second < 100; second++) {
            step(1_000);
        }
        assertEquals(1, lines.size(), lines.toString());
        assertTrue(lines.getFirst().startsWith("ERROR \"" + key + "\" is not the key of"),
                lines.getFirst());
        assertEquals(List.of(), told);
        Files.writeString(key, next.keyPem());
        step(10_000);
        step(FileWatch.SETTLE_MS);
        assertEquals(1, told.size());
        assertEquals(2, lines.size());
    }

    @Test
    void leavesFilesToAReloadThatCameInBetween() throws Exception {
        Files.writeString(crt, made().pem() + "# half");
        step(10_000);
        holds = true;
        step(FileWatch.SETTLE_MS);
        Generation next = generationOfGoodFiles();
        installed = next;
        held.run();
        assertEquals(List.of(), lines);
        assertSame(next, installed);
    }

    private Generation generationOfGoodFiles() throws Exception {
        MadeCertificate next = made();
        Files.writeString(crt, next.pem());
        Files.writeString(key, next.keyPem());
        return generation(2, "10s");
    }

    @Test
    void passesAnswersOfAuthoritiesOnAndKeepsThem() throws Exception {
        byte[] answer = {1, 2};
        watch.stapled(installed, new ControlMessage.Staple(crt.toString(), answer));
        assertEquals(1, told.size());
        assertArrayEquals(answer, told.getFirst().staple(crt.toString()));
        HandedFiles without = generation(1, "10s").files();
        assertEquals(without, installed.files(), "no reason for another generation");
        assertArrayEquals(answer,
                without.withStaplesOf(installed.files()).staple(crt.toString()));
        watch.stapled(generation(7, "10s"), new ControlMessage.Staple(crt.toString(), answer));
        watch.stapled(installed, new ControlMessage.Staple("/etc/passwd", answer));
        watch.stapled(installed, new ControlMessage.Staple(crt.toString(), new byte[40_000]));
        assertEquals(1, told.size());
        HandedFiles kept = answers(new Lines()).read();
        assertArrayEquals(answer, without.withStaplesOf(kept).staple(crt.toString()),
                "the next master has it");
        assertEquals(null, kept.content(crt.toString()));
    }

    @Test
    void keptAnswersOfOthersAreNotRead() throws Exception {
        watch.stapled(installed, new ControlMessage.Staple(crt.toString(), new byte[] {1}));
        Path file = folder.resolve("answers");
        assertEquals("rw-------", PosixFilePermissions.toString(
                Files.getPosixFilePermissions(file)));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertTrue(answers(new Lines()).read().isEmpty());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.write(file, new byte[] {9, 9, 9});
        assertTrue(answers(new Lines()).read().isEmpty());
        assertEquals(1, lines.size(), "it is told: " + lines);
    }

    @Test
    void doesNotLookWhenItIsToldNotTo() throws Exception {
        installed = generation(2, "0s");
        Files.writeString(crt, made().pem());
        step(10_000);
        step(10_000);
        assertEquals(0, looks);
        installed = generationOfGoodFiles();
        step(10_000);
        assertEquals(1, looks, "a reload turns it on");
    }
}
