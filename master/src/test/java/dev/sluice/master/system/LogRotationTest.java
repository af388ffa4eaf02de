package dev.sluice.master.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.LogRotateConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files move on when they are large or their time is over, and only so many stay. */
final class LogRotationTest {

    private static final long DAY_MS = 86_400_000;

    @TempDir Path dir;

    private final LogRotation rotation = new LogRotation(TimeZone.getTimeZone("UTC"));
    private final List<String> failures = new ArrayList<>();
    private Path file;

    @BeforeEach
    void aFile() {
        file = dir.resolve("access.log");
    }

    private List<String> rotate(LogRotateConfig config, long nowMs) {
        return rotation.rotate(config, List.of(file.toString()), nowMs, failures);
    }

    @Test
    void aLargeFileMovesOnAndTheOldestGoes() throws IOException {
        LogRotateConfig config = new LogRotateConfig(4, 0, 2);
        for (String text : List.of("one.", "two.", "three")) {
            Files.writeString(file, text);
            assertEquals(List.of(file.toString()), rotate(config, 0));
            assertFalse(Files.exists(file));
        }
        Files.writeString(file, "x");
        assertEquals(List.of(), rotate(config, 0));
        assertEquals("three", Files.readString(dir.resolve("access.log.1")));
        assertEquals("two.", Files.readString(dir.resolve("access.log.2")));
        assertFalse(Files.exists(dir.resolve("access.log.3")));
        assertEquals(List.of(), failures);
    }

    @Test
    void aDayEndsAtMidnightAndAnEmptyFileStays() throws IOException {
        Files.writeString(file, "");
        long began = Files.getLastModifiedTime(file).toMillis();
        long midnight = Math.floorDiv(began, DAY_MS) * DAY_MS + DAY_MS;
        LogRotateConfig config = new LogRotateConfig(0, DAY_MS, 7);
        assertEquals(List.of(), rotate(config, midnight - 1));
        assertEquals(List.of(), rotate(config, midnight));
        Files.writeString(file, "of the second day");
        assertEquals(List.of(), rotate(config, midnight + 1));
        assertEquals(1, rotate(config, midnight + DAY_MS).size());
        Files.writeString(file, "of the third day");
        assertEquals(List.of(), rotate(config, midnight + DAY_MS + 10_000));
    }

    @Test
    void whatIsNoFileStaysAndAFailureIsTold() throws IOException {
        assertEquals(List.of(), rotation.rotate(new LogRotateConfig(0, 60_000, 1),
                List.of("/dev/null", dir.resolve("none").toString()), DAY_MS, failures));
        assertEquals(List.of(), failures);
        Files.writeString(file, "text");
        Files.createDirectories(dir.resolve("access.log.1").resolve("full"));
        assertEquals(List.of(), rotate(new LogRotateConfig(1, 0, 1), 0));
        assertTrue(failures.getFirst().startsWith("cannot rotate log " + file), failures::toString);
    }
}
