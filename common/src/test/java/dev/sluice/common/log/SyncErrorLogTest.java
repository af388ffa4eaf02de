package dev.sluice.common.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SteppedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TimeZone;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines in nginx's form, reopened after a rename, quiet about a full disk. */
final class SyncErrorLogTest {
    private static final ErrorLineFormat FORMAT =
            new ErrorLineFormat(1234, 0, TimeZone.getTimeZone("Europe/Berlin"));

    private final SteppedClock clock = new SteppedClock(1_795_194_000_000L);

    @TempDir Path dir;

    @Test
    void writesLinesOfItsLevel() throws IOException {
        Path file = dir.resolve("error.log");
        try (SyncErrorLog log = new SyncErrorLog(file.toString(), Level.WARN, clock, FORMAT)) {
            log.log(Level.ERROR, "it\nbroke");
            log.log(Level.NOTICE, "unseen");
            log.log(Level.WARN, "nearly");
            assertTrue(log.enabled(Level.WARN));
            assertFalse(log.enabled(Level.NOTICE));
        }
        assertEquals(
                """
                2026/11/20 18:00:00 [error] 1234#0: it\\x0Abroke
                2026/11/20 18:00:00 [warn] 1234#0: nearly
                """,
                Files.readString(file));
    }

    @Test
    void reopensByName() throws IOException {
        Path file = dir.resolve("error.log");
        Path rotated = dir.resolve("error.log.1");
        try (SyncErrorLog log = new SyncErrorLog(file.toString(), Level.INFO, clock, FORMAT)) {
            log.log(Level.INFO, "one");
            Files.move(file, rotated);
            log.log(Level.INFO, "two");
            log.reopen();
            log.log(Level.INFO, "three");
        }
        assertEquals(2, Files.readAllLines(rotated).size());
        assertEquals(1, Files.readAllLines(file).size());
    }

    @Test
    void aFailingReopenKeepsTheOldFile() throws IOException {
        Path folder = Files.createDirectory(dir.resolve("logs"));
        Path file = folder.resolve("error.log");
        Path rotated = dir.resolve("rotated");
        try (SyncErrorLog log = new SyncErrorLog(file.toString(), Level.INFO, clock, FORMAT)) {
            Files.move(file, rotated);
            Files.delete(folder);
            log.reopen();
            log.log(Level.INFO, "still here");
        }
        String text = Files.readString(rotated);
        assertTrue(text.contains("cannot reopen error log, the old file stays open"), text);
        assertTrue(text.endsWith("still here\n"), text);
    }

    @Test
    void aFullDiskThrowsNothing() throws IOException {
        Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/full")));
        try (SyncErrorLog log = new SyncErrorLog("/dev/full", Level.INFO, clock, FORMAT)) {
            log.log(Level.ERROR, "lost");
            log.log(Level.ERROR, "lost too");
        }
    }
}
